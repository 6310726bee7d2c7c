import pytest

from govcrawl.crawl.traps import pattern_of
from govcrawl.frontier.model import SiteState
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Web


@pytest.mark.parametrize(
    ("url", "pattern"),
    [
        ("http://a.test/cal/2031/07/", "a.test/cal/*/*/"),
        ("http://a.test/cal/2031/07/12.html", "a.test/cal/*/*/*.html"),
        ("http://a.test/cal?month=2031-07", "a.test/cal?month=*-*"),
        ("http://a.test/cal?year=2031&month=7", "a.test/cal?month=*&year=*"),
        ("http://a.test/cal?month=7&year=2031", "a.test/cal?month=*&year=*"),
        ("http://a.test/cal?d=20310712", "a.test/cal?d=*"),
        ("http://a.test/list?area=1&sort=up&kind=b", "a.test/list?area=*&kind=*&sort=*"),
        ("http://a.test/x/y/x/y/x/y/", "a.test/*/x/*/y/*"),
    ],
)
def test_what_has_no_end_has_a_pattern(url, pattern):
    assert pattern_of(url) == pattern


@pytest.mark.parametrize(
    "url",
    [
        "http://a.test/",
        "http://a.test/art/2020/9/30/art_1229455724_59041922.html",
        "http://a.test/zwgk/201701/t20170112_123456.html",
        "http://a.test/2017-03/12/content_5375.htm",
        "http://a.test/info/1033/5375.htm",
        "http://a.test/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1033&wbnewsid=5375",
        "http://a.test/view.do?board=news&lang=zh&seq=446015",
        "http://a.test/gkmlpt/content/0/508/post_508890.html",
        "http://a.test/list.jsp?page=12&size=20",
        "http://a.test/list_12.html",
        "http://a.test/gk/zfxxgk/gk/index.html",
        "http://a.test/col/col2019/index.html",
        "http://a.test/tjnj/2019/",
    ],
)
def test_articles_columns_and_lists_have_none(url):
    assert pattern_of(url) == ""


async def test_a_calendar_without_end_does_not_keep_a_site_and_what_was_left_out_is_told(tmp_path):
    """Each month leads to the next; each list may be narrowed in three ways."""

    def answer(_host: str, path: str) -> str | None:
        year, _, month = path.removeprefix("/cal/").strip("/").partition("/")
        if path == "/":
            return (
                "<title>青山区人民政府</title><a href='/cal/2026/3/'>日历</a><a href='/content/1.html'>要闻</a><a href='/x'>x</a>"
            )
        if path.startswith("/cal/"):
            after = int(year) * 12 + int(month)
            return "".join(f"<a href='/cal/{n // 12}/{n % 12 + 1}/'>{n}</a>" for n in range(after, after + 3))
        return "<p>text" if path in {"/content/1.html", "/x"} else None

    with Web(answer) as web, Cluster.open(tmp_path) as cluster:
        await cluster.start([Site("s0", web.url())])
        cluster.run(politeness={"alike": 12})
        line = (await cluster.ledger())["s0"]
        told = await cluster.not_inspected()
    assert len([path for path in web.paths if path.startswith("/cal/")]) == 12
    assert {"/content/1.html", "/x"} <= set(web.paths)
    assert (line.state, line.left_out) == (SiteState.COMPLETE, 3)
    assert told == {(web.url(path="/cal/*/*/"), "links", "left out: 3 addresses of this pattern")}
