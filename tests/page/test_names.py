"""What a column is called whose page names neither itself nor its place."""

from datetime import date

import pytest

from govcrawl.page.model import Page

HOST = "http://www.qingshan.gov.cn"
TODAY = date(2025, 11, 20)
ROWS = "".join(f'<li><a href="/art/{n}.html">关于第{n}项工作情况的报道</a><span>2025-11-0{n}</span></li>' for n in range(1, 8))
LIST = f'<ul class="list">{ROWS}</ul>'
MENU = '<div class="nav"><a href="/">首页</a><a href="/zwgk/tzgg/">{}</a><a href="/zwgk/zcwj/">政策文件</a></div>'


def name(html, title="青山县人民政府", at="/zwgk/tzgg/"):
    return Page(HOST + at, f"<title>{title}</title>{html}".encode(), today=TODAY).column_name


@pytest.mark.parametrize("at", ["/zwgk/tzgg/", "/zwgk/tzgg/index.html"])
def test_the_link_of_the_navigation_that_leads_here_names_the_column(at):
    assert name(MENU.format("通知公告") + LIST, at=at) == "通知公告"


def test_a_relative_link_leads_here_as_well():
    assert name('<a href="../tzgg/">公示公告</a>' + LIST) == "公示公告"


def test_an_address_with_a_query_is_another_page_for_each_query():
    menu = '<a href="/list.do?id=12">人事信息</a><a href="/list.do?id=1">工作动态</a>'
    assert name(menu + LIST, at="/list.do?id=1") == "工作动态"


def test_most_links_decide():
    assert name(MENU.format("通知公告") * 2 + '<a href="/zwgk/tzgg/">县府通知</a>' + LIST) == "通知公告"


@pytest.mark.parametrize("words", ["更多", "首页", "返回上一级", "第一页", "1", "more", "青山县人民政府", "下一页", "点击进入"])
def test_what_one_does_with_a_page_is_no_name(words):
    assert name(MENU.format(words) + LIST) == "青山县人民政府"


def test_an_entry_of_a_menu_that_is_only_marked_may_be_a_filter():
    assert name('<ul><li class="on"><a href="javascript:;">按省份</a></li></ul>' + LIST) == "青山县人民政府"


def test_the_page_itself_comes_first():
    menu = MENU.format("通知公告")
    assert name('<meta name="ColumnName" content="公告栏">' + menu + LIST) == "公告栏"
    assert name("<div>当前位置：首页 &gt; 政务公开 &gt; 公告</div>" + menu + LIST) == "公告"
    assert name(menu + LIST, "县府公告-青山县人民政府") == "通知公告"
    assert name(LIST, "县府公告-青山县人民政府") == "县府公告"


def test_the_only_heading_right_above_the_entries_names_a_list():
    assert name(f"<h2>团委文件</h2>{LIST}", at="/file/") == "团委文件"


@pytest.mark.parametrize(
    "html",
    [
        f"<h2>焦点新闻</h2>{LIST}<h2>学术活动</h2><p>-</p>",
        f"<h2>热点推荐</h2>{LIST}",
        f"<h2>团委文件</h2>{'<p>青山县简介</p>' * 6}{LIST}",
        f"<div>团委文件</div>{LIST}",
    ],
)
def test_one_of_several_headings_a_side_box_or_one_far_above_names_nothing(html):
    assert name(html, at="/file/") == "青山县人民政府"


@pytest.mark.parametrize("at", ['/zwgk/tz"gg/', "/zwgk/tz\\gg/", "/zwgk/tz]gg/", "/zwgk/'/", "/zwgk/?a\n=1"])
def test_no_address_breaks_the_search(at):
    assert name(f"<p>{at}</p>{MENU.format('通知公告')}{LIST}", at=at) == "青山县人民政府"


def test_an_ampersand_may_be_spelled_in_two_ways():
    assert name('<a href="/list.do?a=1&amp;id=7">人事信息</a>' + LIST, at="/list.do?a=1&id=7") == "人事信息"
