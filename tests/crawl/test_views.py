"""The pages of a site as other visitors see them."""

import pytest

from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web

NEWS = "<title>青山区人民政府</title><ul>" + "".join(f"<li><a href='/gone/{n}'>要闻 {n}</a>" for n in range(8)) + "</ul>"


@pytest.fixture
def cluster(tmp_path):
    with Cluster.open(tmp_path) as opened:
        yield opened


async def crawl(cluster, answer, **words) -> Web:
    web = Web(lambda _, path: None if path == "/robots.txt" else answer(web.hits[-1].headers, path))
    with web:
        await cluster.start([Site("s0", web.url(), max_pages=1)])
        cluster.run(slots=8, **words)
    return web


async def test_without_the_wish_every_page_is_fetched_once(cluster):
    web = await crawl(cluster, lambda _, __: NEWS)
    assert web.paths == ["/robots.txt", "/"]


async def test_a_false_spider_that_is_turned_away_is_told_and_no_finding(cluster):
    shut = Answer("<title>403</title>", status=403)
    await crawl(cluster, lambda headers, _: shut if "Baiduspider" in headers["User-Agent"] else NEWS, cloaking_pages=1)
    assert {(what, reason) for _, what, reason in await cluster.not_inspected()} == {("cloaking", "Baiduspider: http 403")}
    assert await cluster.findings() == {}


async def test_telephones_are_followed_to_the_mobile_pages_of_the_site(cluster):
    moved = Answer(status=302, headers={"Location": "/m/"})
    spam = "<title>澳门新葡京官网_bet365平台开户</title><a href='http://bet.test/'>bet365官网</a>"
    web = await crawl(
        cluster, lambda h, path: spam if path == "/m/" else moved if "iPhone" in h["User-Agent"] else NEWS, cloaking_pages=1
    )
    assert web.paths.count("/m/") == 2
    assert [rule for rule, _, _ in (await cluster.findings()).values()] == ["dark-links/cloaked"]


async def test_a_host_that_sends_the_baseline_away_is_not_asked_again(cluster):
    turns = iter([NEWS, Answer(status=429, headers={"Retry-After": "1"})])
    web = await crawl(cluster, lambda _, __: next(turns, NEWS), cloaking_pages=1)
    assert web.paths == ["/robots.txt", "/", "/"]
    assert {(what, reason) for _, what, reason in await cluster.not_inspected()} == {("cloaking", "the crawler again: http 429")}
