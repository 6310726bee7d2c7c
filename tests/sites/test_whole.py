"""Columns of several pages."""

from dataclasses import replace
from datetime import date

import pytest

from govcrawl.sites.model import Column, ColumnClass
from govcrawl.sites.whole import LATER_DAYS, LATER_ENTRIES, place_of, whole

AT = "http://www.qingshan.gov.cn/gzdt/"
OLD, NEW = date(2024, 3, 1), date(2025, 11, 18)
FIRST = Column(
    AT,
    "工作动态",
    ColumnClass.NEWS,
    items=20,
    dated_items=20,
    newest=OLD,
    newest_title="旧",
    pages=(AT,),
    item_dates=(OLD,),
    item_marks=("a",),
)
LATER = Column(
    f"{AT}index_2.html",
    "工作动态",
    items=5,
    dated_items=5,
    newest=NEW,
    newest_title="新",
    newest_url=f"{AT}1.html",
    newest_from="item",
    item_dates=(NEW,),
    item_marks=("b",),
    part_of=f"{AT}index.html",
)


def test_the_newest_entry_of_any_page_is_that_of_the_column():
    (told,) = whole([LATER, FIRST])
    assert (told.newest, told.newest_title, told.newest_url, told.newest_from) == (NEW, "新", f"{AT}1.html", "item")
    assert (told.items, told.dated_items, told.pages) == (25, 25, (AT, LATER.url))
    assert (told.item_dates, told.item_marks) == ((OLD, NEW), ("a", "b"))
    assert (told.url, told.column_class, told.part_of) == (AT, ColumnClass.NEWS, "")


def test_an_older_page_adds_its_entries_only():
    (told,) = whole([replace(FIRST, newest=NEW), replace(LATER, newest=OLD)])
    assert (told.newest, told.newest_title, told.items) == (NEW, "旧", 25)


def test_a_first_page_without_days_is_known_to_be_no_older_than_a_later_one():
    (told,) = whole([replace(FIRST, newest=None, reason="no entry carries a day", item_dates=(), item_marks=()), LATER])
    assert (told.newest, told.reason) == (NEW, LATER_DAYS)


def test_behind_a_first_page_of_pinned_entries_the_next_one_counts():
    (told,) = whole([replace(FIRST, newest=None, dated_items=0, item_dates=(), item_marks=()), LATER])
    assert (told.newest, told.reason) == (NEW, "")


def test_a_blank_page_before_a_page_with_entries_is_none():
    (told,) = whole([replace(FIRST, items=0, newest=None, placeholder="暂无内容"), LATER])
    assert (told.inspected, told.placeholder, told.reason) == (False, "", LATER_ENTRIES)


@pytest.mark.parametrize(
    "first",
    [
        replace(FIRST, inspected=False, reason="the list is filled by script"),
        replace(FIRST, column_class=ColumnClass.HOME),
        replace(FIRST, url="http://www.qingshan.gov.cn/tzgg/"),
        replace(FIRST, url=f"{AT}kjdt/"),
    ],
)
def test_an_unread_list_a_home_page_and_another_column_stay_what_they_are(first):
    assert whole([first, LATER]) == (first,)


def test_a_later_page_is_no_column():
    assert whole([LATER]) == ()


def test_a_column_that_was_stored_without_marks_has_none_for_its_entries():
    (told,) = whole([replace(FIRST, item_marks=()), LATER])
    assert told.item_marks == ("", "b")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.test/gzdt/", "https://a.test/gzdt/index.html"),
        ("http://a.test/list_1.html", "http://a.test/list.html"),
        ("http://a.test/gzdt/index_1.shtml", "http://a.test/gzdt/"),
    ],
)
def test_a_first_page_has_several_addresses(one, other):
    assert place_of(one).removesuffix("index.shtml") == place_of(other)


def test_other_numbers_and_queries_are_other_places():
    urls = ["http://a.test/list_2.html", "http://a.test/list.html", "http://a.test/list.do?id=1", "http://a.test/list.do?id=11"]
    assert len(set(map(place_of, urls))) == len(urls)
