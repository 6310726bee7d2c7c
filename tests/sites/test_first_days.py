"""A column whose articles carry a later day than they once did."""

from dataclasses import replace
from datetime import date

import pytest

from govcrawl.sites.first_days import FIRST_DAY, mark_of, under_first_days
from govcrawl.sites.model import Column

HOST = "http://www.qingshan.gov.cn"
DAYS = (date(2025, 11, 18), date(2025, 8, 2), date(2025, 7, 1))
URLS = tuple(f"{HOST}/art/{n}.html" for n in (1, 2, 3))
COLUMN = Column(
    f"{HOST}/gzdt/",
    "工作动态",
    items=3,
    newest=DAYS[0],
    newest_title="一次会议",
    newest_url=URLS[0],
    newest_from="item",
    item_dates=DAYS,
    item_marks=tuple(map(mark_of, URLS)),
)


def test_a_changed_day_counts_as_the_first_one():
    told = under_first_days(COLUMN, {URLS[0]: date(2025, 3, 1)})
    assert told.item_dates == (date(2025, 3, 1), *DAYS[1:])
    assert (told.newest, told.newest_title, told.newest_url) == (DAYS[1], "", "")
    assert "1 entry carries a later day" in told.reason


def test_the_newest_entry_may_be_the_newest_under_its_first_day_too():
    told = under_first_days(COLUMN, {URLS[0]: date(2025, 9, 1)})
    assert (told.newest, told.newest_title, told.newest_from) == (date(2025, 9, 1), "一次会议", FIRST_DAY)


def test_an_older_entry_that_was_changed_leaves_the_newest():
    told = under_first_days(COLUMN, {URLS[1]: date(2025, 1, 1)})
    assert (told.newest, told.newest_title, told.newest_from) == (DAYS[0], "一次会议", "item")


@pytest.mark.parametrize(
    ("column", "days"),
    [
        (COLUMN, {}),
        (COLUMN, {f"{HOST}/art/9.html": date(2025, 1, 1)}),
        (COLUMN, {URLS[0]: date(2025, 12, 1)}),
        (replace(COLUMN, item_marks=()), {URLS[0]: date(2025, 3, 1)}),
    ],
)
def test_what_is_not_of_the_column_changes_nothing(column, days):
    assert under_first_days(column, days) is column


def test_an_entry_is_the_same_over_either_scheme():
    assert mark_of("https://www.qingshan.gov.cn/art/1.html") == mark_of(URLS[0])
