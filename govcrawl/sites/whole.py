"""A column over all of its pages."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from govcrawl.sites.feeds import FEED_PART, dated_by
from govcrawl.sites.model import Column, ColumnClass

# What later pages show is no newer than what a first page shows that has no days; so much, and no more, is known of its age.
LATER_DAYS = "no entry of its first page carries a day; the newest day is one of a later page"
LATER_ENTRIES = "its first page shows no entry, and a later one does"

# With these a column may be told to be alive, and never to be stale.
NO_OLDER = frozenset((LATER_DAYS, FEED_PART))

_FIRST = re.compile(r"/(?:index|default)\.[a-z]{3,5}$|(?<=[a-z])[_-]1(?=\.[a-z]{3,5}$)", re.IGNORECASE)
_MANY = 200


def place_of(url: str) -> str:
    """An address without what different ways to a first page differ in."""
    place = url.partition("://")[2].partition("#")[0]
    return _FIRST.sub(lambda match: "/" if match[0].startswith("/") else "", place)


def whole(columns: Iterable[Column]) -> tuple[Column, ...]:
    """The columns of one visit, each with what its later pages show; these are left out, and say nothing where no first page was seen."""
    seen = list(columns)
    parts = [one for one in seen if one.part_of]
    return tuple(with_parts(one, parts) for one in seen if not one.part_of)


def with_parts(column: Column, parts: Sequence[Column]) -> Column:
    """A column with those of these pages that are its own and, where none of them tells a day, with what the feeds of its site tell."""
    pages = [one for one in parts if not one.is_feed]
    return dated_by(_with_pages(column, pages), [one for one in parts if one.is_feed])


def _with_pages(column: Column, parts: Iterable[Column]) -> Column:
    """A home page has none, and nothing makes up for a list that could not be read."""
    place = place_of(column.url)
    later = [one for one in parts if place_of(one.part_of) == place and one.newest]
    if not later or not column.inspected or column.column_class is ColumnClass.HOME:
        return column
    pages = (*column.pages, *(one.url for one in later))
    if column.placeholder:
        return replace(column, pages=pages, inspected=False, placeholder="", reason=LATER_ENTRIES)
    days = [*_told(column), *(told for one in later for told in _told(one))][:_MANY]
    return replace(
        _freshest(column, later),
        items=column.items + sum(one.items for one in later),
        dated_items=column.dated_items + sum(one.dated_items for one in later),
        pages=pages,
        item_dates=tuple(day for day, _ in days),
        item_marks=tuple(mark for _, mark in days),
    )


def _freshest(column: Column, later: Sequence[Column]) -> Column:
    newest = max(later, key=lambda one: one.newest or date.min)
    if column.newest and newest.newest and newest.newest <= column.newest:
        return column
    return replace(
        column,
        newest=newest.newest,
        newest_title=newest.newest_title,
        newest_url=newest.newest_url,
        newest_from=newest.newest_from,
        # Of a first page with nothing but pinned entries the next one is the first that counts.
        reason=LATER_DAYS if column.reason else "",
    )


def _told(column: Column) -> list[tuple[date, str]]:
    """Day and mark of each dated entry; no mark where none was kept."""
    return list(zip(column.item_dates, column.item_marks or [""] * len(column.item_dates), strict=False))
