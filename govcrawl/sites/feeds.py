"""A column whose list has no days, under those that the feeds of its site tell of its entries."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from govcrawl.sites.first_days import mark_of
from govcrawl.sites.model import FEED, Column, ColumnClass

FEED_DAYS = "its list shows no day; those of its entries are told by a feed of the site"
# What it does not tell of may be newer; so much, and no more, is known of the age of the column.
FEED_PART = "its list shows no day; a feed of the site tells those of some of its entries, not that of the first"
_SITEMAP = f"{FEED}:sitemap"
_FEW = 3


def dated_by(column: Column, feeds: Iterable[Column]) -> Column:
    """Only entries that the list shows count: a feed has those of the whole site. What the page tells itself goes before (detection: 2.3)."""
    if column.newest or not column.inspected or column.column_class is ColumnClass.HOME or not column.item_marks:
        return column
    for feed in sorted(feeds, key=lambda one: one.newest_from == _SITEMAP):
        known = dict(reversed(list(zip(feed.item_marks, feed.item_dates, strict=False))))
        told = [(known[mark], mark) for mark in column.item_marks if mark in known]
        if told and not (feed.newest_from == _SITEMAP and _made_at_once([day for day, _ in told])):
            return _under(column, feed, told)
    return column


def _made_at_once(days: list[date]) -> bool:
    """Pages that were all written on one day were made anew then; a sitemap tells when a file was changed."""
    return len(days) >= _FEW and len(set(days)) == 1


def _under(column: Column, feed: Column, told: list[tuple[date, str]]) -> Column:
    newest, mark = max(told, key=lambda pair: pair[0])
    shown = mark_of(column.newest_url) == mark
    return replace(
        column,
        dated_items=len(told),
        newest=newest,
        newest_title=column.newest_title if shown else "",
        newest_url=column.newest_url if shown else feed.newest_url if mark_of(feed.newest_url) == mark else "",
        newest_from=feed.newest_from,
        pages=(*column.pages, feed.url),
        item_dates=tuple(day for day, _ in told),
        item_marks=tuple(mark for _, mark in told),
        reason=FEED_DAYS if column.item_marks[0] in feed.item_marks else FEED_PART,
    )
