"""Links that only a style sheet of the site hides are found by two workers that fetch every sheet once, at the pace of the host."""

import asyncio
import itertools
import statistics
from collections import Counter

import pytest

from govcrawl.frontier.model import SiteState
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web

DELAY = 0.3
CSS = {"Content-Type": "text/css"}
BLOCK = (
    '<div class="{name}"><a href="http://bet{n}.test/">澳门赌场 时时彩 开户</a><a href="http://b.test/">彩票投注平台</a></div>'
)
HEAD = '<link rel="stylesheet" href="/css/site.css"><link rel=stylesheet href="/css/gone.css">'
ANSWERS = {
    "/robots.txt": Answer("User-agent: *\nDisallow: /private/", headers={"Content-Type": "text/plain"}),
    "/css/site.css": Answer('@import url("base.css");.nav{color:red}', headers=CSS),
    "/css/base.css": Answer(".foot_x{position:absolute;left:-9999px}", headers=CSS),
    "/css/open.css": Answer(".foot_x{color:#333}", headers=CSS),
}
PAGES = 6


def answer(host: str, path: str) -> Answer | str | None:
    """The first host hides a block through an import of its sheet; the second has the same pages and a sheet that shows it."""
    if path in ANSWERS:
        return ANSWERS[path]
    number = path.strip("/") or "0"
    if not number.isdigit() or int(number) > PAGES:
        return None
    links = "".join(f'<a href="/{n}">x</a>' for n in range(1, PAGES + 1))
    head = HEAD if host.startswith("127.0.7.1:") else HEAD.replace("site.css", "open.css")
    return f"<title>青山区人民政府</title>{head}{links}<p>新闻</p>{BLOCK.format(name='foot_x', n=number)}"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    with Web(answer, hosts=2) as web, Cluster.open(tmp_path_factory.mktemp("sheets")) as cluster:
        sites = [Site(f"s{number}", web.url(number)) for number in range(2)]
        asyncio.run(cluster.start(sites, delay_seconds=DELAY))
        workers = [cluster.worker(f"w{number}", slots=8) for number in range(2)]
        for worker in workers:
            cluster.ended(worker)
        yield web, asyncio.run(_told(cluster))


async def _told(cluster: Cluster):
    return await cluster.findings(), await cluster.ledger(), await cluster.not_inspected()


def test_a_block_that_only_the_sheet_hides_is_found_and_its_shown_twin_is_not(crawled):
    _, (findings, ledger, _) = crawled
    hidden = {site for rule, site, _ in findings.values() if rule == "dark-links/hidden-by-style"}
    assert hidden == {"s0"}
    assert {line.state for line in ledger.values()} == {SiteState.COMPLETE}
    assert {line.pages for line in ledger.values()} == {PAGES + 1}


def test_each_sheet_is_fetched_once_by_all_workers(crawled):
    web, _ = crawled
    asked = Counter(web.pages)
    assert set(asked.values()) == {1}
    sheets = [path for _, path in web.pages if path.endswith(".css")]
    assert sorted(sheets) == ["/css/base.css", "/css/gone.css", "/css/gone.css", "/css/open.css", "/css/site.css"]


def test_pages_and_sheets_together_keep_the_delay_of_the_host(crawled):
    web, _ = crawled
    for address in web.addresses:
        times = [hit.at for hit in web.hits if hit.host.startswith(f"{address}:")]
        gaps = [later - sooner for sooner, later in itertools.pairwise(times)]
        # A stalled machine bunches two visits by holding up the first; neither mean nor median can be too small.
        assert statistics.median(gaps) > DELAY * 0.9
        assert (times[-1] - times[0]) / len(gaps) > DELAY * 0.98
