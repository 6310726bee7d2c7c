"""A site that shows spam to a search spider only is found; one whose news merely rotate is not."""

import asyncio
import itertools
import statistics
from collections import Counter

import pytest

from govcrawl.crawl.views import PROFILES
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web

DELAY, SAMPLE = 0.2, 2
SPAM = (
    "<title>澳门新葡京官网_bet365平台开户</title><a href='http://bet.test/'>bet365官网</a><a href='http://b.test/'>时时彩平台</a>"
)
CLOAKED, ROTATING, GATED, OPEN = range(4)


class Sites:
    """Four hosts: spam for Baiduspider, news that rotate, a redirect for visitors from a search, and nothing of the kind."""

    def __init__(self) -> None:
        self.turn = itertools.count()
        self.web = Web(self.answer, hosts=4)

    def answer(self, host: str, path: str) -> Answer | str | None:
        if path == "/robots.txt" or path.strip("/") not in {"", "news", "gov", "notice"}:
            return None
        headers, number = self.web.hits[-1].headers, int(host.split(".")[3].partition(":")[0]) - 1
        if number == CLOAKED and "Baiduspider" in headers.get("User-Agent", ""):
            return SPAM
        if number == GATED and "baidu.com" in headers.get("Referer", ""):
            return Answer(status=302, headers={"Location": "http://bet.test/"})
        story = next(self.turn) if number == ROTATING else 0
        news = "".join(f"<li><a href='/missing/{story + n}'>要闻 {story + n} 工作会议</a>" for n in range(8))
        return f"<title>青山区</title><a href='/news/'>要闻</a><a href='/gov/'>政务</a><a href='/notice/'>通知</a><ul>{news}</ul>"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    made = Sites()
    with made.web as web, Cluster.open(tmp_path_factory.mktemp("cloaking")) as cluster:
        sites = [Site(f"s{number}", web.url(number), max_pages=6) for number in range(4)]
        asyncio.run(cluster.start(sites, delay_seconds=DELAY))
        workers = [cluster.worker(f"w{number}", slots=8, cloaking_pages=SAMPLE) for number in range(2)]
        for worker in workers:
            cluster.ended(worker)
        yield web, asyncio.run(cluster.findings())


def test_spam_for_the_spider_and_redirects_of_visitors_from_a_search_are_found_and_rotating_news_are_not(crawled):
    _, findings = crawled
    assert {site for rule, site, _ in findings.values() if rule == "dark-links/cloaked"} == {f"s{CLOAKED}", f"s{GATED}"}


def test_a_sample_of_pages_is_fetched_once_a_profile_over_all_workers(crawled):
    web, _ = crawled
    for address in web.addresses:
        asked = Counter(hit.path for hit in web.hits if hit.host.startswith(f"{address}:"))
        sampled = {path for path, times in asked.items() if times > 1}
        assert "/" in sampled
        assert len(sampled) == SAMPLE
        assert {asked[path] for path in sampled} == {1 + len(PROFILES)}


def test_the_extra_requests_keep_the_delay_of_the_host(crawled):
    web, _ = crawled
    for address in web.addresses:
        times = [hit.at for hit in web.hits if hit.host.startswith(f"{address}:")]
        gaps = [later - sooner for sooner, later in itertools.pairwise(times)]
        # A stalled machine bunches two visits by holding up the first; neither mean nor median can be too small.
        assert statistics.median(gaps) > DELAY * 0.9
        assert (times[-1] - times[0]) / len(gaps) > DELAY * 0.98
