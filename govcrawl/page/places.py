"""The link that a day on a page belongs to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct
from selectolax.lexbor import LexborNode

from govcrawl.page.outline import ANCHOR, tag_ids

Attributes = dict[str, str | None]

MIN_TITLE = 4
_CLIMB = 6  # levels from the text of a day to the box of its entry
_CROWD = 3  # a box with more links than this is a list, not an entry
_STEPS = 6
_SMALL = 60  # elements
_OUTSIDE = tag_ids("script", "style", "body", "html", "option")
# Where one entry ends and the next begins, among entries without a box of their own.
_BREAKS = tag_ids("br", "hr")
_BESIDE = tag_ids("a", "dd", "dt")
(_TERM,) = tag_ids("dt")
(_PICTURE,) = tag_ids("img")
_DIGITS = re.compile(r"\d[-/.年月]\s?\d|\d日")


class Place(Struct, frozen=True):
    """The link with its words and attributes, the box around it and its day, whether that may hold a picture, and, of an entry without a box
    of its own, the box of all of them and what stands beside it.
    """

    anchor: LexborNode
    words: str
    attributes: Attributes
    box: LexborNode
    pictured: bool = True
    crowd: LexborNode | None = None
    marks: str = ""


class Held(Struct, frozen=True):
    """What a box holds: its link with the longest title, if any, whether there are too many for one entry, and whether it may hold a picture."""

    title: LexborNode | None = None
    attributes: Attributes = {}
    crowd: bool = False
    pictured: bool = True


_TOO_MANY = Held(crowd=True)


class Places:
    """Looks at each box once, however many entries lie in it: a list of thousands would be read again for each of them."""

    def __init__(self) -> None:
        self._held: dict[int, Held] = {}
        self._days_first: dict[int, bool] = {}
        self._words: dict[int, str] = {}

    def of(self, node: LexborNode) -> Place | None:
        child, box = node, node.parent
        for _ in range(_CLIMB):
            if box is None or (tag := box.tag_id) in _OUTSIDE:
                return None
            if tag == ANCHOR:
                attributes = box.attributes
                return Place(box, self._words_of(box), attributes, box.parent or box) if attributes.get("href") else None
            # The box of a day alone, as every second one is, holds no link.
            if child is not node or child.next is not None or child.prev is not None:
                held = self._held_by(box)
                if held.crowd:
                    return self._among(child, box)
                if held.title is not None:
                    return Place(held.title, self._words_of(held.title), held.attributes, box, held.pictured)
            child, box = box, box.parent
        return None

    def _held_by(self, box: LexborNode) -> Held:
        known = self._held.get(box.mem_id)
        if known is None:
            known = self._held[box.mem_id] = self._look_into(box)
        return known

    def _look_into(self, box: LexborNode) -> Held:
        near = list(islice(box.traverse(), _SMALL + 1))
        if len(near) > _SMALL:
            return self._best_of(links_in(box, near), True)
        links, pictured = [], False
        for node in near:
            if (tag := node.tag_id) == ANCHOR:
                if "href" in (attributes := node.attributes):
                    links.append((node, attributes))
            elif tag == _PICTURE:
                pictured = True
        if len(links) == 1:  # as in nearly all rows
            link, attributes = links[0]
            return Held(link if len(self._words_of(link)) >= MIN_TITLE else None, attributes, False, pictured)
        return self._best_of(links, pictured)

    def _best_of(self, links: Iterable[tuple[LexborNode, Attributes]], pictured: bool) -> Held:
        """A title, its picture and "read more" may each link the same entry."""
        title, told, longest, found = None, Attributes(), MIN_TITLE - 1, 0
        addresses: set[str | None] = set()
        for link, attributes in links:
            length = len(self._words_of(link))
            if length < MIN_TITLE:
                continue
            if length > longest:
                title, told, longest = link, attributes, length
            found += 1
            addresses.add(attributes["href"])
            if found > _CROWD and len(addresses) > _CROWD:
                return _TOO_MANY
        return Held(title, told, False, pictured)

    def _among(self, child: LexborNode, crowd: LexborNode) -> Place | None:
        """`<dt>title</dt><dd>day</dd>`, or lines parted by `<br>`: the nearest link on the side on which links stand in this list."""
        for sibling in _siblings(child, forward=child.tag_id == _TERM or self._begins_with_day(crowd)):
            if sibling.tag_id in _BREAKS:
                return None
            found = self._titles_at(sibling)
            if len(found) > _CROWD:
                return None
            if (anchor := self._longest(found)) is not None:
                marks = _marks_before(sibling)
                return Place(anchor, self._words_of(anchor), anchor.attributes, sibling, crowd=crowd, marks=marks)
        return None

    def _begins_with_day(self, crowd: LexborNode) -> bool:
        known = self._days_first.get(crowd.mem_id)
        if known is None:
            known = self._days_first[crowd.mem_id] = self._is_day_first(crowd)
        return known

    def _is_day_first(self, crowd: LexborNode) -> bool:
        for child in crowd.iter(include_text=True):
            if child.tag_id == ANCHOR or (child.is_element_node and any(self._titles(child))):
                return False
            if _DIGITS.search(child.text() or ""):
                return True
        return False

    def _titles_at(self, node: LexborNode) -> list[LexborNode]:
        if node.tag_id == ANCHOR and self._length(node) >= MIN_TITLE:
            return [node]
        return list(islice(self._titles(node), _CROWD + 1)) if node.is_element_node else []

    def _titles(self, box: LexborNode) -> Iterator[LexborNode]:
        return (link for link, _attributes in links_in(box) if self._length(link) >= MIN_TITLE)

    def _longest(self, anchors: list[LexborNode]) -> LexborNode | None:
        return max(anchors, key=self._length, default=None) if len(anchors) != 1 else anchors[0]

    def _words_of(self, anchor: LexborNode) -> str:
        """Boxes lie in boxes, so most links are asked more than once."""
        known = self._words.get(anchor.mem_id)
        if known is None:
            known = self._words[anchor.mem_id] = words_of(anchor) or _told_by_picture(anchor)
        return known

    def _length(self, anchor: LexborNode) -> int:
        return len(self._words_of(anchor))


def links_in(box: LexborNode, near: Sequence[LexborNode] | None = None) -> Iterable[tuple[LexborNode, Attributes]]:
    """With their attributes. By hand as far as most entries reach, which are the `near` elements: to read a selector takes longer than to
    look at twenty of them.
    """
    if near is None:
        near = list(islice(box.traverse(), _SMALL + 1))
    links = ((node, attributes) for node in near if node.tag_id == ANCHOR and "href" in (attributes := node.attributes))
    return links if len(near) <= _SMALL else _with_further(links, box)


def _with_further(links: Iterable[tuple[LexborNode, Attributes]], box: LexborNode) -> Iterator[tuple[LexborNode, Attributes]]:
    found = 0
    for link in links:
        found += 1
        yield link
    yield from ((link, link.attributes) for link in box.css("a[href]")[found:])


def words_of(node: LexborNode) -> str:
    return " ".join(node.text().split())


def _told_by_picture(anchor: LexborNode) -> str:
    """The title of an entry whose link is only a picture stands beside the link, in its tip or in the words for the picture."""
    picture = next((node for node in anchor.traverse() if node.tag_id == _PICTURE), None)
    if picture is None:
        return ""
    return " ".join((anchor.attributes.get("title") or picture.attributes.get("alt") or "").split())


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
        if (tag := sibling.tag_id) in _BREAKS or tag in _BESIDE:
            break
        marks.append(f"{(sibling.text() or '').strip()[:8]} {(sibling.attributes or {}).get('alt') or ''}")
    return " ".join(marks)
