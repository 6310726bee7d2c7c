"""The year of a day that is written without one."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from govcrawl.page.day_patterns import made, plausible
from govcrawl.page.entries import Short
from govcrawl.page.values import Dated

_IN_ADDRESS = re.compile(r"/(?P<year>20\d\d)(?:[-/]?(?:0[1-9]|1[0-2]))?(?=[/_.-])")
_HALF_A_YEAR = 180


def placed(days: Iterable[tuple[date | None, Short | None, str, str]], today: date) -> Iterator[Dated | None]:
    """Days of one list in its order, each as (whole day, month and day, what was written, address of the entry).

    The year comes from the address, else it is the latest that is not to come and keeps the order of the list: a jump up by more than half a
    year is the turn of a year (detection: 2.3). `source` says that a year was worked out.
    """
    latest = today
    for whole, short, raw, url in days:
        day, source = _with_year(short, url, latest, today) if short else (whole, "item")
        if day:
            latest = today if (today - day).days < _HALF_A_YEAR else day + timedelta(days=_HALF_A_YEAR)
        yield Dated(day, source, raw) if day else None


def _with_year(short: Short, url: str, latest: date, today: date) -> tuple[date | None, str]:
    if match := _IN_ADDRESS.search(url):
        near = [day for year in (0, 1, -1) if (day := made(int(match["year"]) + year, *short)) and plausible(day, today)]
        if near:
            return near[0], "item, year from its address"
    for year in (latest.year, latest.year - 1, latest.year - 2):
        day = made(year, *short)
        if day and plausible(day, today) and (day - latest).days <= 1:
            return day, "item, year by order"
    return None, "item"
