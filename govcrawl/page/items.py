"""The entries of the lists of a page."""

import re
from datetime import date
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from govcrawl.kit.urls import resolve
from govcrawl.page.dates import day_in_address
from govcrawl.page.day_patterns import days, made, plausible, short_day, speaks_of_publication
from govcrawl.page.values import Dated, Item

if TYPE_CHECKING:
    from govcrawl.page.model import Page

_MAY_DATE = re.compile(r"\d[-/.月]\s?\d|月.{1,3}日|(?<!\d)20\d{6}(?!\d)")
_CLIMB = 6  # levels from the text of a day to the box of its entry
_CROWD = 3  # a box with more links than this is a list, not an entry
_MIN_TITLE = 4
_LONGEST_ENTRY = 400
_MIN_SIBLINGS = 5
_MIN_UNDATED_TITLE = 8  # shorter ones are the words of a menu
_ROWS = ("li", "dd", "td", "p", "h3", "h4")
_MOST = 2000
_PINNED = re.compile(r"置顶|\btop\b|\bhot\b", re.IGNORECASE)


def list_items(page: "Page") -> tuple[Item, ...]:
    """Entries with a day beside their link, in document order; without any, the links of the longest row of siblings that look like entries."""
    dated = _dated_items(page)
    return _placed(dated, page.today) if dated else _undated_items(page)


class _Entry:
    """A link, its box and the text of its day."""

    __slots__ = ("anchor", "box", "day", "raw", "short")

    def __init__(self, anchor: LexborNode, box: LexborNode, day: date | None, raw: str, short: tuple[int, int] | None) -> None:
        self.anchor, self.box, self.day, self.raw, self.short = anchor, box, day, raw, short

    def item(self, page: "Page", day: date | None) -> Item:
        url = resolve(page.base, (self.anchor.attributes.get("href") or "").strip()) or ""
        title = (self.anchor.attributes.get("title") or "").strip() or _words(self.anchor).replace(self.raw, "").strip(
            " []()（）【】"
        )
        dated = Dated(day, "item", self.raw) if day else None
        return Item(title, url, dated, pinned=_pinned(self.box))


def _dated_items(page: "Page") -> list[tuple[Item, tuple[int, int] | None]]:
    found: list[tuple[Item, tuple[int, int] | None]] = []
    taken: set[int] = set()
    for node, text in page.texts:
        if len(text) >= _LONGEST_ENTRY or not _MAY_DATE.search(text):
            continue
        entry = _entry(node, text, page.today)
        if entry is None or entry.anchor.mem_id in taken or len(found) >= _MOST:
            continue
        item = entry.item(page, entry.day)
        if len(item.title) >= _MIN_TITLE:
            taken.add(entry.anchor.mem_id)
            found.append((item, entry.short))
    return found


def _entry(node: LexborNode, text: str, today: date) -> _Entry | None:
    written = next((w for w in days(text) if plausible(w.day, today) and speaks_of_publication(text, w)), None)
    short = None if written else short_day(text)
    if written is None and short is None:
        return None
    if written and not _stands_apart(node, text, written.raw):
        return None
    place = _place(node)
    if place is None:
        return None
    anchor, box = place
    return _Entry(anchor, box, written.day if written else None, written.raw if written else text, short)


def _stands_apart(node: LexborNode, text: str, raw: str) -> bool:
    """In running text a day is part of the story, in a title of what it tells; only figures at its edge are a stamp."""
    at = text.find(raw)
    rest = len(text) - len(raw)
    edge = at <= 1 or at + len(raw) >= len(text) - 1
    if node.parent is not None and node.parent.tag in ("a", "h1", "h2", "h3", "h4", "h5", "b", "strong"):
        return rest <= 2 or (edge and "年" not in raw)
    return rest <= 60 or edge


def _place(node: LexborNode) -> tuple[LexborNode, LexborNode] | None:
    """The link that the day belongs to and the box around both."""
    box = node.parent
    for _ in range(_CLIMB):
        if box is None or box.tag in ("script", "style", "body", "html", "option"):
            return None
        if box.tag == "a":
            return (box, box.parent or box) if box.attributes.get("href") else None
        anchors = [anchor for anchor in box.css("a[href]") if len(_words(anchor)) >= _MIN_TITLE]
        # A title, its picture and "read more" may each link the same entry.
        if len({anchor.attributes.get("href") for anchor in anchors}) > _CROWD:
            return None
        if anchors:
            return max(anchors, key=lambda anchor: len(_words(anchor))), box
        box = box.parent
    return None


def _words(node: LexborNode) -> str:
    return " ".join(node.text().split())


def _pinned(box: LexborNode) -> bool:
    classes = (box.attributes.get("class") or "").lower().split()
    return bool({"top", "istop", "zd", "zhiding", "stick"} & set(classes)) or bool(_PINNED.search(_marks(box)))


def _marks(box: LexborNode) -> str:
    """Short texts and icon names beside the title; the title itself may speak of a hot topic."""
    icons = " ".join(
        f"{image.attributes.get('alt') or ''} {(image.attributes.get('src') or '').rpartition('/')[2]}"
        for image in box.css("img")
    )
    small = " ".join(text for node in box.css("span, em, i, font, b") if len(text := _words(node)) <= 6)
    return f"{icons} {small}".replace("_", " ").replace("-", " ").replace(".", " ")


def _placed(found: list[tuple[Item, tuple[int, int] | None]], today: date) -> tuple[Item, ...]:
    """Years for days without one: from the address, else the latest that keeps the order of the list (detection: 2.3)."""
    placed, year = [], today.year
    for item, short in found:
        day = item.dated.day if item.dated else None
        if short:
            year, day = _with_year(short, year, today, day_in_address(item.url, today))
        placed.append(
            Item(
                item.title,
                item.url,
                Dated(day, "item", item.dated.raw if item.dated else f"{short[0]:02d}-{short[1]:02d}" if short else ""),
                item.pinned,
            )
            if day
            else item
        )
    return tuple(placed)


def _with_year(short: tuple[int, int], year: int, today: date, hint: date | None) -> tuple[int, date | None]:
    if hint and (hint.month, hint.day) == short:
        return hint.year, hint
    day = made(year, *short)
    if day and not plausible(day, today):
        year -= 1
        day = made(year, *short)
    return year, day


def _undated_items(page: "Page") -> tuple[Item, ...]:
    rows: dict[int, list[Item]] = {}
    for link in page.links[:_MOST]:
        row = link.node.parent
        if len(link.text) < _MIN_UNDATED_TITLE or row is None or row.parent is None or row.tag not in _ROWS:
            continue
        group = row.parent if row.tag != "td" else row.parent.parent or row.parent
        day = day_in_address(link.url, page.today)
        rows.setdefault(group.mem_id, []).append(Item(link.text, link.url, Dated(day, "address", link.url) if day else None))
    longest = max(rows.values(), key=len, default=[])
    return tuple(longest) if len(longest) >= _MIN_SIBLINGS else ()
