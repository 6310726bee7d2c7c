"""What becomes of the QR codes on the pictures of a page."""

import asyncio
import base64
from collections import Counter

import pytest

from govcrawl.crawl import codes
from govcrawl.frontier.model import SiteState
from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery
from govcrawl.store.sqlite import SqliteStore
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web
from tests.page import code_makers as make

PNG = {"Content-Type": "image/png"}
TEXT = {"Content-Type": "text/plain"}


@pytest.fixture
def cluster(tmp_path):
    with Cluster.open(tmp_path) as opened:
        yield opened


def showing(*sources: str, body: str = "") -> str:
    return "<title>青山区</title>" + "".join(f'<img src="{source}" alt="二维码">' for source in sources) + body


async def crawl(cluster, answers, hosts=1, more=(), **words):
    with Web(lambda host, path: answers.get(host.partition(":")[0] + path, answers.get(path)), hosts=hosts) as web:
        await cluster.start([Site("s0", web.url(), hosts=tuple(f"{a}:{web.port}" for a in more))])
        cluster.run(slots=8, **{"qr_images": 4, **words})
        return web


async def found(cluster):
    store = await SqliteStore.open(cluster.data_dir)
    records = [
        record.finding async for record in store.findings(FindingQuery()) if record.finding.rule.id == "dark-links/qr-code"
    ]
    await store.aclose()
    return records


async def told(cluster):
    return {
        (url.rpartition(":")[2].partition("/")[2], reason)
        for url, what, reason in await cluster.not_inspected()
        if what == "picture"
    }


async def test_a_code_that_leads_to_spam_is_found_with_its_picture_and_its_target(cluster):
    answers = {
        "/": showing("/ewm.png", "/wx.png", body='<a href="/a">要闻</a>'),
        "/a": showing("/ewm.png"),
        "/ewm.png": Answer(make.code("http://www.bet365-vip.com/app"), headers=PNG),
        "/wx.png": Answer(make.code("https://u.wechat.com/MAbcDef"), headers=PNG),
    }
    web = await crawl(cluster, answers)
    (finding,) = await found(cluster)
    evidence = finding.evidence
    assert str(evidence.snippet) == "ewm.png → hxxp://www[.]bet365-vip.com/app"
    assert str(evidence.target) == "http://www.bet365-vip.com/app"
    assert str(evidence.reason) == "the address itself advertises: bet365"
    assert str(evidence.locator).endswith("/ewm.png")
    assert await told(cluster) == set()
    # Each picture is fetched once, whatever the number of its pages.
    assert Counter(web.paths) == {"/robots.txt": 1, "/": 1, "/a": 1, "/ewm.png": 1, "/wx.png": 1}


async def test_no_picture_is_asked_for_unless_somebody_wants_it(cluster):
    web = await crawl(
        cluster, {"/": showing("/ewm.png"), "/ewm.png": Answer(make.code("http://bet365.com/"), headers=PNG)}, qr_images=0
    )
    assert web.paths == ["/robots.txt", "/"]


async def test_a_code_in_the_page_itself_costs_no_request(cluster):
    inline = base64.b64encode(make.code("http://www.bet365-vip.com/app")).decode()
    web = await crawl(cluster, {"/": showing(f"data:image/png;base64,{inline}")})
    assert len(await found(cluster)) == 1
    assert web.paths == ["/robots.txt", "/"]


async def test_pictures_of_the_sites_other_host_are_had_and_those_of_a_stranger_are_not(cluster):
    answers = {"/ewm.png": Answer(make.code("http://www.bet365-vip.com/app"), headers=PNG)}
    with Web(lambda _host, path: answers.get(path), hosts=3) as web:
        answers["/"] = showing(web.url(1, "/ewm.png"), web.url(2, "/ewm.png"))
        await cluster.start([Site("s0", web.url(), hosts=(f"127.0.7.2:{web.port}",))])
        cluster.run(slots=8, qr_images=4)
    assert len(await found(cluster)) == 1
    assert {hit.host.partition(":")[0] for hit in web.hits} == {"127.0.7.1", "127.0.7.2"}


async def test_pictures_that_could_not_be_read_are_told_and_hold_up_nothing(cluster):
    bodies = {
        "cut": make.code("http://a.test/")[:120],
        "bomb": make.bomb(9_000),
        "html": b"<html>x",
        "big": b"\x89PNG" + b"0" * 2**21,
    }
    answers = {f"/{name}-ewm.png": Answer(body, headers=PNG) for name, body in bodies.items()} | {
        "/robots.txt": Answer("User-agent: *\nDisallow: /no/", headers=TEXT),
        "/shut-ewm.png": Answer(status=403),
        "/away-ewm.png": Answer(status=302, headers={"Location": "http://10.1.2.3/x.png"}),
    }
    names = ("no/ewm", *(f"{name}-ewm" for name in (*bodies, "shut", "away", "gone")))
    answers["/"] = showing(*(f"/{name}.png" for name in names), body='<a href="/a">x</a>')
    answers["/a"] = showing("/cut-ewm.png")
    web = await crawl(cluster, answers, qr_images=20)
    assert (await cluster.ledger())["s0"].state is SiteState.COMPLETE
    assert await told(cluster) == {
        ("no/ewm.png", "robots"),
        ("cut-ewm.png", "broken"),
        ("bomb-ewm.png", "more than 12,000,000 pixels"),
        ("html-ewm.png", "no png, jpeg, gif, webp or bmp"),
        ("big-ewm.png", "too_large"),
        ("shut-ewm.png", "blocked"),
        ("away-ewm.png", "bad_response"),
    }
    assert "/no/ewm.png" not in web.paths
    assert web.paths.count("/cut-ewm.png") == 1


async def test_a_page_has_no_more_pictures_looked_at_than_the_setting_says(cluster):
    names = [f"/ewm{number}.png" for number in range(6)]
    web = await crawl(
        cluster, {"/": showing(*names)} | {name: Answer(make.code("http://a.test/"), headers=PNG) for name in names}, qr_images=2
    )
    assert web.paths == ["/robots.txt", "/", *names[:2]]


async def test_a_site_with_a_code_for_every_page_is_not_asked_for_all_of_them(cluster):
    names = [f"/qr/{number}.png" for number in range(codes.MOST_OF_SITE + 6)]
    links = "".join(f'<a href="/{start}.html">x</a>' for start in range(0, len(names), 10))
    pages = {f"/{start}.html": showing(*names[start : start + 10]) for start in range(0, len(names), 10)}
    web = await crawl(cluster, {"/": f"<title>x</title>{links}", **pages}, qr_images=10)
    assert sum(path.startswith("/qr/") for path in web.paths) == codes.MOST_OF_SITE
    assert await told(cluster) == {("", "more pictures than are looked at for one site")}


async def test_two_workers_fetch_a_picture_once(cluster):
    answers = {"/ewm.png": Answer(make.code("http://www.bet365-vip.com/app"), headers=PNG, seconds=0.3)}
    with Web(lambda _host, path: answers.get(path), hosts=5) as web:
        picture = web.url(0, "/ewm.png")
        answers["/"] = showing(picture)
        shared = f"127.0.7.1:{web.port}"
        await cluster.start([Site(f"s{number}", web.url(number), hosts=(shared,)) for number in range(5)])
        workers = [cluster.worker(f"w{number}", slots=4, qr_images=2) for number in range(2)]
        for worker in workers:
            await asyncio.to_thread(cluster.ended, worker)
    assert web.paths.count("/ewm.png") == 1
    assert {record for record, _, _ in (await cluster.findings()).values()} >= {"dark-links/qr-code"}
    assert len(await found(cluster)) == 5


async def test_a_domain_in_a_code_is_looked_at_and_found_to_be_lost(cluster):
    names = {
        "www.old-school.com": "<title>澳门新葡京官网_bet365平台开户</title>",
        "www.old-fair.com": "<title>x</title>This domain is for sale",
        "www.form.com": "<title>问卷</title>",
    }
    answers = {"/": showing("/ewm1.png", "/ewm2.png", "/ewm3.png")}
    with Web(
        lambda host, path: answers.get(path) if host.startswith("127.") else {"/": names.get(host.partition(":")[0])}.get(path),
        hosts=2,
    ) as web:
        for number, name in enumerate(names, 1):
            answers[f"/ewm{number}.png"] = Answer(make.code(f"http://{name}:{web.port}/wx"), headers=PNG)
        await cluster.start([Site("s0", web.url())])
        cluster.run(slots=8, qr_images=4, strangers=5, names={name: [web.addresses[1]] for name in names})
    said = {str(finding.evidence.target).partition("//")[2].partition(":")[0]: finding for finding in await found(cluster)}
    assert {name: str(finding.severity) for name, finding in said.items()} == {
        "www.old-school.com": "high",
        "www.old-fair.com": "low",
    }
    assert {hit.path for hit in web.hits if not hit.host.startswith("127.")} == {"/robots.txt", "/"}
