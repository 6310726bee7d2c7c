"""An entry of a list: a link and the day beside it."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from selectolax.lexbor import LexborNode

from govcrawl.page.day_patterns import days, plausible, short_day, speaks_of_publication

MIN_TITLE = 4
_MAY_DATE = re.compile(r"\d[-/.月]\s?\d|月.{1,3}日|(?<!\d)20\d{6}(?!\d)")
_CLIMB = 6  # levels from the text of a day to the box of its entry
_CROWD = 3  # a box with more links than this is a list, not an entry
_LONGEST = 400
_MOST = 2000
_PINNED = re.compile(r"置顶|\btop\b|\bhot\b", re.IGNORECASE)
_PINNED_CLASSES = frozenset({"top", "istop", "zd", "zhiding", "stick"})
_HEADINGS = frozenset({"a", "h1", "h2", "h3", "h4", "h5", "b", "strong"})

Short = tuple[int, int]  # month and day
Texts = Sequence[tuple[LexborNode, str]]


class Entry:
    """A link, its box, and its day: whole, or month and day without a year. `at` is the index of the day's text."""

    __slots__ = ("anchor", "at", "box", "day", "raw", "short", "title")

    def __init__(self, at: int, place: tuple[LexborNode, LexborNode], day: date | None, raw: str, short: Short | None) -> None:
        self.at, self.day, self.raw, self.short = at, day, raw, short
        self.anchor, self.box = place
        anchor = self.anchor
        title = (anchor.attributes.get("title") or "").strip()
        self.title = title or words_of(anchor).replace(raw, "").strip(" []()（）【】")

    @property
    def href(self) -> str:
        return (self.anchor.attributes.get("href") or "").strip()

    @property
    def pinned(self) -> bool:
        classes = (self.box.attributes.get("class") or "").lower().split()
        return not _PINNED_CLASSES.isdisjoint(classes) or bool(_PINNED.search(_marks(self.box)))


def entries(texts: Texts, today: date, candidates: Iterable[int]) -> list[Entry]:
    """One for each link that has a day beside it, in document order."""
    found: list[Entry] = []
    taken: set[int] = set()
    for at in candidates:
        node, text = texts[at]
        entry = _entry(at, node, text, today) if len(text) < _LONGEST and _MAY_DATE.search(text) else None
        if entry and entry.anchor.mem_id not in taken and len(entry.title) >= MIN_TITLE:
            taken.add(entry.anchor.mem_id)
            found.append(entry)
            if len(found) >= _MOST:
                break
    return found


def candidates(text: str, starts: Sequence[int]) -> Iterator[int]:
    """Indexes of the texts that may hold a day: one search over the whole instead of one each."""
    last = -1
    for match in _MAY_DATE.finditer(text):
        at = bisect_right(starts, match.start()) - 1
        if at != last:
            last = at
            yield at


def words_of(node: LexborNode) -> str:
    return " ".join(node.text().split())


def _entry(at: int, node: LexborNode, text: str, today: date) -> Entry | None:
    written = next((w for w in days(text) if plausible(w.day, today) and speaks_of_publication(text, w)), None)
    short = None if written else short_day(text)
    if written is None and short is None:
        return None
    if written and not _stands_apart(node, text, written.raw):
        return None
    place = _place(node)
    if place is None:
        return None
    return Entry(at, place, written.day if written else None, written.raw if written else text, short)


def _stands_apart(node: LexborNode, text: str, raw: str) -> bool:
    """In running text a day is part of the story, in a title of what it tells; only figures at its edge are a stamp."""
    at = text.find(raw)
    rest = len(text) - len(raw)
    edge = at <= 1 or at + len(raw) >= len(text) - 1
    if node.parent is not None and node.parent.tag in _HEADINGS:
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
        anchors = [anchor for anchor in box.css("a[href]") if len(words_of(anchor)) >= MIN_TITLE]
        # A title, its picture and "read more" may each link the same entry.
        if len(anchors) > _CROWD and len({anchor.attributes.get("href") for anchor in anchors}) > _CROWD:
            return None
        if anchors:
            return max(anchors, key=lambda anchor: len(words_of(anchor))), box
        box = box.parent
    return None


def _marks(box: LexborNode) -> str:
    """Short texts and icon names beside the title; the title itself may speak of a hot topic."""
    icons = " ".join(
        f"{image.attributes.get('alt') or ''} {(image.attributes.get('src') or '').rpartition('/')[2]}"
        for image in box.css("img")
    )
    small = " ".join(text for node in box.css("span, em, i, font, b") if len(text := words_of(node)) <= 6)
    return f"{icons} {small}".replace("_", " ").replace("-", " ").replace(".", " ")
