"""What a page is."""

from datetime import date

import pytest

from govcrawl.page.model import Page
from govcrawl.page.values import PageKind

HOST = "http://www.qingshan.gov.cn"
PROSE = "<p>" + "会议强调要认真贯彻落实工作部署，扎实推进各项任务落地见效。" * 14 + "</p>"
LISTED = (
    "<ul>"
    + "".join(f'<li><a href="/art/{n}.html">关于第{n}项工作情况的报道</a><span>2025-10-{n:02d}</span></li>' for n in range(1, 11))
    + "</ul>"
)
TEASED = "".join(
    f'<div class="row"><p><a href="/content/{n}.html">县领导调研民生实事第{n}项工作</a></p><p>来源：县政府办公室 浏览次数：{n}</p>'
    "<div>县领导到乡镇调研有关工作并召开座谈会，对下一步工作提出要求，各单位要抓好落实。</div></div>"
    for n in range(10)
)
# Their addresses tell a day, and nothing else does.
RELATED = (
    "<ul>"
    + "".join(f'<li><a href="/art/2025/10/{n}/art_1_{n}.html">关于第{n}项工作情况的报道</a></li>' for n in range(10, 25))
    + "</ul>"
)
CRUMBS = '<div>当前位置：<a href="/">首页</a> &gt; 工作动态</div>'


def kind(html, path="/a/b", title="工作动态-青山县", status=200, **headers):
    return Page(HOST + path, f"<title>{title}</title>{html}".encode(), status, headers, date(2025, 11, 20)).kind


@pytest.mark.parametrize(
    ("expected", "html", "path"),
    [
        (PageKind.HOME, LISTED, "/"),
        (PageKind.HOME, LISTED, "/index.html"),
        (PageKind.HOME, PROSE, "/default.aspx"),
        (PageKind.LIST, CRUMBS + LISTED, "/gzdt/"),
        (PageKind.LIST, CRUMBS + LISTED, "/col/col1229/index.html"),
        (PageKind.LIST, '<meta name="ColumnName" content="工作动态">' + LISTED, "/gzdt/"),
        (PageKind.LIST, LISTED + PROSE * 3 + "<p>共120条 上一页 下一页 尾页</p>", "/gzdt"),
        (PageKind.LIST, CRUMBS + TEASED, "/gzdt/index.jhtml"),
        (PageKind.ARTICLE, '<meta name="ArticleTitle" content="报道">' + PROSE, "/gzdt/"),
        (PageKind.ARTICLE, f"<h1>一篇报道</h1><p>来源：办公室 浏览次数：3</p>{PROSE}", "/art/2025/3/5/art_1_2.html"),
        (PageKind.ARTICLE, f"<h1>一篇报道</h1><p>来源：办公室 浏览次数：3</p>{PROSE}{RELATED}", "/gzdt/x"),
        (PageKind.LIST, CRUMBS + RELATED, "/gzdt/x"),
        (PageKind.ARTICLE, f"<h1>一篇报道</h1><p>发布时间：2025-03-05 来源：办公室</p>{PROSE}{LISTED}", "/info/1033/5375.htm"),
        (PageKind.ARTICLE, f"<h1>一篇报道</h1><p>发布时间：2025-03-05</p>{PROSE * 2}<p>上一篇：无 打印本页</p>", "/gzdt/5375"),
        (PageKind.ERROR, "<p>您访问的页面不存在</p>", "/x"),
        (PageKind.OTHER, "<form><input name=a></form>", "/wsbs/apply"),
    ],
)
def test_a_page_is_known_by_what_fills_it(expected, html, path):
    assert kind(html, path) is expected


@pytest.mark.parametrize(
    "title", ["404 Not Found", "401 - 未授权: 由于凭据无效，访问被拒绝。", "500 - 内部服务器错误。", "错误页面"]
)
def test_an_error_under_status_200_is_an_error(title):
    assert kind("<p>&nbsp;</p>", title=title) is PageKind.ERROR


def test_a_status_of_failure_is_an_error_and_a_file_an_attachment():
    assert kind(LISTED, status=404) is PageKind.ERROR
    pdf = Page(f"{HOST}/a.pdf", b"%PDF-1.7\n", headers={"content-type": "application/pdf"})
    assert pdf.kind is PageKind.ATTACHMENT


def test_an_article_about_an_error_is_an_article():
    assert kind(PROSE * 3, "/art/2025/3/5/art_1_2.html", "我市整治网站页面不存在等错误链接") is PageKind.ARTICLE


SHORT = "<p>因检修管道，明日停水一天，请用户做好储水准备。</p>"


@pytest.mark.parametrize(
    "byline",
    [
        "发布时间：2025-05-28 来源：水务局",
        "时间：2025-05-28 来源：<a href='javascript:;'>县慈善总会</a>",
        "日期：2025-05-28 15:29 浏览量：1 <a href='javascript:void(0)' onclick='window.print()'>打印本文</a>",
        "【信息发布时间：2025-05-28】<a href='javascript:window.print();'>我要打印</a> <a href='javascript:window.close();'>关闭</a>",
        "2025-05-28 15:00",
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        "/tzgg/202505/t20250528_4300.html",
        "/5/2e/c3328a110055/page.htm",
        "/html/995/2025-05-28/content-4300.html",
        "/info/1029/17681.htm",
    ],
)
def test_a_short_notice_is_an_article_and_its_buttons_are_no_list(byline, path):
    assert kind(f"{CRUMBS}<h1>停水通知</h1><p>{byline}</p>{SHORT}", path) is PageKind.ARTICLE


def test_the_source_that_a_template_writes_on_every_page_makes_no_article():
    meta = (
        '<meta name="ArticleTitle" content=""><meta name="PubDate" content=""><meta name="ContentSource" content="青山县林业局">'
    )
    assert kind(meta + CRUMBS + LISTED, "/xxgk/bmwj/index.html") is PageKind.LIST


def test_a_column_whose_entries_a_script_opens_is_a_list():
    opened = "".join(f'<li><a href="javascript:;">第{n}年度科研成果</a><span>2025-09-1{n}</span></li>' for n in range(2))
    assert kind(f"{CRUMBS}<ul>{opened}</ul>", "/kjyj/kycg.html") is PageKind.LIST


@pytest.mark.parametrize(
    "attached",
    ["<p>附件1：<a href='/f/1.docx'>学校工作月历表.docx</a></p>", "<p>按<a href='javascript:;'>农业部公告2568号</a>执行。</p>"],
)
def test_what_is_linked_below_the_day_of_an_article_is_no_entry_of_a_list(attached):
    byline = "<p>作者：石慧芬</p><p>发布时间：2025-08-28</p><p>阅读数：</p>"
    neighbours = "<p>上一篇：<a href='/3663.html'>立足根本谋创新</a> 下一篇：没有了</p>"
    assert kind(f"{CRUMBS}<h1>工作月历表</h1>{byline}{attached}{neighbours}", "/3664.html") is PageKind.ARTICLE


def test_the_only_entry_of_a_list_may_have_a_label_before_its_day():
    entry = '<ul><li><a href="/3664.html">学校工作月历表已经公布</a><span>发布时间：2025-08-28</span></li></ul>'
    assert kind(CRUMBS + entry, "/gzdt/") is PageKind.LIST


def test_many_dated_links_beside_an_article_make_no_list_of_it():
    side = (
        "<ul>"
        + "".join(
            f'<li><a href="/2011/0606/{n}.html">关于第{n}项统计的说明</a><span>10-{n:02d}</span></li>' for n in range(1, 29)
        )
        + "</ul>"
    )
    assert kind(f"{CRUMBS}<h1>统计方法</h1>{PROSE * 3}{side}", "/2011/0606/675.html") is PageKind.ARTICLE


@pytest.mark.parametrize(("path", "expected"), [("/index_1.html", PageKind.HOME), ("/index5.html", PageKind.LIST)])
def test_a_numbered_file_at_the_root_is_a_home_page_only_with_the_first_number(path, expected):
    assert kind(CRUMBS + LISTED, path) is expected


def test_a_file_below_the_day_of_an_article_is_attached_to_it_and_one_above_its_day_an_entry():
    byline, attached = (
        "<div>日期：2025-09-08 信息来源：</div>",
        "<p><a href='/f?id=7'>考试大纲.zip</a></p><p>下一条：<a href='/3.html'>简章</a></p>",
    )
    assert kind(f"{CRUMBS}<h1>考试大纲</h1>{byline}{attached}", "/2371.html") is PageKind.ARTICLE
    entry = "<ul><li><a href='/f?id=7'>考试大纲.zip</a> <span>发布时间：2025-09-08</span></li></ul>"
    assert kind(CRUMBS + entry, "/zlxz/") is PageKind.LIST


def test_many_boxes_one_step_below_the_home_page_are_a_home_page_of_their_own():
    boxes = "".join(f'<div class="box{n}">{LISTED}</div>' for n in range(9))
    trail = '<div><a href="/">首页</a> &gt; <a href="/jsgc/">建设工程</a></div>'
    assert kind(trail + boxes, "/jsgc/", "青山公共资源交易中心") is PageKind.HOME
    assert kind(trail + LISTED * 9, "/jsgc/", "青山公共资源交易中心") is PageKind.HOME
    assert (
        kind(trail.replace("</div>", ' &gt; <a href="/jsgc/zb/">招标</a></div>') + boxes, "/jsgc/", "青山公共资源交易中心")
        is PageKind.LIST
    )


def test_a_catalogue_without_days_is_no_article():
    """`catId=` holds `tid=`, and below the heading of the last column stands the number of the first row."""
    heads = "<tr><th>序号</th><th>信息名称</th><th>发布日期</th></tr>"
    rows = "".join(
        f'<tr><td>{n}</td><td><a href="/content/{n}.html">关于做好第{n}项工作的通知</a></td><td></td></tr>' for n in range(1, 13)
    )
    assert kind(CRUMBS + f"<table>{heads}{rows}</table>", "/xxgk/site/label/8888?labelName=list&catId=1003") is PageKind.LIST


def test_headings_that_are_links_are_entries_where_none_has_a_day():
    rows = "".join(
        f'<article class="post"><h2><a href="/content/{n}.html">县领导调研第{n}项工作</a></h2></article>' for n in range(8)
    )
    assert kind(CRUMBS + rows, "/category/gzdt/") is PageKind.LIST
