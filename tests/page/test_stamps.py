"""The day of an entry, however its row writes it, and the link that it belongs to."""

from datetime import date

import pytest

from govcrawl.page.model import Page

TODAY = date(2025, 8, 31)
AT = "http://www.qingshan.gov.cn/zwgk/gzdt/"
CRUMBS = '<div>当前位置：<a href="/">首页</a> &gt; 工作动态</div>'
FRESH = '<div class="side"><h3>热点推荐</h3><ul>' + "".join(
    f'<li><a href="/hot/{n}.html">热点文章推荐阅读第{n}篇</a><span>2025-08-3{n % 2}</span></li>' for n in range(5)
)


def read(rows, shell="<ul>{}</ul>", before="", after=""):
    html = f"<title>工作动态-青山县人民政府</title>{CRUMBS}{before}{shell.format(rows)}{after}"
    return Page(AT, html.encode(), today=TODAY)


def three(row):
    return "".join(row.format(n=n, d=f"{17 - n:02d}") for n in range(3))


def days(page):
    return [item.dated.day.day if item.dated else None for item in page.items]


@pytest.mark.parametrize(
    ("row", "shell"),
    [
        ('<li><div><b>{d}</b><i>2025-08</i></div><h3><a href="/{n}.html">召开第{n}次会议</a></h3></li>', "<ul>{}</ul>"),
        ('<li><p><span>08-{d}</span><span>2025</span></p><a href="/{n}.html">召开第{n}次会议</a></li>', "<ul>{}</ul>"),
        ('<li><a href="/{n}.html">召开第{n}次会议</a><time datetime="2025-08-{d}T09:30:00+08:00">8月{d}日</time></li>', "<ul>{}</ul>"),
        ('<dt><a href="/{n}.html">召开第{n}次会议</a></dt><dd>县领导出席</dd><dd>时间：2025-08-{d}</dd>', "<dl>{}</dl>"),
        ('<a href="/{n}.html">召开第{n}次会议</a>&nbsp;2025.08.{d}<br>', "<div>{}</div>"),
        ('2025-08-{d} <a href="/{n}.html">召开第{n}次会议</a><br>', "<div>{}</div>"),
        ('<tr><td><a href="/{n}.html">召开第{n}次会议</a></td><td>2025-07-01</td><td>2025-08-{d}</td></tr>', "<table>{}</table>"),
        ('<tr><td><a href="/{n}.html">召开第{n}次会议</a></td><td>2025-08-{d}</td><td>2025-07-01</td></tr>', "<table>{}</table>"),
        ('<li><a href="/{n}.html">召开第{n}次会议</a><p>2025年8月1日，县领导到会讲话，提出要求。</p><i>2025-08-{d}</i></li>', "<ul>{}</ul>"),
    ],
    ids=["day over month", "day over year", "time element", "dt and dd", "lines", "lines, day first", "two days", "two days, the other way", "sentence"],
)  # fmt: skip
def test_the_day_of_publication_is_read_with_its_own_link(row, shell):
    # Entries without a box of their own are only told from a menu by their number.
    more = three(row.replace("/{n}.html", "/more/{n}.html"))
    page = read(three(row) + more, shell)
    assert [(item.title, item.dated.day) for item in page.items[:3]] == [
        (f"召开第{n}次会议", date(2025, 8, 17 - n)) for n in range(3)
    ]


def test_a_day_that_only_a_sentence_tells_is_no_stamp():
    page = read(three('<li><a href="/{n}.html">召开第{n}次会议</a><p>2025年8月{d}日，县领导到会讲话，提出要求。</p></li>'))
    assert [item.dated for item in page.items] == []


def test_a_single_day_near_a_menu_is_no_entry():
    menu = "".join(f'<a href="/{n}">栏目{n}的名称</a>' for n in range(6))
    assert read(f"{menu} 2025-08-30", "<div>{}</div>").items == ()


def test_boxes_beside_the_list_do_not_stand_in_for_it():
    page = read("", '<div id="docs"></div>', after=FRESH)
    assert page.items == ()


def test_the_box_under_the_columns_own_name_is_its_list():
    rows = "".join(f'<li><a href="/{n}.html">图片里的第{n}条新闻</a><i>2025-08-1{n}</i></li>' for n in range(5))
    html = f"<title>图片新闻-青山县人民政府</title>{CRUMBS.replace('工作动态', '图片新闻')}<h2>图片新闻</h2><ul>{rows}</ul>"
    assert len(Page(AT, html.encode(), today=TODAY).items) == 5


def test_a_pinned_entry_does_not_break_the_order_of_days_without_a_year():
    rows = '<li><a href="/p.html">一条旧的重要通知</a><b>[置顶]</b><i>10-27</i></li>' + three(
        '<li><a href="/{n}.html">召开第{n}次会议</a><i>08-{d}</i></li>'
    )
    assert read(rows).newest_item.dated.day == date(2025, 8, 17)


def test_the_year_of_the_folder_holds_for_its_entries_and_a_slip_into_the_future_is_no_day():
    rows = "".join(
        f'<li><a href="/{folder}/t1_{n}.html">召开第{n}次会议</a><i>{day}</i></li>'
        for n, (folder, day) in enumerate([("202510", "10-01"), ("202501", "12-31"), ("202408", "08-29")])
    )
    assert [item.dated and item.dated.day for item in read(rows).items] == [None, date(2024, 12, 31), date(2024, 8, 29)]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-08-05", 5),
        ("[2025/8/5]", 5),
        ("（2025年08月05日）", 5),
        ("【 2025.8.15 】", 15),
        ("2025年8月5日 星期二", None),
        ("2025-02-30", None),
        ("2026-08-05", None),
        ("〔2025-08-05〕", None),
        ("2025-08-055", None),
    ],
)
def test_a_row_that_writes_nothing_but_a_day_is_dated_by_it_where_there_is_such_a_day(written, day):
    page = read(three('<li><a href="/{n}.html">召开第{n}次会议</a><span>WRITTEN</span></li>').replace("WRITTEN", written))
    assert {item.dated.day.day if item.dated else None for item in page.items} - {None} == ({day} if day else set())
