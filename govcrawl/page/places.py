"""The link that a day on a page belongs to."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborNode

MIN_TITLE = 4
_CLIMB = 6  # levels from the text of a day to the box of its entry
_CROWD = 3  # a box with more links than this is a list, not an entry
_STEPS = 6
_OUTSIDE = frozenset({"script", "style", "body", "html", "option"})
# Where one entry ends and the next begins, among entries without a box of their own.
_BREAKS = frozenset({"br", "hr"})
_DIGITS = re.compile(r"\d[-/.年月]\s?\d|\d日")


class Place(NamedTuple):
    """The link, the box around it and its day, and, of an entry without a box of its own, the box of all of them and what stands beside it."""

    anchor: LexborNode
    box: LexborNode
    crowd: LexborNode | None = None
    marks: str = ""


class Held(NamedTuple):
    """What a box holds: its link with the longest title, if any, and whether there are too many for one entry."""

    title: LexborNode | None
    crowd: bool


class Places:
    """Looks at each box once, however many entries lie in it: a list of thousands would be read again for each of them."""

    def __init__(self) -> None:
        self._held: dict[int, Held] = {}
        self._days_first: dict[int, bool] = {}
        self._lengths: dict[int, int] = {}

    def of(self, node: LexborNode) -> Place | None:
        child, box = node, node.parent
        for _ in range(_CLIMB):
            if box is None or box.tag in _OUTSIDE:
                return None
            if box.tag == "a":
                return Place(box, box.parent or box) if box.attributes.get("href") else None
            held = self._held_by(box)
            if held.crowd:
                return self._among(child, box)
            if held.title is not None:
                return Place(held.title, box)
            child, box = box, box.parent
        return None

    def _held_by(self, box: LexborNode) -> Held:
        known = self._held.get(box.mem_id)
        if known is None:
            found = titles(box, self._length)
            # A title, its picture and "read more" may each link the same entry.
            crowd = len(found) > _CROWD and len({anchor.attributes.get("href") for anchor in found}) > _CROWD
            known = self._held[box.mem_id] = Held(None if crowd else self._longest(found), crowd)
        return known

    def _among(self, child: LexborNode, crowd: LexborNode) -> Place | None:
        """`<dt>title</dt><dd>day</dd>`, or lines parted by `<br>`: the nearest link on the side on which links stand in this list."""
        for sibling in _siblings(child, forward=child.tag == "dt" or self._begins_with_day(crowd)):
            if sibling.tag in _BREAKS:
                return None
            found = self._titles_at(sibling)
            if len(found) > _CROWD:
                return None
            if (anchor := self._longest(found)) is not None:
                return Place(anchor, sibling, crowd, _marks_before(sibling))
        return None

    def _begins_with_day(self, crowd: LexborNode) -> bool:
        known = self._days_first.get(crowd.mem_id)
        if known is None:
            known = self._days_first[crowd.mem_id] = self._is_day_first(crowd)
        return known

    def _is_day_first(self, crowd: LexborNode) -> bool:
        for child in crowd.iter(include_text=True):
            if child.tag == "a" or (_element(child) and titles(child, self._length)):
                return False
            if _DIGITS.search(child.text() or ""):
                return True
        return False

    def _titles_at(self, node: LexborNode) -> list[LexborNode]:
        if node.tag == "a" and self._length(node) >= MIN_TITLE:
            return [node]
        return titles(node, self._length) if _element(node) else []

    def _longest(self, anchors: list[LexborNode]) -> LexborNode | None:
        return max(anchors, key=self._length, default=None) if len(anchors) != 1 else anchors[0]

    def _length(self, anchor: LexborNode) -> int:
        """Boxes lie in boxes, so most links are asked more than once."""
        known = self._lengths.get(anchor.mem_id)
        if known is None:
            known = self._lengths[anchor.mem_id] = len(words_of(anchor))
        return known


def titles(box: LexborNode, length: Callable[[LexborNode], int]) -> list[LexborNode]:
    first = box.child
    if first is None or (first.tag == "-text" and first.next is None):
        return []  # the box of a day alone, as of every second one that is asked about
    return [anchor for anchor in box.css("a[href]") if length(anchor) >= MIN_TITLE]


def words_of(node: LexborNode) -> str:
    return " ".join(node.text().split())


def _siblings(node: LexborNode, *, forward: bool) -> Iterator[LexborNode]:
    following = node.next if forward else node.prev
    for _ in range(_STEPS):
        if following is None:
            return
        yield following
        following = following.next if forward else following.prev


def _marks_before(node: LexborNode) -> str:
    """Words and pictures between the last break and the link."""
    marks: list[str] = []
    for sibling in _siblings(node, forward=False):
        if sibling.tag in _BREAKS or sibling.tag in ("a", "dd", "dt"):
            break
        marks.append(f"{(sibling.text() or '').strip()[:8]} {(sibling.attributes or {}).get('alt') or ''}")
    return " ".join(marks)


def _element(node: LexborNode) -> bool:
    return not (node.tag or "-").startswith(("-", "#", "!"))
