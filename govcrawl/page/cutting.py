"""Links below the lower edge of a box that has a fixed height and cuts off what is longer.

How high what stands before them is at least is known without laying anything out: heights that are declared, and a line for each block
that has words. Boxes that scroll, grow in some state or are moved by a script show the rest at some time.
"""

from collections.abc import Callable, Sequence
from itertools import islice

from govcrawl.page.boxes import is_out_of_flow
from govcrawl.page.concealment import Concealment, Concealments, locator
from govcrawl.page.elements import Element
from govcrawl.page.hiding import Declarations, pixels
from govcrawl.page.opaque import Boxes
from govcrawl.page.origins import as_written
from govcrawl.page.painting import upwards

_LINE_PX = 10.0  # the least that a line of words takes
_MOST_CHILDREN, _MOST_LEVELS, _TALLEST_PX = 2_000, 30, 2_000.0
# Entries of lists are left out: as often as not they stand in a row.
_BLOCKS = frozenset(
    ("div", "p", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "section", "article", "header",
     "footer", "nav", "center", "form", "pre", "blockquote", "address", "hr")
)  # fmt: skip


class Cutting:
    """The answers for one tree. `is_spoken` says whether a script speaks of an element with one of these names."""

    def __init__(self, concealments: Concealments, boxes: Boxes, is_spoken: Callable[[Sequence[str]], bool]) -> None:
        self._concealments = concealments
        self._styles = concealments.styles
        self._boxes = boxes
        self._is_spoken = is_spoken
        self._tops: dict[int, dict[int, float]] = {}

    def off(self, element: Element) -> Concealment | None:
        """Why a link cannot be seen that lies below such an edge; None where nothing cuts it off."""
        path = list[Element]()
        for place in islice(upwards(element), _MOST_LEVELS):
            style = self._styles.of(place)
            if path and (height := self._cut_at(place, style)) is not None:
                below = sum(self._top(one, one.parent or place) for one in path) > height
                return self._found(place, style, height) if below and self._cuts_for_good([*path[-2:], place]) else None
            if is_out_of_flow(style) or not self._boxes.spend():
                return None
            path.append(place)
        return None

    def _cut_at(self, place: Element, style: Declarations) -> float | None:
        """The height in pixels behind which an element shows nothing."""
        if not style.get("overflow", style.get("overflow-y", "")).startswith(("hidden", "clip")):
            return None
        inner: Element | None = place
        for name in ("max-height", "height"):
            if (height := pixels(style.get(name, ""))) is not None and "%" not in style[name]:
                return height if height <= _TALLEST_PX else None
        while inner is not None and style.get("height", "").startswith("100%"):
            inner = inner.parent
            style = self._styles.of(inner) if inner is not None else {}
            if (height := pixels(style.get("height", ""))) is not None and "%" not in style["height"]:
                return height if height <= _TALLEST_PX else None
        return None

    def _top(self, element: Element, around: Element) -> float:
        """How far below the upper edge of its parent an element begins at least."""
        if around.key not in self._tops:
            top, tops = 0.0, dict[int, float]()
            in_a_row = self._styles.of(around).get("display", "").removeprefix("inline-").startswith(("flex", "grid"))
            for child in islice(around.children, 0 if in_a_row else _MOST_CHILDREN):
                tops[child.key] = top
                if top <= _TALLEST_PX and self._boxes.spend():
                    top += self._least(child)
            self._tops[around.key] = tops
        return self._tops[around.key].get(element.key, 0.0)

    def _least(self, element: Element) -> float:
        """The height that an element takes at least."""
        if element.tag == "br":
            return _LINE_PX
        if element.tag not in _BLOCKS:
            return 0.0
        style = self._styles.of(element)
        beside = style.get("float", "none").startswith(("left", "right")) or style.get("display", "block").startswith("inline")
        if beside or is_out_of_flow(style) or self._concealments.of(element.node) is not None:
            return 0.0
        if "height" in style:
            return pixels(style["height"]) or 0.0
        line = pixels(style.get("line-height", "")) if style.get("line-height", "").endswith("px") else None
        return (line or _LINE_PX) if element.node.text().strip(" \t\r\n") else 0.0

    def _cuts_for_good(self, places: Sequence[Element]) -> bool:
        names = [name for place in places for name in (place.id, *place.classes) if name]
        return not self._is_spoken(names) and all(self._boxes.is_lasting(place) for place in places)

    def _found(self, place: Element, style: Declarations, height: float) -> Concealment:
        declared = ";".join(
            f"{name}:{style[name]}" for name in ("height", "max-height", "overflow", "overflow-y") if name in style
        )
        where, text = self._boxes.declaring(place).of(declared)
        rule = f"{as_written(declared, text)}, below its edge at {height:g} px"
        return Concealment("cut-off", rule, where, locator(place), place.key)
