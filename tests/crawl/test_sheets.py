"""What becomes of the style sheets of a page."""

import pytest

from govcrawl.crawl.sheet_cache import SheetCache
from govcrawl.frontier.model import Reason, SiteState, StoredSheet
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web

CSS = {"Content-Type": "text/css"}
HIDDEN = '<div class="{0}"><a href="http://{0}.test/">澳门赌场 时时彩 开户</a><a href="http://b.test/">彩票投注平台</a></div>'


@pytest.fixture
def cluster(tmp_path):
    with Cluster.open(tmp_path) as opened:
        yield opened


def linking(*hrefs: str, body: str = "") -> str:
    return "<title>青山区</title>" + "".join(f'<link rel="stylesheet" href="{href}">' for href in hrefs) + body


async def crawl(cluster, answers, hosts=1, more=(), **words):
    with Web(lambda host, path: answers.get(host.partition(":")[0] + path, answers.get(path)), hosts=hosts) as web:
        extra = tuple(f"{address}:{web.port}" for address in web.addresses[1:])
        await cluster.start([Site("s0", web.url(), hosts=extra), *more], **words)
        cluster.run(slots=8)
        return web


async def dark(cluster):
    return {rule for rule, _, _ in (await cluster.findings()).values() if rule.startswith("dark-links/hidden")}


async def test_failed_sheets_are_told_and_hold_up_nothing(cluster):
    answers = {
        "/robots.txt": Answer("User-agent: *\nDisallow: /no/", headers={"Content-Type": "text/plain"}),
        "/": linking("/no/a.css", "/big.css", "/broken.css", "/shut.css", "/away.css", "/none.css", "/page.css"),
        "/big.css": Answer("a{}" * 200_000, headers=CSS),
        "/broken.css": Answer(status=500, headers=CSS),
        "/shut.css": Answer(status=403, headers=CSS),
        "/away.css": Answer(status=302, headers={"Location": "http://elsewhere.test/x.css"}),
        "/page.css": "<html><title>首页</title>",
    }
    web = await crawl(cluster, answers)
    assert (await cluster.ledger())["s0"].state is SiteState.COMPLETE
    told = {(url.rpartition(":")[2].partition("/")[2], what, reason) for url, what, reason in await cluster.not_inspected()}
    assert told == {
        ("no/a.css", "style sheet", "robots"),
        ("big.css", "style sheet", "too_large"),
        ("broken.css", "style sheet", "http_5xx"),
        ("shut.css", "style sheet", "blocked"),
        ("away.css", "style sheet", "bad_response"),
    }
    assert "/no/a.css" not in web.paths


async def test_a_sheet_is_read_in_its_own_encoding_and_through_a_redirect(cluster):
    rule = '@charset "gbk";/* 隐藏 */.暗链{display:none}'
    answers = {
        "/": linking("/moved.css", body=HIDDEN.format("暗链").replace("http://暗链", "http://bet")),
        "/moved.css": Answer(status=301, headers={"Location": "/c.css"}),
        "/c.css": Answer(rule.encode("gbk"), headers=CSS),
    }
    await crawl(cluster, answers)
    assert await dark(cluster) == {"dark-links/hidden-by-style"}


async def test_sheets_of_another_host_of_the_site_are_had_and_those_of_a_stranger_are_not(cluster):
    page = linking("http://127.0.7.2:{port}/s.css", "http://127.0.7.2:{port}/no.css", "http://127.0.7.3:{port}/t.css")
    answers = {
        "127.0.7.2/robots.txt": Answer("User-agent: *\nDisallow: /no", headers={"Content-Type": "text/plain"}),
        "/s.css": Answer(".bet{display:none}", headers=CSS),
    }
    with Web(lambda host, path: answers.get(host.partition(":")[0] + path, answers.get(path)), hosts=3) as web:
        answers["/"] = page.replace("{port}", str(web.port)) + HIDDEN.format("bet")
        await cluster.start([Site("s0", web.url(), hosts=(f"127.0.7.2:{web.port}",))])
        cluster.run(slots=8)
    assert await dark(cluster) == {"dark-links/hidden-by-style"}
    elsewhere = [(hit.host.partition(":")[0], hit.path) for hit in web.hits if not hit.host.startswith("127.0.7.1:")]
    assert elsewhere == [("127.0.7.2", "/robots.txt"), ("127.0.7.2", "/s.css")]


async def test_one_page_asks_for_eight_sheets_and_the_next_for_the_rest(cluster):
    hrefs = [f"/{number}.css" for number in range(12)]
    answers = {href: Answer("a{color:red}", headers=CSS) for href in hrefs}
    answers |= {"/": linking(*hrefs, body='<a href="/a">x</a>'), "/a": linking(*hrefs)}
    web = await crawl(cluster, answers)
    asked = [path for path in web.paths if path != "/robots.txt"]
    assert asked == ["/", *hrefs[:8], "/a", *hrefs[8:]]
    assert [(what, reason) for _, what, reason in await cluster.not_inspected()] == [
        ("style sheet", "more style sheets than are fetched for one page")
    ]


async def test_a_host_that_sends_us_away_over_a_sheet_is_left_alone(cluster):
    answers = {
        "/": linking("/1.css", "/2.css", body='<a href="/a">x</a>'),
        "/a": "<p>text</p>",
        "/1.css": Answer(status=429, headers={**CSS, "Retry-After": "2"}),
    }
    web = await crawl(cluster, answers)
    assert web.paths == ["/robots.txt", "/", "/1.css", "/a"]
    assert web.hits[-1].at - web.hits[-2].at > 1.8


def test_the_cache_of_a_worker_is_bounded_and_shares_texts():
    cache = SheetCache(most_chars=100, most_addresses=10)
    for number in range(50):
        cache.put("c", f"u{number}", StoredSheet(f"{number:02}" * 20))
        cache.put("c", f"f{number}", StoredSheet(reason=Reason.TIMEOUT))
    assert sum(cache.get("c", f"u{number}") is not None for number in range(50)) == 2
    assert sum(cache.get("c", f"f{number}") is not None for number in range(50)) == 10
    for campaign, url in (("c", "one"), ("d", "two")):
        cache.put(campaign, url, StoredSheet(" ".join(map(str, range(3)))))
    assert cache.get("c", "one").text is cache.get("d", "two").text
