import pytest

from govcrawl.crawl.assignments import Assignment
from govcrawl.crawl.links import children_of, class_of, redirect_child, redirect_fault
from govcrawl.crawl.options import VisitLimits
from govcrawl.detectors.base import Context
from govcrawl.findings.model import SiteLabel
from govcrawl.frontier.model import Lease, PageClass
from govcrawl.kit.clock import china_today
from govcrawl.kit.urls import host_of
from govcrawl.page.model import Page
from govcrawl.sites.model import Site

HOME = "http://www.qingshan.gov.cn/"


def lease(url: str = HOME, page_class: PageClass = PageClass.HOME) -> Lease:
    return Lease("t", "c", "s", url, host_of(url), page_class)


def assignment(**words: object) -> Assignment:
    site = Site("s", HOME, **words)
    return Assignment(site, SiteLabel("s"), Context(site, china_today()))


def children(html: str, url: str = HOME, page_class: PageClass = PageClass.HOME, **words: object) -> dict[str, PageClass]:
    found = children_of(Page(url, html.encode()), lease(url, page_class), assignment(**words))
    assert len({child.url for child in found}) == len(found)
    return {child.url: child.page_class for child in found}


def anchors(*hrefs: str) -> str:
    return "".join(f'<a href="{href}">x</a>' for href in hrefs)


def test_links_of_the_site_are_offered_once_and_others_are_not():
    html = anchors("/a.html", "/a.html#top", "a.html", "http://qingshan.gov.cn/b/", "http://other.gov.cn/", "mailto:x@y.z")
    assert list(children(html)) == ["http://www.qingshan.gov.cn/a.html", "http://qingshan.gov.cn/b/"]


def test_the_extra_hosts_of_the_list_belong_to_the_site():
    assert "http://zwgk.qingshan.gov.cn/x" in children(anchors("http://zwgk.qingshan.gov.cn/x"), hosts=("zwgk.qingshan.gov.cn",))


def test_pictures_films_and_programs_are_not_fetched():
    assert children(anchors("/a.JPG", "/b.mp4", "/c.exe?x=1", "/style.css", "/d.png")) == {}


def test_a_link_that_does_something_is_left_and_told():
    left: dict[str, str] = {}
    html = anchors("/a.html", "/logout", "/x.do?id=1") + '<a href="/x.do?id=1">删除</a><iframe src="/user/delete/2"></iframe>'
    found = children_of(Page(HOME, html.encode()), lease(), assignment(), left)
    assert [child.url for child in found] == [f"{HOME}a.html"]
    assert left == {
        f"{HOME}user/delete/2": "would delete something",
        f"{HOME}logout": "would end a session",
        f"{HOME}x.do?id=1": "would delete something",
    }


def test_what_there_is_too_much_of_is_told():
    left: dict[str, str] = {}
    html = anchors(*(f"/{number}.html" for number in range(12)), f"/{'x' * 1000}", f"http://other.gov.cn/{'x' * 1000}")
    found = children_of(Page(HOME, html.encode()), lease(), assignment(), left, VisitLimits(links=10, url_chars=1_000))
    assert [child.url for child in found] == [f"{HOME}{number}.html" for number in range(10)]
    assert left == {HOME: "2 of its links, which are too many; 1 addresses of more than 1,000 characters"}


def test_a_redirect_to_an_address_that_is_too_long_is_a_fault():
    fault = redirect_fault(lease(f"{HOME}a"), assignment(), f"/{'x' * 1000}", VisitLimits(url_chars=1_000))
    assert fault == "redirects to an address of 1027 characters"


def test_a_redirect_out_of_a_session_is_not_followed():
    assert redirect_fault(lease(f"{HOME}a"), assignment(), "/logout") == "redirects to an address that would end a session"


def test_a_link_to_the_page_itself_is_no_child():
    assert children(anchors("#top", "/", "?")).keys() <= {f"{HOME}?"}


def test_a_stub_that_sends_the_visitor_on_makes_its_target_a_home_page():
    assert children('<meta http-equiv="refresh" content="0;url=/portal/index.html">') == {
        "http://www.qingshan.gov.cn/portal/index.html": PageClass.HOME
    }
    assert children('<script>window.location.href="/web/"</script>') == {"http://www.qingshan.gov.cn/web/": PageClass.HOME}


def test_a_frame_of_a_full_page_is_not_a_home_page():
    html = anchors("/1.html", "/2.html", "/3.html") + '<iframe src="/banner/"></iframe>'
    assert children(html)["http://www.qingshan.gov.cn/banner/"] is PageClass.COLUMN


def test_pages_of_a_host_that_the_home_page_moved_to_find_their_children_there():
    moved = "http://portal.qingshan.gov.cn/"
    assert children(anchors("/x/"), moved) == {"http://portal.qingshan.gov.cn/x/": PageClass.COLUMN}


@pytest.mark.parametrize(
    ("path", "page_class"),
    [
        ("xwzx/", PageClass.COLUMN),
        ("col/col1234/index.html", PageClass.COLUMN),
        ("zwgk/list.html", PageClass.COLUMN),
        ("zwgk", PageClass.COLUMN),
        ("xwzx/202403/t20240312_4567.html", PageClass.ARTICLE),
        ("art/2024/3/12/art_1234_56789.html", PageClass.ARTICLE),
        ("info/1010/2345.htm", PageClass.ARTICLE),
        ("show.php?id=123", PageClass.ARTICLE),
        ("zwgk/index_2.html", PageClass.OTHER),
        ("list.jsp?page=3", PageClass.OTHER),
        ("P020240312.pdf", PageClass.ATTACHMENT),
        ("files/名单.xlsx", PageClass.ATTACHMENT),
    ],
)
def test_an_address_tells_what_it_is_expected_to_be(path, page_class):
    assert class_of(f"{HOME}{path}") is page_class


def test_a_redirect_inside_the_site_becomes_a_child_of_the_same_class():
    child = redirect_child(lease(f"{HOME}a", PageClass.COLUMN), assignment(), "/b/")
    assert child is not None
    assert (child.url, child.page_class) == (f"{HOME}b/", PageClass.COLUMN)


def test_only_a_home_page_may_move_to_another_host_of_its_domain():
    elsewhere = "https://portal.qingshan.gov.cn/"
    assert redirect_child(lease(), assignment(), elsewhere) is not None
    assert redirect_child(lease(f"{HOME}a", PageClass.COLUMN), assignment(), elsewhere) is None
    assert redirect_child(lease(), assignment(), "http://bet.test/") is None


def test_a_redirect_to_itself_or_to_nothing_is_no_child():
    assert redirect_child(lease(), assignment(), HOME) is None
    assert redirect_child(lease(), assignment(), "javascript:void(0)") is None
