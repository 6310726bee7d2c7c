"""Where short links in QR codes lead."""

from collections import Counter

import pytest

from govcrawl.detectors.dark_links.short_links import is_short
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.test_codes import found, showing
from tests.crawl.web import Answer, Web
from tests.page import code_makers as make

PNG = {"Content-Type": "image/png"}


@pytest.fixture
def cluster(tmp_path):
    with Cluster.open(tmp_path) as opened:
        yield opened


def to(url: str) -> Answer:
    return Answer(status=302, headers={"Location": url})


async def crawl(cluster, behind, *codes, sites=1, strangers=4, resolving=None):
    """Sites whose pages show these codes; `behind` is what the other hosts answer, by host and path. `{port}` stands for the web's own."""

    def answer(host: str, path: str) -> Answer | str | None:
        name = host.partition(":")[0]
        if not name.startswith("127."):
            said = behind.get(name + path)
            return to(said.format(port=web.port)) if isinstance(said, str) and "://" in said else said
        picture = path.removeprefix("/ewm").removesuffix(".png")
        if picture.isdecimal():
            return Answer(make.code(codes[int(picture)].format(port=web.port)), headers=PNG)
        shown = showing(*(f"/ewm{number}.png" for number in range(len(codes))), body='<a href="/a">要闻</a>')
        return shown if path in ("/", "/a") else None

    with Web(answer, hosts=sites + 1) as web:
        names = {place.partition("/")[0]: [web.addresses[-1]] for place in behind} | (resolving or {})
        await cluster.start([Site(f"s{number}", web.url(number)) for number in range(sites)])
        cluster.run(slots=8, qr_images=4, strangers=strangers, names=names)
        return [f"{hit.host.partition(':')[0]}{hit.path}" for hit in web.hits if not hit.host.startswith("127.")]


async def told(cluster):
    return {
        (url.partition("://")[2].partition(":")[0], reason)
        for url, what, reason in await cluster.not_inspected()
        if what == "short link"
    }


async def test_the_address_behind_a_short_link_is_judged_as_if_it_stood_in_the_code(cluster):
    behind = {"t.cn/A6x": "http://m.bet365-vip.com:{port}/app", "m.bet365-vip.com/": Answer("<title>x</title>")}
    asked = await crawl(cluster, behind, "http://t.cn:{port}/A6x", sites=3)
    findings = await found(cluster)
    assert len(findings) == 3
    evidence = findings[0].evidence
    assert str(evidence.target).startswith("http://m.bet365-vip.com:")
    picture, short, target = str(evidence.snippet).split(" → ")
    assert picture == "ewm0.png"
    assert short.startswith("hxxp://t[.]cn:")
    assert target.startswith("hxxp://m[.]bet365-vip.com:")
    # Once for three sites of two pages each; of what is behind it only the home page, as of any stranger.
    shorts, strangers = ("t.cn/robots.txt", "t.cn/A6x"), ("m.bet365-vip.com/robots.txt", "m.bet365-vip.com/")
    assert Counter(asked) == dict.fromkeys((*shorts, *strangers), 1)


async def test_a_domain_behind_a_short_link_is_looked_at_and_found_to_be_lost(cluster):
    behind = {
        "dwz.cn/a7K": "http://www.old-school.com:{port}/wx",
        "www.old-school.com/": "<title>澳门新葡京官网_bet365平台开户</title>",
    }
    await crawl(cluster, behind, "https://dwz.cn/a7K".replace("https", "http").replace("/a7K", ":{port}/a7K"))
    assert [str(finding.severity) for finding in await found(cluster)] == ["high"]


async def test_an_honest_target_is_no_finding(cluster):
    await crawl(cluster, {"t.cn/A6x": "http://www.gov.cn/zhengce/"}, "http://t.cn:{port}/A6x")
    assert await found(cluster) == []
    assert await told(cluster) == set()


async def test_short_links_that_lead_to_each_other_are_left_after_three(cluster):
    behind = {"t.cn/A6x": "http://dwz.cn:{port}/b", "dwz.cn/b": "http://t.cn:{port}/A6x"}
    asked = await crawl(cluster, behind, "http://t.cn:{port}/A6x")
    assert [place for place in asked if "robots" not in place] == ["t.cn/A6x", "dwz.cn/b", "t.cn/A6x"]
    assert await found(cluster) == []


async def test_a_short_link_lures_nobody_to_an_address_inside_and_what_was_not_had_is_told(cluster):
    behind = {"t.cn/A6x": "http://10.1.2.3/admin"}
    asked = await crawl(cluster, behind, "http://t.cn:{port}/A6x", "http://dwz.cn:{port}/x", resolving={"dwz.cn": ["10.9.8.7"]})
    assert {place for place in asked if "robots" not in place} == {"t.cn/A6x"}
    assert await told(cluster) == {("dwz.cn", "forbidden_address")}
    assert await found(cluster) == []


async def test_nobody_is_asked_where_strangers_are_left_alone(cluster):
    asked = await crawl(cluster, {"t.cn/A6x": "http://www.bet365-vip.com/app"}, "http://t.cn:{port}/A6x", strangers=0)
    assert asked == []


@pytest.mark.parametrize(
    ("url", "short"),
    [
        ("http://t.cn/A6x", True),
        ("https://www.dwz.cn/a7Kq?x=1", True),
        ("https://bit.ly/3xYzAbC", True),
        ("http://t.cn/", False),
        ("http://t.cn", False),
        ("https://dwz.cn/console/apidoc", False),
        ("http://not-t.cn/A6x", False),
        ("http://t.cn.test.com/A6x", False),
        ("http://www.gov.cn/A6x", False),
    ],
)
def test_a_short_link_is_one_word_at_a_known_service(url, short):
    assert is_short(url) is short
