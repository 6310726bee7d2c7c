"""Links below the lower edge of a box that has a fixed height and cuts off what is longer.

How high what stands before them is at least is known without laying anything out: heights that are declared, and a line for each block
that has words. Boxes that scroll, grow in some state or are moved by a script show the rest at some time.
"""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

from govcrawl.page.boxes import is_out_of_flow
from govcrawl.page.concealment import Concealment, Concealments, locator
from govcrawl.page.elements import Element
from govcrawl.page.hiding import Declarations, pixels
from govcrawl.page.opaque import Boxes
from govcrawl.page.origins import as_written
from govcrawl.page.painting import upwards

_LINE_PX = 10.0  # the least that a line of words takes
_MOST_CHILDREN, _MOST_LEVELS, _TALLEST_PX = 2_000, 30, 2_000.0
_CHAIN, _MOST_ABOVE = 3, 6
# Entries of lists are left out: as often as not they stand in a row.
_BLOCKS = frozenset(
    ("div", "p", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "section", "article", "header",
     "footer", "nav", "center", "form", "pre", "blockquote", "address", "hr")
)  # fmt: skip


class _Edge(NamedTuple):
    """The box that cuts off what an element holds: at which height, and how far below its upper edge the element begins at least. `chain` are
    the box and the elements right inside.
    """

    box: Element
    height: float
    top: float
    chain: tuple[Element, ...]

    def inside(self, element: Element, top: float) -> "_Edge":
        chain = self.chain if len(self.chain) == _CHAIN else (*self.chain, element)
        return self._replace(top=self.top + top, chain=chain)


class Cutting:
    """The answers for one tree. `is_spoken` says whether a script speaks of an element with one of these names."""

    def __init__(self, concealments: Concealments, boxes: Boxes, is_spoken: Callable[[Sequence[str]], bool]) -> None:
        self._concealments = concealments
        self._styles = concealments.styles
        self._boxes = boxes
        self._is_spoken = is_spoken
        self._edges: dict[int, _Edge | None] = {}
        self._tops: dict[int, dict[int, float]] = {}
        self._lasting: dict[int, bool] = {}

    def off(self, element: Element) -> Concealment | None:
        """Why a link cannot be seen that lies below such an edge; None where nothing cuts it off."""
        around = element.parent
        edge = self._edge(around) if around is not None and not is_out_of_flow(self._styles.of(element)) else None
        if around is None or edge is None or edge.top + self._top(element, around) <= edge.height:
            return None
        return self._found(edge) if self._cuts_for_good(edge) else None

    def _edge(self, element: Element) -> _Edge | None:
        """Of what is inside an element: walked up to the first that is known, and down again."""
        chain: list[Element] = []
        for place in islice(upwards(element), _MOST_LEVELS):
            if place.key in self._edges:
                break
            chain.append(place)
        edge = self._edges.get(chain[-1].parent.key) if chain and chain[-1].parent else self._edges.get(element.key)
        for place in reversed(chain):
            style = self._styles.of(place)
            if (height := self._cut_at(place, style)) is not None:
                edge = _Edge(place, height, 0.0, (place,))
            elif is_out_of_flow(style) or not self._boxes.spend():
                edge = None
            elif edge is not None and place.parent is not None:
                edge = edge.inside(place, self._top(place, place.parent))
            self._edges[place.key] = edge
        return self._edges.get(element.key)

    def _cut_at(self, place: Element, style: Declarations) -> float | None:
        """The height in pixels behind which an element shows nothing."""
        if not style.get("overflow", style.get("overflow-y", "")).startswith(("hidden", "clip")):
            return None
        for name in ("max-height", "height"):
            if (height := _height(style, name)) is not None:
                return height
        for above in islice(upwards(place), 1, _MOST_ABOVE):
            if not style.get("height", "").startswith("100%"):
                return None
            style = self._styles.of(above)
            if (height := _height(style, "height")) is not None:
                return height
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

    def _cuts_for_good(self, edge: _Edge) -> bool:
        key = edge.chain[-1].key
        if key not in self._lasting:
            names = [name for place in edge.chain for name in (place.id, *place.classes) if name]
            self._lasting[key] = not self._is_spoken(names) and all(map(self._boxes.is_lasting, edge.chain))
        return self._lasting[key]

    def _found(self, edge: _Edge) -> Concealment:
        style = self._styles.of(edge.box)
        declared = ";".join(
            f"{name}:{style[name]}" for name in ("height", "max-height", "overflow", "overflow-y") if name in style
        )
        where, text = self._boxes.declaring(edge.box).of(declared)
        rule = f"{as_written(declared, text)}, below its edge at {edge.height:g} px"
        return Concealment("cut-off", rule, where, locator(edge.box), edge.box.key)


def _height(style: Declarations, name: str) -> float | None:
    """In pixels, where it is told and no higher than any list of links."""
    said = style.get(name, "")
    height = pixels(said) if "%" not in said else None
    return height if height is not None and height <= _TALLEST_PX else None
