"""A hacked directory of a small web: one finding for it beside those of its pages, by several workers and over rounds."""

import json
from contextlib import asynccontextmanager

import pytest
from redis import Redis

from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery
from govcrawl.store.sqlite import SqliteStore
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web
from tests.frontier.keyspace import P

RULE = "dark-links/doorway-directory"
WORDS = ("bet365官网", "时时彩平台", "百家乐真人娱乐", "澳门新葡京开户")
NEWS = [f"/xwzx/content_{n}.html" for n in range(14)]
DOORWAYS = [f"/upload/k{n}x{n}/a{n}.html" for n in range(4)] + [f"/upload/b{n}z{n}.html" for n in range(8)]


def page(title: str, *links: str) -> Answer:
    anchors = "".join(f'<a href="{link}">{link}</a>' for link in links)
    return Answer(f"<title>{title}</title>{anchors}<p>现将有关情况通报如下。", headers={"ETag": f'"{abs(hash(title))}"'})


class HackedWeb:
    """Nothing links the doorway pages but one article, whose page was changed, too."""

    def __init__(self) -> None:
        self.pages = {"/": page("青山区人民政府", "/xwzx/"), "/xwzx/": page("新闻中心", *NEWS)}
        self.pages |= {path: page(f"第{n}号工作情况的报道", "/") for n, path in enumerate(NEWS)}
        self.pages[NEWS[3]] = page("第3号工作情况的报道", *DOORWAYS)
        self.pages |= {path: page(f"{WORDS[n % 4]}_{WORDS[n % 4]}", *DOORWAYS[:3]) for n, path in enumerate(DOORWAYS)}
        self.web = Web(self.answer)

    def answer(self, _host: str, path: str) -> Answer | None:
        found = self.pages.get(path)
        asked = self.web.hits[-1].headers.get("If-None-Match")
        return Answer(status=304, headers=found.headers) if found and asked == found.headers["ETag"] else found

    def clean_up(self) -> None:
        for path in DOORWAYS:
            del self.pages[path]
        self.pages[NEWS[3]] = page("第3号工作情况的报道 已整改", "/")


@pytest.fixture
def cluster(tmp_path):
    with Cluster.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def hacked():
    made = HackedWeb()
    with made.web:
        yield made


@asynccontextmanager
async def stored(cluster: Cluster):
    store = await SqliteStore.open(cluster.data_dir)
    yield store
    await store.aclose()


async def findings(cluster: Cluster, rule: str = RULE) -> list:
    async with stored(cluster) as store:
        return [one async for one in store.findings(FindingQuery(rule=rule))]


def next_round(cluster: Cluster, day: str) -> None:
    """The next round is due, on this day."""
    with Redis.from_url(cluster.url) as redis:
        for sid in redis.zrange(f"{P}resting", 0, -1):
            redis.zadd(f"{P}resting", {sid: 0})
        campaign = json.loads(redis.hget(f"{P}c:1", "json"))
        redis.hset(f"{P}c:1", "json", json.dumps(campaign | {"today": day}))


async def test_a_hacked_directory_is_one_finding_and_its_pages_keep_theirs(cluster, hacked):
    await cluster.start([Site("s0", hacked.web.url())])
    workers = [cluster.worker(f"w{number}") for number in range(2)]
    assert all(cluster.ended(worker)["lost"] == 0 for worker in workers)
    (found,) = await findings(cluster)
    evidence = found.finding.evidence
    assert found.finding.url == hacked.web.url(path="/upload/")
    assert (evidence.extra["spam_pages"], evidence.extra["inspected_pages"]) == (12, 12)
    assert {"bet365", "时时彩平台"} <= set(evidence.extra["words"].split("、"))
    assert len(evidence.extra["block"].split("; ")) == 5
    assert sum(one.occurrences for one in await findings(cluster, "dark-links/spam-title")) == 12


async def test_the_finding_stays_over_rounds_that_let_its_pages_rest_and_goes_with_them(cluster, hacked):
    await cluster.start([Site("s0", hacked.web.url())], every_seconds=86_400.0, today="2026-03-02")
    states = []
    for day in ("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"):
        cluster.run()
        (found,) = await findings(cluster)
        states.append((found.state.value, found.last_campaign, found.finding.evidence.extra["spam_pages"]))
        next_round(cluster, day)
    assert states == [("open", f"c1@{number}", 12) for number in range(1, 5)]
    hacked.clean_up()
    for _ in range(8):
        cluster.run()
        next_round(cluster, "2026-03-06")
    (found,) = await findings(cluster)
    assert found.state.value == "resolved"
    assert found.last_campaign in {f"c1@{number}" for number in range(4, 12)}
