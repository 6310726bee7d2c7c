"""Reading a page never fails, whatever its bytes."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from govcrawl.page.columns import column_of
from govcrawl.page.model import Page

PIECES = st.sampled_from(
    [
        "<ul>", "</ul>", "<li>", "</li>", "<table><tr><td>", "</td></tr></table>", "<dl><dt>", "<dd>", "<div class='list'>", "</div>", "<p>", "<a href='/art/2024/2/30/a.html'>",
        "<a href='http://['>", "<a href>", "<a href='javascript:x()'>", "</a>", "<span>", "</span>", "关于工作的通知公告全文", "2024-02-30", "2025-13-01", "[02-29]", "12/31", "二〇二四年三月三十一日",
        "二〇二四年十三月三日", "发布时间：", "©", "今天是", "9999年12月31日", "0001-01-01", "20240305", "当前位置：首页 > ", " > ", "下一页", "暂无内容", "加载中", "<meta name=PubDate content='2024-02-31'>",
        "<meta name=ColumnName content='>,'>", "<meta name=ColumnType content='首页'>", "<script>$.getJSON('/list.json')</script>", "<script src='http://[/list.js'></script>", "<script src='//]:x/news_list.js'></script>", "<record><![CDATA[", "]]></record>", "<recordset>", "<title>", "</title>", "404",
        "<base href='::'>", "<script>var a=[{title:'x',url:1}]", "</script>", "\x00", "\ufffd", "<!--", "-->", "<svg>", "<template>", "&#xD800;", "置顶", "<img src=hot.gif>", "1" * 5000,
    ]
)  # fmt: skip
MARKUP = st.lists(PIECES, max_size=40).map("".join)
BODIES = st.one_of(
    MARKUP.map(str.encode),
    MARKUP.map(lambda text: text.encode("gb18030", "replace")),
    st.tuples(MARKUP, st.binary(max_size=20)).map(lambda parts: parts[1] + parts[0].encode() + parts[1]),
)
URLS = st.sampled_from(
    [
        "http://www.a.gov.cn/",
        "http://www.a.gov.cn/col/col1/",
        "http://www.a.gov.cn/art/2024/13/45/x.html",
        "http://[::1]/t20240231_1.html",
        "x",
        "",
    ]
)
TODAYS = st.sampled_from([date(2025, 11, 20), date(2024, 2, 29), date.min, date.max, date(1995, 1, 1)])


@settings(max_examples=300, deadline=None)
@given(BODIES, URLS, TODAYS, st.dictionaries(st.just("http://www.a.gov.cn/list.json"), MARKUP, max_size=1))
def test_facts_are_read_off_any_bytes(body, url, today, answers):
    page = Page(url, body, today=today, answers=answers)
    column = column_of(page)
    assert page.kind
    assert page.published is None or page.published.day.year >= 1995
    assert page.newest_item is None or page.newest_item in page.items
    assert column is None or column.items == len(page.items)
    assert isinstance(page.data_requests, tuple)
