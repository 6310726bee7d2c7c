"""Lists that scripts fill: what is kept in the page, where to ask, and what the answers hold."""

import json
from datetime import date

import pytest

from govcrawl.page.columns import column_of
from govcrawl.page.model import Page
from govcrawl.page.recordsets import records_in

TODAY = date(2025, 11, 20)
CRUMBS = '<div>当前位置：<a href="/">首页</a> &gt; 通知公告</div>'
URL = "http://www.qingshan.gov.cn/col/col1229/index.html"
ROWS = "".join(
    f'<record><![CDATA[<li><a href="/art/2025/11/{n}/art_1_{n}.html" title="关于第{n}项工作的通知">关于第{n}项…</a><span>2025-11-0{n}</span></li>]]></record>'
    for n in range(1, 7)
)


def page(html, **kwargs):
    return Page(URL, f"<title>通知公告</title>{CRUMBS}{html}".encode(), today=TODAY, **kwargs)


def test_the_record_set_of_the_page_is_its_list():
    html = f'<div id="7"><script type="text/xml"><datastore><recordset>{ROWS}</recordset></datastore></script></div>'
    column = column_of(page(html))
    assert (column.items, column.newest, column.newest_from) == (6, date(2025, 11, 6), "recordset")
    assert column.newest_title == "关于第6项工作的通知"


ASKING = [
    ('$.getJSON("/data/list_7.json",f)', "http://www.qingshan.gov.cn/data/list_7.json"),
    ("$.ajax({type:'get',url:'/api/article/list?column=7',success:f})", "http://www.qingshan.gov.cn/api/article/list?column=7"),
    ('fetch("/ss/query?channel=7")', "http://www.qingshan.gov.cn/ss/query?channel=7"),
    ('x.open("GET","newslist.json",true)', "http://www.qingshan.gov.cn/col/col1229/newslist.json"),
    (
        'var u="/module/web/jpage/dataproxy.jsp?page=1&webid=2&columnid=7"',
        "http://www.qingshan.gov.cn/module/web/jpage/dataproxy.jsp?page=1&webid=2&columnid=7",
    ),
]


@pytest.mark.parametrize(("script", "url"), ASKING)
def test_the_address_that_a_script_asks_is_offered(script, url):
    assert page(f'<ul class="list" id="l"></ul><script>{script}</script>').data_requests == (url,)


def test_a_script_that_is_a_list_is_offered_and_a_library_is_not():
    html = '<script src="/js/jquery.min.js"></script><script src="/js/common.js"></script><script src="./list_1.js"></script>'
    assert page(html).data_requests == ("http://www.qingshan.gov.cn/col/col1229/list_1.js",)


@pytest.mark.parametrize(
    "script",
    [
        '$.get("/count/hits?id=7")',
        '$.ajax({type:"post",url:"/api/list"})',
        '$.getJSON("http://api.elsewhere.com/list.json")',
        '$.getJSON("/data/list_"+page+".json")',
    ],
)
def test_counters_forms_other_sites_and_built_addresses_are_not_offered(script):
    assert page(f"<script>{script}</script>").data_requests == ()


RECORD = "<record><![CDATA[<tr><td><a href='{}'>{}</a></td><td>{}</td></tr>]]></record>"
A, B = ("/a.html", "关于甲项工作的通知", "2025-11-05"), ("/b.html", "关于乙项工作的通知", "2025-11-01")
ANSWERS = [
    json.dumps(
        {
            "data": {
                "total": 2,
                "rows": [{"title": name, "url": url, "publishTime": f"{day} 10:00:00"} for url, name, day in (A, B)],
            }
        }
    ),
    f"callback({json.dumps([{'DOCTITLE': name, 'DOCPUBURL': url, 'DOCRELTIME': day} for url, name, day in (A, B)])})",
    "var list=[{title:'关于甲项工作的通知',url:'/a.html',pubDate:'2025-11-05'},{title:'关于乙项工作的通知',url:'/b.html',pubDate:'2025-11-01'}];",
    json.dumps(
        [{"infoTitle": A[1], "link": A[0], "showTime": 1762308000000}, {"infoTitle": B[1], "link": B[0], "showTime": 1761962400}]
    ),
    "".join(f'<li><a href="{url}">{name}</a><span>{day}</span></li>' for url, name, day in (A, B)),
    f"<datastore><recordset>{RECORD.format(*A)}{RECORD.format(*B)}</recordset></datastore>",
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_each_form_of_an_answer_gives_its_records(answer):
    records = records_in(answer, TODAY)
    assert [record.title for record in records] == ["关于甲项工作的通知", "关于乙项工作的通知"]
    assert [record.href for record in records] == ["/a.html", "/b.html"]
    assert [record.dated.day for record in records] == [date(2025, 11, 5), date(2025, 11, 1)]


def test_an_answer_makes_the_column_readable():
    html = '<ul class="list" id="l"></ul><script>$.getJSON("/data/list_7.json",f)</script>'
    request = page(html).data_requests[0]
    column = column_of(page(html, answers={request: ANSWERS[0]}))
    assert (column.inspected, column.items, column.newest, column.newest_from) == (True, 2, date(2025, 11, 5), "data:publishTime")


def test_an_answer_without_records_is_a_blank_column():
    html = '<ul class="list" id="l"></ul><script>$.getJSON("/data/list_7.json",f)</script>'
    column = column_of(page(html, answers={page(html).data_requests[0]: '{"total":0,"rows":[]}'}))
    assert (column.inspected, column.items, column.placeholder) == (True, 0, "the data request tells of no record")


def test_an_answer_that_cannot_be_read_is_not_inspected():
    html = '<ul class="list" id="l"></ul><script>$.getJSON("/data/list_7.json",f)</script>'
    column = column_of(page(html, answers={page(html).data_requests[0]: "<html>403</html>"}))
    assert not column.inspected


def test_a_hostile_answer_is_no_trouble():
    for answer in ("[" * 100_000, '{"title":' * 50_000, "<record><![CDATA[" * 50_000, "{" * 200_000):
        assert records_in(answer, TODAY) == ()
