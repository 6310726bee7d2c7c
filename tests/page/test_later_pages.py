"""What later pages of a list say of the column that they are part of."""

from datetime import date, timedelta

import pytest

from govcrawl.page.columns import column_of
from govcrawl.page.later_pages import later_page
from govcrawl.page.model import Page

TODAY = date(2025, 11, 20)
HOST = "http://www.qingshan.gov.cn"
FALLING = [TODAY - timedelta(days=40 + 3 * n) for n in range(8)]
PAGER = '<div class="pages"><a href="{}">首页</a> <a href="{}">上一页</a> <a href="/x/9.html">下一页</a> <a href="/x/20.html">尾页</a></div>'


def page(at, days=FALLING, pager=""):
    rows = "".join(
        f'<li><a href="/art/{n}.html">关于第{n}项工作情况的报道</a><span>{day}</span></li>' for n, day in enumerate(days)
    )
    html = f'<title>工作动态-青山县人民政府</title><div>当前位置：首页 &gt; 工作动态</div><ul class="list">{rows}</ul>{pager}'
    return Page(HOST + at, html.encode(), today=TODAY)


@pytest.mark.parametrize(
    ("at", "pager", "first"),
    [
        ("/gzdt/index_2.html", "", "/gzdt/index.html"),
        ("/gzdt/list-2.shtml", "", "/gzdt/list.shtml"),
        ("/list.do?id=7&page=2", "", "/list.do?id=7"),
        ("/list.do?page=2&id=7", "", "/list.do?id=7"),
        ("/gzdt/index_2.html", PAGER.format("/gzdt/", "/gzdt/"), "/gzdt/"),
        ("/yydt/11.htm", PAGER.format("../yydt.htm", "../yydt.htm"), "/yydt.htm"),
        ("/yydt/11.htm", '<a href="../yydt.htm">上一页</a>', "/yydt.htm"),
        ("/gzdt/index_2.html", PAGER.format("/", "/gzdt/"), "/gzdt/"),
        ("/tz/list_25_2.html", '<a href="list_25_1.html">上一页</a>', "/tz/list_25_1.html"),
    ],
)
def test_a_second_page_is_part_of_the_column_of_the_first(at, pager, first):
    second = page(at, pager=pager)
    assert column_of(second) is None
    told = later_page(second)
    assert told.part_of == HOST + first
    assert (told.newest, told.items, told.dated_items) == (FALLING[0], 8, 8)
    assert len(told.item_dates) == len(told.item_marks) == 8


MENU = '<div class="menu"><a href="/">首页</a> <a href="index.htm">工作动态</a> <a href="../tzgg/index.htm">通知公告</a></div>'
BROKEN = '<a href="$cms.getIndexFileName($curChannel,$prePage)">&lt;&lt;</a>'
MARKS = '<div class="pages">{} <a href="{}">&gt;&gt;</a></div>'


@pytest.mark.parametrize("back", [BROKEN, '<a href="index.htm">&laquo;</a>'])
@pytest.mark.parametrize("menu", [MENU, MENU.replace('"index.htm"', '"/gzdt/"')])
def test_a_numbered_file_is_a_later_page_of_the_file_without_a_number(back, menu):
    second = page("/gzdt/index1.htm", pager=menu + MARKS.format(back, "index2.htm"))
    assert column_of(second) is None
    assert later_page(second).part_of == HOST + ("/gzdt/index.htm" if menu is MENU else "/gzdt/")
    third = page("/gzdt/index2.htm", pager=menu + MARKS.format(back, "index3.htm"))
    assert column_of(third) is None
    assert later_page(third) is None


@pytest.mark.parametrize(
    ("at", "pager"),
    [
        ("/gzdt/index.htm", MENU + MARKS.format("", "index1.htm")),
        ("/gzdt/index1.htm", MENU + MARKS.format("", "index2.htm")),
        ("/gzdt/index1.htm", MENU + MARKS.format('<a href="#">&lt;&lt;</a>', "index2.htm")),
        ("/gzdt/index1.htm", MENU + MARKS.format('<a href="javascript:">&lt;&lt;</a>', "index2.htm")),
        ("/gzdt/index1.htm", MENU + MARKS.format('<a href="index1.htm">&lt;&lt;</a>', "index2.htm")),
        ("/gzdt/index1.htm", MENU + MARKS.format(BROKEN, "index3.htm")),
        ("/gzdt/index1.htm", MARKS.format(BROKEN, "index2.htm")),
        ("/gzdt/news1.htm", MENU + MARKS.format(BROKEN, "news2.htm")),
        ("/index1.htm", MENU + MARKS.format(BROKEN, "index2.htm")),
    ],
)
def test_a_number_in_the_name_of_a_file_alone_makes_no_later_page(at, pager):
    first = page(at, pager=pager)
    assert later_page(first) is None
    assert column_of(first) is not None


RISING = FALLING[::-1]
MIXED = [FALLING[at] for at in (3, 0, 7, 2, 6, 1, 5, 4)]


@pytest.mark.parametrize(("days", "may"), [(FALLING, False), (RISING, True), (MIXED, True)])
def test_behind_the_second_page_only_a_list_that_does_not_fall_may_hold_the_newest(days, may):
    assert (later_page(page("/gzdt/index_5.html", days)) is not None) is may


def test_of_a_list_that_ended_more_than_a_year_ago_the_last_page_tells_nothing():
    assert later_page(page("/gzdt/index_5.html", [day - timedelta(days=365) for day in RISING])) is None


def test_a_third_page_is_no_second_one():
    third = page("/yydt/10.htm", pager=PAGER.format("../yydt.htm", "11.htm"))
    assert later_page(third) is None


def test_where_a_numbered_page_comes_before_and_nothing_tells_the_first_none_is_known():
    """On the site of a university page 2 of 8 is 7.htm, and the one before page 3 is that."""
    assert later_page(page("/yydt/6.htm", RISING, '<a href="7.htm">上一页</a>')) is None


def test_a_first_page_an_article_and_a_list_without_days_are_no_later_pages():
    assert later_page(page("/gzdt/")) is None
    assert later_page(page("/gzdt/index_1.html")) is None
    assert later_page(page("/gzdt/index_2.html", [])) is None
    article = '<meta name="ArticleTitle" content="通知"><p>' + "会议要求认真贯彻落实。" * 40
    assert later_page(Page(f"{HOST}/gzdt/index_2.html", article.encode(), today=TODAY)) is None
