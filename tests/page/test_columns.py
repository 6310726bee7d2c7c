"""Columns: what a page says of the column that it shows."""

from datetime import date

import pytest

from govcrawl.page.columns import UNDATED, column_of
from govcrawl.page.model import Page
from govcrawl.sites.model import ColumnClass

TODAY = date(2025, 11, 20)
ROW = '<li><a href="/art/{n}.html">关于第{n}项工作情况的报道</a><span>{day}</span></li>'
HOST = "http://www.qingshan.gov.cn"


def listed(*days):
    return '<ul class="list">' + "".join(ROW.format(n=n, day=day) for n, day in enumerate(days, 1)) + "</ul>"


def page(html, path="/zwgk/tzgg/", title="通知公告-青山县人民政府", **kwargs):
    return Page(HOST + path, f"<title>{title}</title>{html}".encode(), today=TODAY, **kwargs)


FIVE = ("2025-11-05", "2025-11-01", "2025-10-20", "2025-10-11", "2025-10-01")
CRUMBS = '<div class="dqwz">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 通知公告</div>'


def test_a_column_carries_its_newest_entry_and_where_the_day_was_read():
    column = column_of(page(CRUMBS + listed(*FIVE)))
    assert (column.name, column.column_class, column.class_from) == ("通知公告", ColumnClass.NOTICE, "name")
    assert (column.items, column.dated_items, column.newest, column.newest_from) == (5, 5, date(2025, 11, 5), "item")
    assert column.newest_title == "关于第1项工作情况的报道"
    assert column.newest_url == f"{HOST}/art/1.html"


@pytest.mark.parametrize(
    ("crumbs", "first"),
    [
        ('当前位置：<a href="/">首页</a> &gt; 通知公告', True),
        ('您所在的位置：<a href="/">青山县人民政府</a> » <a href="/tzgg/">通知公告</a>', True),
        ('您现在的位置：<a href="/">网站首页</a>&gt;&gt;<a href="/zwgk/">政务公开</a>&gt;&gt;通知公告', False),
    ],
)
def test_the_breadcrumb_tells_whether_a_column_is_of_the_first_level(crumbs, first):
    column = column_of(page(f"<div>{crumbs}</div>{listed(*FIVE)}"))
    assert (column.name, column.first_level) == ("通知公告", first)


def test_the_type_of_the_tag_standard_outranks_the_name():
    html = '<meta name="ColumnName" content="服务专窗"><meta name="ColumnType" content="工作动态">' + listed(*FIVE)
    column = column_of(page(html))
    assert (column.column_class, column.class_from) == (ColumnClass.NEWS, "meta")


def test_the_address_tells_the_class_where_nothing_else_does():
    column = column_of(page(listed(*FIVE), "/zwyw/", "一线风采"))
    assert (column.column_class, column.class_from) == (ColumnClass.NEWS, "address")


def test_news_of_an_office_of_finance_are_news():
    assert column_of(page(listed(*FIVE), title="财政动态-青山县财政局")).column_class is ColumnClass.NEWS


def test_the_name_of_a_site_is_no_name_of_a_column():
    assert column_of(page(listed(*FIVE), "/a/b/", "青山县公共资源交易中心")).column_class is None


def test_a_column_of_three_entries_is_a_column():
    column = column_of(page(CRUMBS + listed(*FIVE[:3])))
    assert (column.items, column.newest) == (3, date(2025, 11, 5))


def test_entries_without_days_are_an_outcome_of_their_own():
    html = (
        CRUMBS
        + '<ul class="list">'
        + "".join(f'<li><a href="/a{n}.html">关于第{n}项工作情况的通知</a></li>' for n in range(6))
        + "</ul>"
    )
    column = column_of(page(html))
    assert (column.inspected, column.newest, column.dated_items, column.reason) == (True, None, 0, UNDATED)


def test_days_in_addresses_speak_for_entries_without_days():
    html = (
        CRUMBS
        + '<ul class="list">'
        + "".join(f'<li><a href="/art/2025/11/{n}/art_1_{n}.html">关于第{n}项工作情况的通知</a></li>' for n in range(1, 7))
        + "</ul>"
    )
    column = column_of(page(html))
    assert (column.newest, column.newest_from) == (date(2025, 11, 6), "address")


def test_the_box_of_the_hottest_articles_does_not_freshen_a_stale_list():
    side = '<div class="hot"><h3>热点新闻</h3>' + listed("2025-11-19", "2025-11-18", "2025-11-18") + "</div>"
    assert column_of(page(CRUMBS + side + listed("2024-02-05", *["2024-01-05"] * 7))).newest == date(2024, 2, 5)


def test_a_repost_does_not_freshen_a_list_of_the_sites_own():
    foreign = '<li><a href="http://www.other.gov.cn/1.html">转载的一篇重要报道</a><span>2025-11-19</span></li>'
    html = CRUMBS + listed(*FIVE).replace('<ul class="list">', f'<ul class="list">{foreign}')
    assert column_of(page(html)).newest == date(2025, 11, 5)


def test_a_list_of_reposts_lives_by_its_reposts():
    rows = "".join(
        f'<li><a href="http://www.gov.cn/{n}.html">国务院要闻第{n}条重要报道</a><span>2025-11-1{n}</span></li>' for n in range(6)
    )
    assert column_of(page(f"<ul>{rows}</ul>")).newest == date(2025, 11, 15)


def test_later_pages_and_articles_are_no_columns():
    assert column_of(page(CRUMBS + listed(*FIVE), "/zwgk/tzgg/index_2.html")) is None
    assert column_of(page('<meta name="ArticleTitle" content="通知">' + CRUMBS + listed(*FIVE))) is None


def test_the_home_page_is_observed_with_the_newest_of_all_its_lists():
    html = (
        listed("2025-10-01", "2025-09-30", "2025-09-29")
        + '<div class="hot"><ul><li><a href="/x.html">图片里的一条新闻</a><em>11-18</em></li></ul></div>'
    )
    column = column_of(page(html, "/", "青山县人民政府"))
    assert (column.column_class, column.newest, column.inspected) == (ColumnClass.HOME, date(2025, 11, 18), True)


def test_a_home_page_of_navigation_is_not_inspected():
    column = column_of(page('<a href="/zwgk/">政务公开</a><a href="/wsbs/">网上办事</a>', "/", "青山县人民政府"))
    assert (column.column_class, column.inspected) == (ColumnClass.HOME, False)


@pytest.mark.parametrize(
    "holder",
    [
        '<ul class="list"></ul>',
        '<div class="main"><div class="con"><ul class="newslist"></ul></div></div>',
        '<div class="list_con"><p>暂无内容</p></div>',
        '<div class="main">暂无相关信息！</div>',
        "<div>栏目正在建设中，敬请期待</div>",
        '<div class="list">对不起，该栏目下暂无信息。</div>',
        '<div class="list">没有查询到相关数据</div>',
        '<div class="list">抱歉，未找到符合条件的信息！</div>',
        '<table class="list"><tr><td>暂无数据</td></tr></table>',
        "<table><tr><th>标题</th><th>时间</th></tr></table>",
        '<table class="xxgk"><thead><tr><th>序号</th><th>信息名称</th><th>发布日期</th></tr></thead><tbody></tbody></table>',
        '<main><div class="posts"></div></main>',
        '<script src="/js/jquery-3.6.0.min.js"></script><div class="main"><div class="group"></div></div>',
    ],
)
def test_a_list_without_entries_is_blank(holder):
    column = column_of(
        page(
            CRUMBS
            + holder
            + '<ul class="yqlj">'
            + "".join(f'<li><a href="http://www.other{n}.gov.cn/">某某省人民政府网站{n}</a></li>' for n in range(6))
            + "</ul>"
        )
    )
    assert column is not None
    assert (column.inspected, column.items, bool(column.placeholder)) == (True, 0, True)


def test_blank_is_seen_beside_a_box_of_hot_articles():
    side = '<div class="side"><h3>热点推荐</h3>' + listed(*FIVE) + "</div>"
    column = column_of(page(CRUMBS + '<div class="main">暂无内容</div>' + side))
    assert (column.items, column.placeholder) == (0, "暂无内容")


@pytest.mark.parametrize(
    "script",
    [
        '<ul class="list" id="l"></ul><script>$.getJSON("/data/tzgg.json",function(d){show(d)})</script>',
        '<ul class="list" id="l"></ul><script>var x=new XMLHttpRequest();x.open("GET","/api/list?id=1")</script>',
        '<div id="app"></div><script src="/app.js"></script>',
        '<ul class="list"><li v-for="i in items">{{ i.title }}</li></ul><p>暂无内容</p>',
        '<ul class="list"></ul><p>数据加载中</p>',
        '<ul id="list1"></ul><script>document.getElementById("list1").innerHTML=render()</script>',
        '<script>$(".list").load("/module/web/jpage/dataproxy.jsp?page=1&columnid=7")</script><div class="list"></div>',
        '<div class="posts"></div><script src="/js/site.js"></script>',
        '<div class="main"><div class="group"></div></div><script>start()</script>',
        '<div class="content"></div><iframe src="/list.do" width="800" height="600"></iframe>',
    ],
)
def test_a_list_that_a_script_fills_is_not_blank(script):
    column = column_of(page(CRUMBS + script))
    assert column is None or not column.inspected


@pytest.mark.parametrize(
    "html",
    [
        '<div class="clear"></div><div class="line"></div>',
        '<div class="main"><img src="/images/scan.jpg"></div><div class="clear"></div>',
        "<table><tr><th>标题</th><th>时间</th></tr><tr><td>附件一</td><td>-</td></tr></table>",
        '<div class="side"><h3>热点推荐</h3><div class="items"></div></div>',
    ],
)
def test_an_empty_box_that_was_never_for_the_list_says_nothing(html):
    column = column_of(page(CRUMBS + html))
    assert column is None or not column.inspected


def test_a_visit_counter_does_not_keep_a_blank_column_from_being_seen():
    html = CRUMBS + '<div class="list">暂无内容</div><script>$.get("/site/count/hits?id=3",function(d){})</script>'
    assert column_of(page(html)).placeholder == "暂无内容"


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<form><input name=q></form><p>暂无数据</p>", "站内搜索"),
        ('<form><input type="password"></form><div class="list"></div>', "办件系统"),
        ("<p>" + "我局主要职责是贯彻执行国家有关方针政策。" * 12 + '</p><div class="list"></div>', "机构职能"),
        ('<meta http-equiv="refresh" content="0;url=/zwgk/"><div class="list"></div>', "通知公告"),
    ],
)
def test_forms_texts_and_redirects_are_not_blank(html, title):
    assert column_of(page(CRUMBS + html, title=title)) is None


@pytest.mark.parametrize(
    "content",
    [
        '<div class="List_Box"><p>学校地址：青山县人民路1号</p></div><div class="List_B"></div>',
        '<div class="news_content"><p><embed src="/viewer.swf" width="800" height="1100"></p></div>',
        '<ul class="color-list"><li class="red"></li><li class="blue"></li><li class="green"></li></ul>',
    ],
)
def test_edges_viewers_and_colours_are_no_empty_list(content):
    column = column_of(page(f'<meta name="ColumnName" content="学校位置">{CRUMBS}{content}', title="学校位置-青山县人民政府"))
    assert column is None or not column.placeholder


def test_a_page_at_the_address_of_an_article_is_no_column():
    html = f'{CRUMBS}<h1>招生简章</h1><div class="news-list"></div>'
    assert column_of(page(html, "/info/1055/1245.htm")) is None


def test_a_page_that_tells_the_day_of_its_publication_is_no_blank_list():
    html = f'{CRUMBS}<h1>招生简介</h1><p>发布时间：2025-08-28</p><div class="news-list"></div>'
    column = column_of(page(html, "/p/16/st_app_news_i_x637"))
    assert column is None or not column.placeholder


@pytest.mark.parametrize(
    ("previous", "path", "later"),
    [
        ('<a href="/yydt/2.html">上一页</a>', "/yydt/3.html", True),
        ('<a href="/yydt/index.html"><span>&lt; 上页</span></a>', "/yydt/2.html", True),
        ('<a href="/zwgk/tzgg/">上一页</a>', "/zwgk/tzgg/index.html", False),
        ('<a href="index.html">上一页</a>', "/zwgk/tzgg/", False),
        ('<a href="#">上一页</a>', "/zwgk/tzgg/", False),
        ('<a href="javascript:void(0)">上一页</a>', "/zwgk/tzgg/", False),
        ("<span>上一页</span>", "/zwgk/tzgg/", False),
        ('<a href="/zwgk/sm.html">请点上一页的说明查看办理流程</a>', "/zwgk/tzgg/", False),
    ],
)
def test_a_page_that_leads_back_to_another_is_a_later_one(previous, path, later):
    html = f'{CRUMBS}{listed(*FIVE)}<div class="pages">{previous} <a href="/yydt/4.html">下一页</a></div>'
    assert (column_of(page(html, path)) is None) is later


TEASERS = """<div><h3>学生活动</h3><ul><li><a href="/c1a7/page.htm">我院举行迎新晚会的报道</a><span>11-19</span></li>
<li><a href="/c1a6/page.htm">我院学生获得球赛冠军</a><span>11-12</span></li></ul><a href="/71/list.htm">更多</a></div>"""


def test_boxes_with_the_newest_of_other_columns_are_no_list_of_this_one():
    own = CRUMBS.replace("通知公告", "教学通知") + '<ul class="list"></ul>'
    assert column_of(page(own + TEASERS, "/35/list.htm", "教学通知")).newest is None
    stale = column_of(
        page(own.replace('<ul class="list"></ul>', listed("2024-11-05", "2024-11-01")) + TEASERS, "/35/list.htm", "教学通知")
    )
    assert stale.newest == date(2024, 11, 5)


def test_a_box_that_bears_the_name_of_the_page_is_its_own_though_it_leads_on():
    assert column_of(page(CRUMBS + TEASERS, "/71/list.htm", "学生活动")).newest == date(2025, 11, 19)


def test_the_parts_of_a_column_speak_for_the_page_above_them():
    parts = TEASERS.replace("/71/list.htm", "/xsgz/xshd/")
    assert column_of(page(CRUMBS + listed("2025-10-05") + parts, "/xsgz/", "学生工作-青山县")).newest == date(2025, 11, 19)


@pytest.mark.parametrize(("row", "box"), [("li", "ul"), ("tr", "table")])
def test_a_list_that_is_turned_over_is_no_side_box_whatever_its_class_is_named(row, box):
    pager = '<div><a class="total">59条</a> <a href="/zwgk/tzgg/">上一页</a> <a href="/zwgk/tzgg/2.html">下一页</a></div>'
    rows = "".join(f'<{row}><td><a href="/{day}.html">召开第{day}次会议</a></td> <td>{day}</td></{row}>' for day in FIVE)
    related = f'<div class="item relate_article"><{box}>{rows}</{box}>\n{{}}</div>'
    assert column_of(page(CRUMBS + related.format(pager))).newest == date(2025, 11, 5)
    assert column_of(page(CRUMBS + related.format("") + "<ul></ul>" + pager)).newest is None


@pytest.mark.parametrize("at", ["/zwgk/tzgg/", "/zwgk/tzgg/list.htm"])
def test_a_box_of_related_articles_is_a_list_where_nothing_else_is_told(at):
    rows = "".join(f'<li><a href="/{day}.html">召开第{day}次会议</a> {day} <p>会议的主要内容。</p></li>' for day in FIVE)
    related = f'<div class="item relate_article"><ul>{rows}</ul></div>'
    assert column_of(page(CRUMBS + related, at)).newest == date(2025, 11, 5)
    text = "<p>" + "会议强调，各单位要认真落实防汛工作责任，确保人民群众安全。" * 12 + "</p>"
    for other in (text, "发布时间：2025-03-04", '<div><a href="2.html">下一页</a></div>'):
        shown = page(CRUMBS + other + "<hr>" + related, at)
        assert not any(item.dated for item in shown.items)
    assert not any(item.dated for item in page(CRUMBS + related.replace("relate_article", "sidenews"), at).items)


def test_a_short_list_with_teasers_is_a_list_at_the_address_of_one():
    prose = "<p>" + "今年以来，学院青年教师联谊会组织开展了系列讲座与参观活动，受到广泛好评。" * 12 + "</p>"
    rows = listed("2025-11-05", "2025-10-01").replace("</li>", prose + "</li>")
    assert column_of(page(rows, "/24793/list.htm", "青年联谊")).newest == date(2025, 11, 5)
    assert column_of(page(rows, "/24793/about.htm", "青年联谊")) is None


def test_a_pager_that_counts_no_record_tells_a_blank_column_whatever_a_side_box_links():
    pager = "<ul></ul><ul><li><span>共 <strong>0</strong>页<strong>0</strong>条记录</span></li></ul>"
    box = "<h2>大家都在了解</h2><table>" + "<tr><td><a href='/a.html'>孩子写字很慢怎么办</a></td></tr>" * 6 + "</table>"
    assert column_of(page(CRUMBS + pager + box, "/xjsb/", "先进设备-青山县医院")).placeholder == "a pager that counts no record"
    assert (
        column_of(page(CRUMBS + pager.replace("<strong>0", "<strong>10") + box, "/xjsb/", "先进设备-青山县医院")).placeholder
        == ""
    )


def test_the_empty_place_of_a_day_in_an_entry_is_no_empty_list():
    entry = '<li><div class="list_time"></div><a href="/notice/1.html">青山大学招聘博士后</a></li>'
    assert column_of(page(f'{CRUMBS}<ul class="rows">{entry}</ul>', "/notice.html")).placeholder == ""


@pytest.mark.parametrize(
    ("trail", "name"),
    [
        (
            '<div><a href="/">首页</a> &gt; <a href="/xwzx/">新闻中心</a> &gt; <a href="/xwzx/hybk/">行业百科</a></div>',
            "行业百科",
        ),
        ('<div><a href="/">首页</a> | <a href="/xwzx/">新闻中心</a> | <a href="/lxwm/">联系我们</a></div>', "青山大学"),
        ('<div class="box"><div>当前位置 : 首页-&gt;本地信息-&gt;本地动态</div></div>', "本地动态"),
        ('<div class="xwlb"><a href="/1.html">总结——展望——未来</a> <span>2022-04-15</span></div>', "青山大学"),
    ],
    ids=["without a label", "a menu", "one text, and the entries in its box", "an entry"],
)
def test_the_trail_names_the_column(trail, name):
    html = f"<div>{trail}{listed(*FIVE)}</div>"
    assert column_of(page(html, "/xwzx/hybk/index.html", "青山大学")).name == name


def test_what_stands_below_a_column_of_policies_is_policy():
    trail = '<div><a href="/">首页</a> &gt; <a href="/zcfg/">政策法规</a> &gt; <a href="/a/">司法解释</a></div>'
    assert column_of(page(trail + listed(*FIVE), "/a/", "青山大学")).column_class is ColumnClass.POLICY
    news = trail.replace("政策法规", "新闻中心")
    assert column_of(page(news + listed(*FIVE), "/a/", "青山大学")).column_class is None


@pytest.mark.parametrize(
    "room", ["<DIV CLASS=nr></DIV>", '<table width="96%" class="hh"></table>', '<div class="neirong"> </div>']
)
def test_an_empty_box_for_the_content_is_blank_where_no_script_could_fill_it(room):
    assert column_of(page(CRUMBS + room)).placeholder
    filled = column_of(page(f"{CRUMBS}{room}<script>show(1)</script>"))
    assert filled is None or not filled.placeholder
