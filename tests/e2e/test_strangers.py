"""Foreign domains are looked at once for the whole fleet; links to those that were lost become findings, and nobody is hammered."""

import asyncio
from collections import Counter

import pytest

from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery
from govcrawl.store.sqlite import SqliteStore
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web

# Every site links all of these on both of its pages; the names lead to addresses of this machine.
FRIENDS = {
    "casino": "www.old-school.com",
    "parked": "www.old-fair.com",
    "fine": "www.book-shop.com",
    "moved": "www.moved-away.com",
}
BEHIND = "www.behind-it.com"
SHY = "www.shy-friend.com"
COUNTER = "cdn.old-counter.com"  # a script comes from there
INSIDE = "www.inside-it.com"  # leads to a private address
SPAM = "<title>澳门新葡京官网_bet365平台开户</title><h1>真人娱乐</h1>"
SHOWN = {
    FRIENDS["casino"]: SPAM,
    SHY: SPAM,
    FRIENDS["parked"]: "<title>old-fair.com</title><p>This domain is for sale. 本域名出售</p>",
    FRIENDS["fine"]: "<title>新华书店</title><p>图书 期刊 音像</p>",
    COUNTER: "<title>old-counter.com</title><p>Buy this domain</p>",
    BEHIND: "<title>新华书店</title><p>图书 期刊 音像</p>",
}


def answer(host: str, path: str) -> Answer | str | None:
    name, _, port = host.partition(":")
    if path == "/robots.txt":
        return Answer("User-agent: *\nDisallow: /\n", headers={"Content-Type": "text/plain"}) if name == SHY else None
    if name == FRIENDS["moved"]:
        return Answer(status=302, headers={"Location": f"http://{BEHIND}:{port}/welcome"})
    return SHOWN[name] if name in SHOWN else _page(port) if path in ("/", "/b") else None


def _page(port: str) -> str:
    links = "".join(f'<a href="http://{name}:{port}/news/1.html">友好单位</a> ' for name in (*FRIENDS.values(), SHY, INSIDE))
    script = f"<script src='http://{COUNTER}:{port}/c.js'></script>"
    return f"<title>青山区人民政府</title>{script}<a href='/b'>要闻</a><p>友情链接 {links}<a href='http://10.1.2.3:{port}/'>内部</a></p>"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    with Web(answer, hosts=4) as web, Cluster.open(tmp_path_factory.mktemp("strangers")) as cluster:
        names = {name: [web.addresses[3]] for name in (*FRIENDS.values(), BEHIND, SHY, COUNTER)} | {INSIDE: ["10.9.8.7"]}
        asyncio.run(cluster.start([Site(f"s{number}", web.url(number)) for number in range(3)]))
        workers = [cluster.worker(f"w{number}", slots=4, names=names, strangers=8) for number in range(2)]
        for worker in workers:
            cluster.ended(worker)
        yield web, asyncio.run(_findings(cluster))


async def _findings(cluster: Cluster):
    store = await SqliteStore.open(cluster.data_dir)
    found = [record async for record in store.findings(FindingQuery()) if record.finding.rule.id == "dark-links/lost-domain"]
    await store.aclose()
    return found


def test_a_friend_that_was_sold_is_found_with_what_was_seen(crawled):
    _web, found = crawled
    sold = [record.finding for record in found if FRIENDS["casino"] in str(record.finding.evidence.target)]
    assert sold
    assert {str(finding.severity) for finding in sold} == {"high"}
    assert all("advertises spam" in str(finding.evidence.reason) for finding in sold)


def test_a_parked_domain_is_a_small_matter(crawled):
    _web, found = crawled
    parked = [record.finding for record in found if FRIENDS["parked"] in str(record.finding.evidence.target)]
    assert {str(finding.severity) for finding in parked} == {"low"}


def test_code_from_a_domain_that_anybody_may_buy_is_a_grave_matter(crawled):
    _web, found = crawled
    loading = [record.finding for record in found if COUNTER in str(record.finding.evidence.target)]
    assert {str(finding.severity) for finding in loading} == {"critical"}


def test_nothing_is_said_of_the_others(crawled):
    _web, found = crawled
    said = " ".join(str(record.finding.evidence.target) for record in found)
    assert not any(name in said for name in (FRIENDS["fine"], FRIENDS["moved"], BEHIND, SHY, INSIDE, "10.1.2.3"))


def test_each_is_asked_once_by_all_workers_and_only_for_its_home_page(crawled):
    web, _found = crawled
    asked = Counter((hit.host.partition(":")[0], hit.path) for hit in web.hits)
    strangers = {
        name: {path: count for (host, path), count in asked.items() if host == name}
        for name in (*FRIENDS.values(), BEHIND, COUNTER)
    }
    assert all(paths == {"/robots.txt": 1, "/": 1} for paths in strangers.values())


def test_a_stranger_that_wants_no_robots_is_left_alone(crawled):
    web, _found = crawled
    assert [hit.path for hit in web.hits if hit.host.startswith(SHY)] == ["/robots.txt"]
