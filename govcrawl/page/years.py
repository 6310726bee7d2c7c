"""The year of a day that is written without one."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from govcrawl.page.day_patterns import made, plausible
from govcrawl.page.stamps import Short
from govcrawl.page.values import Dated

_IN_ADDRESS = re.compile(r"/(?P<year>20\d\d)(?:[-/]?(?P<month>0[1-9]|1[0-2]))?(?=[/_.-])")
_HALF_A_YEAR = 180
_HALF_OF_MONTHS = 6


def placed(days: Iterable[tuple[date | None, Short | None, str, str, bool]], today: date) -> Iterator[Dated | None]:
    """Days of one list in its order, each as (whole day, month and day, what was written, address of the entry, pinned).

    The year comes from the address, else it is the latest that is not to come and keeps the order of the list: a jump up by more than half a
    year is the turn of a year (detection: 2.3). `source` says that a year was worked out.
    """
    latest = today
    for whole, short, raw, url, pinned in days:
        day, source = _with_year(short, url, latest, today) if short else (whole, "item")
        # A pinned entry stands outside of the order.
        if day and not pinned:
            latest = today if (today - day).days < _HALF_A_YEAR else day + timedelta(days=_HALF_A_YEAR)
        yield Dated(day, source, raw) if day else None


def _with_year(short: Short, url: str, latest: date, today: date) -> tuple[date | None, str]:
    if match := _IN_ADDRESS.search(url):
        day = _near(int(match["year"]), int(match["month"] or 0), short)
        return (day, "item, year from its address") if day and plausible(day, today) else (None, "item")
    for year in (latest.year, latest.year - 1, latest.year - 2):
        day = made(year, *short)
        if day and plausible(day, today) and (day - latest).days <= 1:
            return day, "item, year by order"
    return None, "item"


def _near(year: int, month: int, short: Short) -> date | None:
    """In the year of the address; in the one beside it where the turn of a year lies between the folder's month and the day."""
    if not month:
        return made(year, *short)
    apart = short[0] - month
    return made(year + (1 if apart < -_HALF_OF_MONTHS else -1 if apart > _HALF_OF_MONTHS else 0), *short)
