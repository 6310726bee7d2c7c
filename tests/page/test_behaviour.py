"""Columns that neither type nor name nor address tells, classed by their entries."""

from datetime import date, timedelta

import pytest

from govcrawl.page.columns import column_of
from govcrawl.page.model import Page
from govcrawl.sites.model import ColumnClass

TODAY = date(2025, 11, 20)
NOTICE = "关于做好第{}批材料报送工作的通知"
NEWS = "县领导第{}次调研重点项目建设情况"
PLAIN = "我县第{}个示范村的新面貌"
POLICY = "青山县人民政府关于印发第{}号方案的通知"
TENDER = "第{}中学教学楼工程招标公告"


def classed(*titles, count=0, first=1, gap=1, title="一线-青山县人民政府", at="/a/b/"):
    """`count` entries (as many as there are titles, where none is given), the newest `first` days ago, `gap` days apart."""
    count = count or len(titles)
    rows = "".join(
        f'<li><a href="/art/{n}.html">{titles[n % len(titles)].format(n)}</a><span>{TODAY - timedelta(days=first + gap * n)}</span></li>'
        for n in range(count)
    )
    page = Page(f"http://www.qingshan.gov.cn{at}", f'<title>{title}</title><ul class="list">{rows}</ul>'.encode(), today=TODAY)
    column = column_of(page)
    return column.column_class, column.class_from


@pytest.mark.parametrize(
    ("titles", "column_class"),
    [
        ((NOTICE,), ColumnClass.NOTICE),
        ((*[NOTICE] * 9, PLAIN), ColumnClass.NOTICE),
        ((POLICY,), ColumnClass.POLICY),
        ((TENDER,), ColumnClass.YEARLY),
        ((NEWS,), ColumnClass.NEWS),
    ],
)
def test_a_list_is_what_its_entries_have_been_so_far(titles, column_class):
    assert classed(*titles, count=20) == (column_class, "behaviour")


@pytest.mark.parametrize(
    "facts",
    [
        {"titles": (NOTICE,), "count": 9},
        {"titles": (NOTICE, PLAIN), "count": 20},
        {"titles": (NOTICE,), "count": 20, "first": 366},
        {"titles": (NEWS,), "count": 14},
        {"titles": (NEWS, PLAIN), "count": 20},
        {"titles": (NEWS,), "count": 20, "first": 61},
        {"titles": (NEWS,), "count": 20, "gap": 5},
        {"titles": (PLAIN,), "count": 20},
        {"titles": (NEWS,), "count": 20, "title": "防汛抗旱专题-青山县人民政府"},
        {"titles": (NEWS,), "count": 20, "at": "/ztzl/fxkh/"},
    ],
)
def test_too_few_mixed_slow_or_ended_lists_and_topics_have_no_class(facts):
    assert classed(*facts.pop("titles"), **facts) == (None, "")


def test_the_limits_are_on_the_near_side_of_these():
    assert classed(NOTICE, count=10)[0] is ColumnClass.NOTICE
    assert classed(NOTICE, count=20, first=365)[0] is ColumnClass.NOTICE
    assert classed(NEWS, count=15)[0] is ColumnClass.NEWS
    assert classed(NEWS, count=20, first=60)[0] is ColumnClass.NEWS
    assert classed(NEWS, count=20, gap=4)[0] is ColumnClass.NEWS


@pytest.mark.parametrize(("facts", "signal"), [({"title": "公示公告-青山县人民政府"}, "name"), ({"at": "/tzgg/"}, "address")])
def test_name_and_address_come_first(facts, signal):
    assert classed(NEWS, count=20, **facts) == (ColumnClass.NOTICE, signal)
