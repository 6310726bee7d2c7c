"""The entries of the lists of a page."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from govcrawl.kit.urls import host_of, registrable, resolve
from govcrawl.page.dates import day_in_address
from govcrawl.page.entries import Entry, pinned_in
from govcrawl.page.lists import counts_none
from govcrawl.page.looks import Look
from govcrawl.page.outline import Outline, tag_ids
from govcrawl.page.places import words_of
from govcrawl.page.recordsets import Record
from govcrawl.page.values import Dated, Item
from govcrawl.page.years import placed

if TYPE_CHECKING:
    from govcrawl.page.model import Page

_MIN_SIBLINGS = 5
_MIN_UNDATED_TITLE = 8  # shorter ones are the words of a menu
_ROWS = tag_ids("li", "dd", "dt", "td", "p", "h2", "h3", "h4")
(_CELL,) = tag_ids("td")
_BOXES = tag_ids("div", "section", "article")
_CARDS = _BOXES | _ROWS
_MOST = 2000
# Where an office publishes under its own name on another host: no repost.
_OWN_ELSEWHERE = ("mp.weixin.qq.com",)


def list_items(page: "Page") -> tuple[Item, ...]:
    """The records that scripts turn into the list, else the entries with a day beside their link, in document order; without any, the links
    of the longest row of siblings that look like entries.
    """
    if page.records:
        return tuple(_of_records(page.records, page))
    # Where all dated entries are those of side boxes, the page's own list has no days.
    if page.own_entries:
        return tuple(_of_entries(page.own_entries, page))
    return () if counts_none(page) else _undated_items(page)


def speaking(items: Sequence[Item]) -> list[Item]:
    """The dated entries that speak for the freshness of the list: none that is pinned and, in a list that is mostly the site's own, no
    repost (detection: 2.3).
    """
    dated = [item for item in items if item.dated and not item.pinned]
    own = [item for item in dated if not item.repost]
    return own if 2 * len(own) >= len(dated) else dated


def newest_of(told: Sequence[Item]) -> Item | None:
    return max(told, key=_day_of, default=None)


def _day_of(item: Item) -> date:
    return item.dated.day if item.dated else date.min


def _of_entries(found: Sequence[Entry], page: "Page") -> Iterator[Item]:
    urls = [resolve(page.base, entry.href) or "" for entry in found]
    pins = [entry.pinned for entry in found]
    rows = zip(found, urls, pins, strict=True)
    dates = placed(((entry.day, entry.short, entry.raw, url, pinned) for entry, url, pinned in rows), page.today)
    for entry, url, pinned, dated in zip(found, urls, pins, dates, strict=True):
        yield Item(entry.title, url, dated, pinned, _reposted(url, page))


def _of_records(records: Iterable[Record], page: "Page") -> Iterator[Item]:
    for record in records:
        url = resolve(page.base, record.href) or ""
        yield Item(record.title, url, record.dated, record.pinned, _reposted(url, page))


def _reposted(url: str, page: "Page") -> bool:
    if not url or url.startswith(page.origin):
        return False
    host = host_of(url)
    return bool(host) and host != page.host and registrable(host) != page.domain and host not in _OWN_ELSEWHERE


def _undated_items(page: "Page") -> tuple[Item, ...]:
    rows: dict[Look, list[tuple[str, str, LexborNode]]] = {}
    found = list(_rows(page))
    for href, title, row, group in found if len(found) >= _MIN_SIBLINGS else ():
        rows.setdefault(page.looks.of(group), []).append((href, title, row))
    longest = max(rows.values(), key=len, default=[])
    items = tuple(_undated(*told, page) for told in longest) if len(longest) >= _MIN_SIBLINGS else ()
    # A row of links that all leave the site is a box of friend links.
    return () if all(item.repost for item in items) else items


def _rows(page: "Page") -> Iterator[tuple[str, str, LexborNode, LexborNode]]:
    """Links that stand in a row of their own as entries do: their addresses and words, the row, and the box of the rows."""
    dated = {entry.anchor.mem_id for entry in page.entries}
    anchors = [anchor for anchor in _wordy_anchors(page.outline) if anchor.mem_id not in dated]
    alone = Counter(anchor.parent.mem_id for anchor in anchors if anchor.parent is not None)
    for anchor in anchors:
        row = _row_of(anchor, alone)
        title = words_of(anchor) if row is not None else ""
        if row is None or len(title) < _MIN_UNDATED_TITLE or "href" not in (attributes := anchor.attributes):
            continue
        box = row.parent
        if box is not None:
            yield attributes["href"] or "", title, row, box if row.tag_id != _CELL else box.parent or box


def _row_of(anchor: LexborNode, alone: Mapping[int, int]) -> LexborNode | None:
    """The element that an entry is one of: its own one, a box with no other such link in it, or the link itself where that is a card."""
    around = anchor.parent
    if around is None or around.tag_id in _ROWS:
        return around
    if any(inner.tag_id in _CARDS for inner in anchor.iter()):
        return anchor
    return around if around.tag_id in _BOXES and alone[around.mem_id] == 1 else None


def _wordy_anchors(outline: Outline) -> list[LexborNode]:
    """Those up to whose successor there are words enough for a title: most links are those of menus, and need not be looked at."""
    lengths, before = list(accumulate(map(len, outline.words), initial=0)), outline.before
    pairs = zip(outline.anchors[:_MOST], before, [*before[1:], len(outline.words)], strict=False)
    return [anchor for anchor, first, last in pairs if lengths[last] - lengths[first] + last - first > _MIN_UNDATED_TITLE]


def _undated(href: str, title: str, row: LexborNode, page: "Page") -> Item:
    url = resolve(page.base, href.strip()) or ""
    day = day_in_address(url, page.today)
    return Item(title, url, Dated(day, "address", url) if day else None, pinned_in(row), _reposted(url, page))
