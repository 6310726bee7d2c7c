"""List entries and the days beside them."""

from datetime import date

import pytest

from govcrawl.page import places
from govcrawl.page.model import Page
from govcrawl.page.values import PageKind

TODAY = date(2025, 11, 20)


def page(html, url="http://www.qingshan.gov.cn/zwgk/tzgg/"):
    return Page(url, f"<title>通知公告</title>{html}".encode(), today=TODAY)


def rows(*days, shape='<li><a href="/{n}.html">关于第{n}项工作的通知</a><span>{day}</span></li>'):
    return "<ul>" + "".join(shape.format(n=n, day=day) for n, day in enumerate(days, 1)) + "</ul>"


SHAPES = [
    '<li><a href="/{n}.html">关于第{n}项工作的通知</a><span>{day}</span></li>',
    '<li><span>[{day}]</span><a href="/{n}.html">关于第{n}项工作的通知</a></li>',
    '<li><a href="/{n}.html">关于第{n}项工作的通知<em>{day}</em></a></li>',
    '<tr><td><a href="/{n}.html">关于第{n}项工作的通知</a></td><td>{day}</td></tr>',
    '<dl><dt><a href="/{n}.html">关于第{n}项工作的通知</a></dt><dd>发布时间：{day}</dd></dl>',
    '<div class="item"><h4><a href="/{n}.html">关于第{n}项工作的通知</a></h4><p>{day} 10:20</p></div>',
]


@pytest.mark.parametrize("shape", SHAPES)
def test_each_layout_gives_its_entries_with_their_days(shape):
    html = rows("2025-11-05", "2025-11-01", "2025-10-20", "2025-10-11", "2025-10-01", shape=shape)
    if shape.startswith("<tr"):
        html = html.replace("<ul>", "<table>").replace("</ul>", "</table>")
    items = page(html).items
    assert [item.dated.day for item in items] == [
        date(2025, 11, 5),
        date(2025, 11, 1),
        date(2025, 10, 20),
        date(2025, 10, 11),
        date(2025, 10, 1),
    ]
    assert items[0].title.startswith("关于第1项工作的通知")
    assert items[0].url == "http://www.qingshan.gov.cn/1.html"


UNDATED = [
    '<li><a href="/{n}.html">关于第{n}项工作的通知</a></li>',
    '<div class="row"><a href="/{n}.html">关于第{n}项工作的通知</a></div>',
    '<div class="row"><div class="title"><a href="/{n}.html">关于第{n}项工作的通知</a></div></div>',
    '<a class="card" href="/{n}.html"><img src="/{n}.jpg"><div>关于第{n}项工作的通知</div></a>',
    '<a class="card" href="/{n}.html"><h3>关于第{n}项工作的通知</h3></a>',
]


@pytest.mark.parametrize("shape", UNDATED)
def test_rows_without_days_are_entries_whatever_they_are_made_of(shape):
    shown = page(f'<div class="list">{rows(*[""] * 6, shape=shape)}</div>'.replace("<ul>", "").replace("</ul>", ""))
    assert [item.url.rpartition("/")[2] for item in shown.items] == [f"{n}.html" for n in range(1, 7)]
    assert shown.kind is PageKind.LIST


def test_links_that_share_a_box_are_the_words_of_a_menu():
    links = rows(*[""] * 6, shape='<a href="/{n}.html">关于第{n}项工作的通知</a>')
    assert not page(f'<div class="nav">{links}</div>'.replace("ul>", "div>")).items


def test_days_without_a_year_go_back_over_the_turn_of_the_year():
    items = page(rows("[11-05]", "[03-05]", "[01-02]", "[12-30]", "[12-01]")).items
    assert [item.dated.day for item in items] == [
        date(2025, 11, 5),
        date(2025, 3, 5),
        date(2025, 1, 2),
        date(2024, 12, 30),
        date(2024, 12, 1),
    ]


def test_a_pinned_entry_does_not_speak_for_its_list():
    html = rows("2025-10-20", "2025-10-11", "2025-10-01", "2025-09-20", "2025-09-10")
    pinned = '<ul><li class="top"><a href="/0.html">长期有效的重要通知</a><span>2025-11-19</span></li></ul>'
    assert page(pinned + html).newest_item.dated.day == date(2025, 10, 20)


def test_a_deadline_is_no_day_of_an_entry():
    html = rows("报名截止：2025-11-18", "报名截止：2025-11-17")
    assert [item.dated for item in page(html).items if item.dated] == []


def test_a_clock_is_no_entry():
    html = '<div>今天是2025年11月20日 星期四 <a href="/">设为首页</a></div>' + rows(
        "2025-10-20", "2025-10-11", "2025-10-01", "2025-09-20", "2025-09-10"
    )
    assert page(html).newest_item.dated.day == date(2025, 10, 20)


def test_a_list_is_a_list_and_prose_an_article():
    assert page(rows(*["2025-10-20"] * 8)).kind is PageKind.LIST
    prose = "<p>" + "会议强调要认真贯彻落实工作部署，扎实推进各项任务落地见效。" * 30 + "</p>"
    assert page(prose, "http://www.qingshan.gov.cn/art/2025/3/5/art_1_2.html").kind is PageKind.ARTICLE


def test_a_box_is_looked_at_once_however_many_entries_lie_in_it(monkeypatch):
    """Links too short for a title make every entry look for one in the whole list."""
    asked, look = [], places.Places._look_into
    monkeypatch.setattr(places.Places, "_look_into", lambda self, box: asked.append(box.mem_id) or look(self, box))
    rows_of = "".join(f'<li><a href="/{n}.html">通知</a> 2025-03-{n % 28 + 1:02d}</li>' for n in range(300))
    seen = page(f"<ul>{rows_of}</ul>")
    assert seen.items == ()
    assert len(asked) == len(set(asked)) > 300


def test_a_box_of_many_links_to_one_address_is_one_entry():
    links = "".join(f'<a href="/1.html">第{n}项工作的通知</a>' for n in range(40))
    assert [item.url for item in page(f"<ul><li>{links}<span>2025-11-05</span></li></ul>").items] == [
        "http://www.qingshan.gov.cn/1.html"
    ]


def test_a_box_of_many_addresses_is_a_list_whatever_else_it_links():
    links = (
        "".join(f'<a href="/{n % 3}.html">第{n}项工作的通知</a>' for n in range(40)) + '<a href="/9.html">第九项工作的通知</a>'
    )
    assert page(f"<div><p>{links}<span>2025-11-05</span></p></div>").newest_item is None


@pytest.mark.parametrize("told", ["<p><b>患病时间：</b>{day}</p>", "<p>活动时间：{day}</p>"])
def test_the_day_of_what_an_entry_tells_of_is_not_its_own(told):
    shape = '<li><a href="/{n}.html">关于第{n}项工作的通知</a>' + told + "</li>"
    days = ("2025-11-05", "2025-11-01", "2025-10-20", "2025-10-11", "2025-10-01")
    assert not any(item.dated for item in page(rows(*days, shape=shape)).items)


def test_an_entry_whose_link_is_a_picture_is_told_by_the_words_for_it():
    shape = (
        '<li><a href="/{n}.html"><img src="/{n}.jpg" alt="第{n}场消防演练的录像"></a><p>第{n}场演练</p><span>{day}</span></li>'
    )
    items = page(rows("2025-11-05", "2025-11-01", "2025-10-20", shape=shape)).items
    assert [(item.title, item.dated.day) for item in items][:1] == [("第1场消防演练的录像", date(2025, 11, 5))]
    assert len(items) == 3


def test_a_day_to_come_in_an_attribute_is_no_day_of_the_past():
    """`10月1日` below it would be read as that of the year before."""
    shape = '<li><a href="/{n}.html">关于第{n}项工作的通知</a><time datetime="{day}T09:30:00+08:00">{short}</time></li>'
    told = [("2026-10-01", "10月1日"), *((f"2025-03-{n:02d}", f"3月{n}日") for n in range(9, 1, -1))]
    html = "".join(shape.format(n=n, day=day, short=short) for n, (day, short) in enumerate(told))
    assert page(f"<ul>{html}</ul>").newest_item.dated.day == date(2025, 3, 9)


def test_an_entry_without_a_day_says_too_that_it_is_kept_on_top():
    html = "".join(f'<li>{"[置顶]" if n == 0 else ""}<a href="/c/{n}.html">关于第{n}号事项的通知公告</a></li>' for n in range(6))
    html = html.replace("[置顶]", '<span class="top">[置顶]</span>')
    assert [item.pinned for item in page(f"<ul>{html}</ul>").items] == [True] + [False] * 5


def test_a_day_amid_the_words_of_a_link_is_what_they_tell_of():
    """In a list without days it would be the only one, and newer than all that is there."""
    titles = ["关于2025年11月18日现场会的预告", *(f"县领导调研第{n}项民生实事工作" for n in range(7))]
    html = "".join(f'<li><a href="/c/{n}.html"><span>{title}</span></a><b>--</b></li>' for n, title in enumerate(titles))
    assert page(f"<ul>{html}</ul>").newest_item is None
