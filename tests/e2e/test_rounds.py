"""A standing campaign over a small web that changes between its rounds: what is asked for again, and what becomes of the findings."""

import json
from contextlib import asynccontextmanager

import pytest
from redis import Redis

from govcrawl.frontier.model import SiteState
from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery
from govcrawl.store.sqlite import SqliteStore
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web
from tests.frontier.keyspace import P

DAY = 86_400.0
FIRST_DAY, LATER = "2026-03-02", "2026-03-20"
ETAG = '"5f3a-1"'


def hidden(*numbers: int) -> str:
    return "".join(
        f'<div style="display:none"><a href="http://bet{n}.test/a">澳门赌场 时时彩 开户</a><a href="http://bet{n}.test/b">彩票投注平台</a></div>'
        for n in numbers
    )


def article(number: int, more: str = "") -> str:
    return f"<title>第{number}号</title><a href='/'>首页</a><p>关于{number}号工作情况的报道，现将有关情况通报如下。</p>{more}"


def column() -> str:
    rows = "".join(
        f'<li><a href="/content/{n}.html">关于{n}号工作情况的报道</a><span>2026-02-{28 - n:02d}</span></li>' for n in range(1, 6)
    )
    return f'<meta name="ColumnName" content="工作动态"><title>工作动态</title><div>当前位置：首页 &gt; 工作动态</div><ul class="list">{rows}</ul>'


class ChangingWeb:
    """`pages` may be changed between two rounds; article 1 has a validator, and counts its visitors."""

    def __init__(self) -> None:
        self.visits = 0
        self.pages: dict[str, Answer | str] = {
            "/": "<title>青山区人民政府</title><a href='/gzdt/'>工作动态</a>",
            "/gzdt/": column(),
            "/content/1.html": Answer(article(1, hidden(1, 9)), headers={"ETag": ETAG}),
            "/content/2.html": article(2, hidden(2)),
            "/content/3.html": article(3, hidden(3)),
            "/content/4.html": article(4, hidden(4, 9)),
            "/content/5.html": Answer(article(5), headers={"ETag": '"' + "x" * 900 + '"', "Last-Modified": "soon"}),
        }
        self.web = Web(self.answer)

    def answer(self, _host: str, path: str) -> Answer | str | None:
        page = self.pages.get(path)
        if isinstance(page, Answer) and "ETag" in page.headers and self.headers.get("If-None-Match") == page.headers["ETag"]:
            return Answer(status=304, headers={"ETag": ETAG})
        if path == "/content/3.html" and page:
            self.visits += 1
            return f"{page}<p>访问量：{self.visits}</p>"
        return page

    @property
    def headers(self) -> dict[str, str]:
        return self.web.hits[-1].headers

    def asked(self) -> list[str]:
        """What the last round asked for; the next one begins with an empty list."""
        paths = sorted(path for _, path in self.web.pages)
        self.web.hits.clear()
        return paths


@pytest.fixture
def cluster(tmp_path):
    with Cluster.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def changing():
    found = ChangingWeb()
    with found.web:
        yield found


def pass_time(cluster: Cluster, day: str) -> None:
    """The next round is due, on this day."""
    with Redis.from_url(cluster.url) as redis:
        for sid in redis.zrange(f"{P}resting", 0, -1):
            redis.zadd(f"{P}resting", {sid: 0})
        campaign = json.loads(redis.hget(f"{P}c:1", "json"))
        redis.hset(f"{P}c:1", "json", json.dumps(campaign | {"today": day}))


@asynccontextmanager
async def stored(cluster: Cluster):
    store = await SqliteStore.open(cluster.data_dir)
    yield store
    await store.aclose()


async def states(cluster: Cluster) -> dict[str, tuple[str, str, int]]:
    """Hidden link -> state, campaign in which it was seen last, pages in that campaign."""
    async with stored(cluster) as store:
        found = [one async for one in store.findings(FindingQuery(rule="dark-links/hidden-by-style"))]
    return {
        str(one.finding.evidence.target).removeprefix("http://").partition(".")[0]: (
            one.state.value,
            one.last_campaign,
            one.occurrences,
        )
        for one in found
    }


async def stale(cluster: Cluster) -> set[str]:
    async with stored(cluster) as store:
        return {one.state.value async for one in store.findings(FindingQuery(rule="stale-columns/stale"))}


async def test_rounds_ask_for_what_is_due_and_keep_the_findings_right(cluster, changing):
    await cluster.start([Site("s0", changing.web.url())], every_seconds=DAY, today=FIRST_DAY)
    cluster.run()
    assert changing.asked() == ["/", *(f"/content/{n}.html" for n in range(1, 6)), "/gzdt/"]
    first = await states(cluster)
    assert first["bet1"] == first["bet2"] == first["bet3"] == ("open", "c1@1", 1)
    assert first["bet9"] == ("open", "c1@1", 2)
    assert await stale(cluster) == set()

    del changing.pages["/content/2.html"]
    changing.pages["/content/4.html"] = article(4, "<p>已经整改。</p>")
    pass_time(cluster, LATER)
    cluster.run()
    sent = {hit.path: hit.headers for hit in changing.web.hits}
    assert sent["/content/1.html"]["If-None-Match"] == ETAG
    assert not {"If-None-Match", "If-Modified-Since"} & (
        sent["/"].keys() | sent["/gzdt/"].keys() | sent["/content/5.html"].keys()
    )
    assert changing.asked() == ["/", *(f"/content/{n}.html" for n in range(1, 6)), "/gzdt/"]
    line = (await cluster.ledger())["s0"]
    assert (line.state, line.round, line.unchanged_pages, line.failed_pages) == (SiteState.COMPLETE, 2, 1, 1)
    second = await states(cluster)
    assert second["bet1"] == second["bet3"] == second["bet9"] == ("open", "c1@2", 1)
    assert second["bet2"][0] == second["bet4"][0] == "resolved"
    assert await stale(cluster) == {"open"}

    pass_time(cluster, LATER)
    cluster.run()
    # What did not change, its counter aside, rests for a round; what is gone is asked for again.
    assert changing.asked() == ["/", "/content/2.html", "/content/4.html", "/gzdt/"]
    third = await states(cluster)
    assert third["bet1"] == third["bet3"] == third["bet9"] == ("open", "c1@3", 1)
    assert third["bet2"][0] == third["bet4"][0] == "resolved"
    assert await stale(cluster) == {"open"}
    async with stored(cluster) as store:
        reports = {
            one.campaign: one.findings["dark_link"] async for one in store.site_history("s0", line.touched.replace(year=2020))
        }
    assert reports["c1@1"] > reports["c1@2"] == reports["c1@3"] > 0


async def test_new_rules_read_unchanged_pages_again(cluster, changing, tmp_path):
    await cluster.start([Site("s0", changing.web.url())], every_seconds=DAY, today=FIRST_DAY)
    cluster.run()
    changing.asked()
    with Redis.from_url(cluster.url) as redis:
        key = next(iter(redis.scan_iter(f"{P}known:*")))
        for digest, page in redis.hgetall(key).items():
            if ETAG.strip('"').encode() in page:
                head, _, _ = page.rpartition(b',"')
                redis.hset(key, digest, head + b',"before"]')
    pass_time(cluster, FIRST_DAY)
    cluster.run()
    sent = {hit.path: hit.headers for hit in changing.web.hits}
    assert "If-None-Match" not in sent["/content/1.html"]
    assert (await cluster.ledger())["s0"].unchanged_pages == 0


async def test_an_answer_of_unchanged_that_nobody_asked_for_is_no_page(cluster, changing):
    changing.pages["/content/5.html"] = Answer(status=304)
    await cluster.start([Site("s0", changing.web.url())], every_seconds=DAY, today=FIRST_DAY)
    cluster.run()
    line = (await cluster.ledger())["s0"]
    assert (line.state, line.reason.value, line.unchanged_pages) == (SiteState.PARTIAL, "bad_response", 0)


PROSE = "<p>" + "会议强调要认真贯彻落实工作部署，扎实推进各项任务落地见效。" * 12 + "</p>"


def news(*days: str) -> str:
    rows = "".join(
        f'<li><a href="/content/{n}.html">关于{n}号工作情况的报道</a><span>{day}</span></li>' for n, day in enumerate(days, 1)
    )
    return f'<meta name="ColumnName" content="工作动态"><title>工作动态</title><div>当前位置：首页 &gt; 工作动态</div><ul class="list">{rows}</ul>'


def dated(number: int, day: str) -> str:
    return f"<title>第{number}号</title><h1>第{number}号</h1><p>发布时间：{day} 来源：办公室 浏览：{day[-1]}</p>{PROSE}"


async def found(cluster: Cluster, rule: str) -> dict[str, tuple[str, str]]:
    """State and reason of the findings of a rule, by path."""
    async with stored(cluster) as store:
        records = [one async for one in store.findings(FindingQuery(rule=rule))]
    return {"/" + one.finding.url.split("/", 3)[3]: (one.state.value, str(one.finding.evidence.reason)) for one in records}


async def test_an_old_article_under_a_new_day_is_seen_and_freshens_no_column(cluster, changing):
    days = ["2026-02-26", "2026-02-25", "2026-02-24", "2026-02-23", "2026-02-22"]
    changing.pages["/gzdt/"] = news(*days)
    changing.pages |= {f"/content/{n}.html": dated(n, day) for n, day in enumerate(days, 1)}
    await cluster.start([Site("s0", changing.web.url())], every_seconds=DAY, today=FIRST_DAY)
    cluster.run()
    assert await found(cluster, "stale-columns/") == {}

    changing.pages["/gzdt/"] = news("2026-03-18", *days[1:])
    changing.pages["/content/1.html"] = dated(1, "2026-03-18")
    changing.pages["/content/2.html"] = dated(2, "2026-03-18") + "<p>会后，与会人员察看了现场。</p>"
    for round_ in range(2):
        pass_time(cluster, LATER)
        cluster.run()
        ((path, (state, reason)),) = (await found(cluster, "stale-columns/new-day")).items()
        assert (path, state) == ("/content/1.html", "open"), round_
        assert "dated 2026-03-18, and 2026-02-26 on an earlier visit" in reason
        assert "online on 2026-03-02 already" in reason
        assert [*await found(cluster, "stale-columns/after-seen")] == ["/content/2.html"]
        ((path, (state, reason)),) = (await found(cluster, "stale-columns/stale")).items()
        assert (path, state) == ("/gzdt/", "open")
        assert "newest item is 22 days old" in reason
        assert "1 entry carries a later day than on an earlier visit" in reason

    changing.pages["/content/1.html"] = dated(1, "2026-02-26")
    changing.pages["/gzdt/"] = news("2026-03-19", *days[1:])
    changing.pages["/gzdt/"] = changing.pages["/gzdt/"].replace("/content/1.html", "/content/6.html")
    changing.pages["/content/6.html"] = dated(6, "2026-03-19")
    for _ in range(2):
        pass_time(cluster, LATER)
        cluster.run()
    assert {state for state, _ in (await found(cluster, "stale-columns/")).values()} <= {"resolved", "open"}
    assert (await found(cluster, "stale-columns/new-day"))["/content/1.html"][0] == "resolved"
    assert (await found(cluster, "stale-columns/stale"))["/gzdt/"][0] == "resolved"


def rows(*days: str, first: int = 1) -> str:
    return "".join(
        f'<li><a href="/content/{n}.html">关于{n}号工作情况的报道</a><span>{day}</span></li>' for n, day in enumerate(days, first)
    )


def listed(name: str, entries: str, more: str = "") -> str:
    return f'<meta name="ColumnName" content="{name}"><title>{name}</title><ul class="list">{entries}</ul>{more}'


async def test_a_column_is_as_fresh_as_the_newest_of_all_its_pages(cluster, changing):
    """One list runs from old to new, one has days from its second page on, one is stale on all its pages."""
    pager = '<div><a href="index_2.html">下一页</a></div>'
    old, new = [f"2026-01-{n:02d}" for n in range(1, 9)], [f"2026-02-{n:02d}" for n in range(20, 28)]
    changing.pages |= {
        "/": "<title>青山区人民政府</title><a href='/gzdt/'>工作动态</a><a href='/tzdt/'>镇街动态</a><a href='/bmdt/'>部门动态</a>",
        "/gzdt/": listed("工作动态", rows(*old), pager),
        "/gzdt/index_2.html": listed("工作动态", rows(*new, first=11)),
        "/tzdt/": listed("镇街动态", rows(*[""] * 8, first=21), pager),
        "/tzdt/index_2.html": listed("镇街动态", rows(*new[::-1], first=31)),
        "/bmdt/": listed("部门动态", rows(*old[::-1], first=41), pager),
        "/bmdt/index_2.html": listed("部门动态", rows(*[day.replace("2026", "2025") for day in old[::-1]], first=51)),
    }
    await cluster.start([Site("s0", changing.web.url())], every_seconds=DAY, today=FIRST_DAY)
    cluster.run()
    assert [*await found(cluster, "stale-columns/stale")] == ["/bmdt/"]
    async with stored(cluster) as store:
        columns = {one.column.name: one.column async for one in store.columns("s0")}
    assert columns.keys() == {"首页", "工作动态", "镇街动态", "部门动态"}
