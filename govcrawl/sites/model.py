"""A site of the list and what is known of its columns."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from govcrawl.kit.urls import host_of


@dataclass(frozen=True, slots=True)
class Site:
    """One line of the site list. `id` is its identity in every store and queue."""

    id: str
    url: str
    name: str = ""
    region: str = ""
    level: str = ""
    organizer: str = ""
    tags: tuple[str, ...] = ()
    max_pages: int | None = None
    delay_seconds: float | None = None
    hosts: tuple[str, ...] = ()
    window: str = ""  # hours in which it may be visited, as Window writes them; "": all

    @property
    def all_hosts(self) -> frozenset[str]:
        """The site's own host with and without `www.`, and the extra hosts of the list."""
        own = host_of(self.url)
        twin = own.removeprefix("www.") if own.startswith("www.") else f"www.{own}"
        return frozenset({own, twin, *self.hosts})


class ColumnClass(StrEnum):
    """Kind of column by how often it must change (domain: 6 Column typology)."""

    HOME = "HOME"  # the home page of the site: its newest entry, wherever it stands
    NEWS = "NEWS"
    NOTICE = "NOTICE"
    POLICY = "POLICY"
    YEARLY = "YEARLY"
    INTERACT_REPLY = "INTERACT-REPLY"
    INTERACT_EVENT = "INTERACT-EVENT"
    SERVICE = "SERVICE"
    STATIC = "STATIC"
    ARCHIVE = "ARCHIVE"
    EXTERNAL = "EXTERNAL"


FEED = "feed"  # begins the source of a day that a feed or a sitemap told


@dataclass(frozen=True, slots=True)
class Column:
    """What one visit saw of one column of a site. Its identity is the address of its first page; of a later page, which is no column by
    itself, `part_of` is where its first page should be (sites/whole).

    `newest` is the newest dated item that is neither pinned nor a repost; None when no item carries a date.
    `inspected` is False where the list could not be read (filled by script, broken); such a column is never blank and never fresh.
    `item_marks` has for each of `item_dates` that of its address (sites/first_days), and for each entry of a list without any day; records of
    versions that did not keep them have none. What a feed tells of the days of the whole site is such a part as well (sites/feeds), and
    has behind them the marks of those with a day to come.
    """

    url: str
    name: str
    column_class: ColumnClass | None = None
    class_from: str = ""
    first_level: bool = False
    items: int = 0
    dated_items: int = 0
    newest: date | None = None
    newest_title: str = ""
    newest_url: str = ""
    newest_from: str = ""
    inspected: bool = True
    reason: str = ""
    placeholder: str = ""
    pages: tuple[str, ...] = ()
    item_dates: tuple[date, ...] = ()
    item_marks: tuple[str, ...] = ()
    part_of: str = ""

    @property
    def is_feed(self) -> bool:
        return bool(self.part_of) and self.newest_from.startswith(FEED)
