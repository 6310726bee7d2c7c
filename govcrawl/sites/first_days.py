"""A column under the days that its entries first had."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from zlib import crc32

from govcrawl.sites.model import Column

FIRST_DAY = "the day of an earlier visit"


def mark_of(url: str) -> str:
    """8 hexadecimal digits for the address of an entry: enough to tell it from the others of its column."""
    return f"{crc32(url.partition('://')[2].encode('utf-8', 'surrogatepass')):08x}"


def under_first_days(column: Column, days: Mapping[str, date]) -> Column:
    """`days` has by address those that were changed later. A changed day is no update (旧文新发)."""
    first = {mark_of(url): day for url, day in days.items()}
    shown = list(zip(column.item_dates, column.item_marks, strict=False))
    told = [min(day, first.get(mark, day)) for day, mark in shown]
    changed = sum(day != before for day, (before, _) in zip(told, shown, strict=True))
    if not changed:
        return column
    newest, own = max(told), first.get(mark_of(column.newest_url))
    words = "entry carries" if changed == 1 else "entries carry"
    named = (own or column.newest) == newest
    return replace(
        column,
        item_dates=(*told, *column.item_dates[len(told) :]),
        newest=newest,
        newest_title=column.newest_title if named else "",
        newest_url=column.newest_url if named else "",
        newest_from=column.newest_from if named and not own else FIRST_DAY if named else "item",
        reason=f"{changed} {words} a later day than on an earlier visit, over the same text, and count as of that one",
    )
