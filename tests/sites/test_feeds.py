"""Columns whose days a feed tells."""

from dataclasses import replace
from datetime import date

import pytest

from govcrawl.sites.feeds import FEED_DAYS, FEED_PART
from govcrawl.sites.first_days import mark_of
from govcrawl.sites.model import Column, ColumnClass
from govcrawl.sites.whole import NO_OLDER, whole

ROOT = "http://www.qingshan.gov.cn"
URLS = [f"{ROOT}/tz/{number}.html" for number in range(5)]
MARKS = tuple(map(mark_of, URLS))
DAYS = (date(2025, 11, 18), date(2025, 10, 1), date(2025, 9, 1))
UNDATED = Column(
    f"{ROOT}/tz/",
    "通知公告",
    ColumnClass.NOTICE,
    items=4,
    newest_title="第一条",
    newest_url=URLS[1],
    reason="no entry carries a day",
    pages=(f"{ROOT}/tz/",),
    item_marks=MARKS[1:],
)
FEED = Column(
    f"{ROOT}/feed.xml",
    "",
    items=3,
    dated_items=3,
    newest=DAYS[0],
    newest_url=URLS[0],
    newest_from="feed:rss",
    item_dates=DAYS,
    item_marks=MARKS[:3],
    part_of=f"{ROOT}/",
)
SITEMAP = replace(FEED, url=f"{ROOT}/map.xml", newest_from="feed:sitemap", item_dates=(date(2025, 11, 19),) * 3)


def test_only_what_the_list_shows_is_dated():
    (told,) = whole([UNDATED, FEED])
    assert (told.newest, told.newest_title, told.newest_url, told.newest_from) == (DAYS[1], "第一条", URLS[1], "feed:rss")
    assert (told.items, told.dated_items, told.reason) == (4, 2, FEED_DAYS)
    assert told.pages == (f"{ROOT}/tz/", FEED.url)


def test_a_feed_is_asked_before_a_sitemap():
    (told,) = whole([UNDATED, replace(SITEMAP, item_dates=DAYS), FEED])
    assert told.newest_from == "feed:rss"


def test_a_sitemap_whose_pages_were_all_made_on_one_day_tells_nothing():
    other = replace(SITEMAP, item_marks=MARKS[1:4])
    assert whole([UNDATED, other]) == (UNDATED,)
    (told,) = whole([UNDATED, replace(other, item_dates=DAYS)])
    assert (told.newest, told.newest_from) == (DAYS[0], "feed:sitemap")


def test_a_feed_that_does_not_know_the_first_entry_proves_no_column_stale():
    """Feeds are given up, and lists go on."""
    (told,) = whole([UNDATED, replace(FEED, item_dates=DAYS[1:], item_marks=MARKS[2:4])])
    assert (told.newest, told.reason) == (DAYS[1], FEED_PART)
    assert told.reason in NO_OLDER
    assert FEED_DAYS not in NO_OLDER


@pytest.mark.parametrize(
    "column",
    [
        replace(UNDATED, newest=date(2020, 1, 1), item_dates=(date(2020, 1, 1),) * 4),
        replace(UNDATED, inspected=False),
        replace(UNDATED, column_class=ColumnClass.HOME),
        replace(UNDATED, item_marks=()),
        replace(UNDATED, item_marks=(mark_of(f"{ROOT}/else.html"),)),
    ],
)
def test_what_a_page_tells_itself_or_nothing_tells_stays(column):
    assert whole([column, FEED]) == (column,)
