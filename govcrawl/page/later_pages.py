"""What a later page of a list says of its column."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from govcrawl.page.paging import first_page_of, is_later, is_second
from govcrawl.page.values import PageKind
from govcrawl.sites.first_days import mark_of
from govcrawl.sites.model import Column

if TYPE_CHECKING:
    from govcrawl.page.model import Page

_MANY = 200
_LONGEST_INTERVAL = timedelta(days=400)  # no column has more than a year
_IN_ORDER = 0.8  # of the pairs of entries


def later_page(page: "Page") -> Column | None:
    """None for all other pages, and where nothing on it can matter: what comes behind the second page of a list that runs from new to old is
    older than that.
    """
    if page.kind is not PageKind.LIST or not is_later(page):
        return None
    first, newest, told = first_page_of(page), page.newest_item, page.speaking[:_MANY]
    days = [item.dated.day for item in told if item.dated]
    if not first or newest is None or newest.dated is None or not (is_second(page, first) or _may_be_newer(days, page.today)):
        return None
    return Column(
        url=page.url,
        name=page.column_name,
        items=len(page.items),
        dated_items=len(days),
        newest=newest.dated.day,
        newest_title=newest.title,
        newest_url=newest.url,
        newest_from=newest.dated.source,
        pages=(page.url,),
        item_dates=tuple(days),
        item_marks=tuple(mark_of(item.url) for item in told),
        part_of=first,
    )


def _may_be_newer(days: Sequence[date], today: date) -> bool:
    """A list that runs from old to new, or in no order, may have its newest entry on any page."""
    falling = sum(later <= earlier for earlier, later in pairwise(days))
    rising = falling < _IN_ORDER * (len(days) - 1)
    return rising and max(days) >= today - _LONGEST_INTERVAL
