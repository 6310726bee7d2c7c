"""Boxes of one colour or with a photo that are drawn over what lies below them, and stay there."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec import structs

from govcrawl.kit.lazy import lazy
from govcrawl.page import colours
from govcrawl.page.boxes import Place, is_out_of_flow, is_positioned, place_of
from govcrawl.page.cascade import Sheet
from govcrawl.page.concealment import Concealments, locator
from govcrawl.page.elements import Element
from govcrawl.page.hiding import Declarations, judge, number
from govcrawl.page.origins import Origin
from govcrawl.page.painting import declared_by, ranked, reaching
from govcrawl.page.style_rules import Index, StyleRule

# Of a page: elements, rules and boxes that are looked at, and boxes that are held against scripts and states. Labelled pages need 600 and
# one; those that take more are made to take time.
MOST_STEPS, MOST_CHECKS = 5_000, 50
_MOST_INSIDE, _MOST_LEVELS = 200, 3
_OPAQUE = 0.95
_NUMBER = re.compile(r"-?\d{1,10}")
_PHOTO = re.compile(r"\.jpe?g\b", re.IGNORECASE)
_NONE: Index = {}
# Names and roles of what comes and goes.
_MASK = re.compile(
    r"load|mask|modal|dialog|popup|splash|spin|backdrop|curtain|lightbox|toast|drawer|skeleton|placeholder", re.IGNORECASE
)
_MASK_ROLES = frozenset(("dialog", "alertdialog", "tooltip", "alert", "progressbar", "status"))
_TOLD = ("position", "top", "right", "bottom", "left", "margin", "margin-top", "width", "height", "background", "background-color", "z-index")  # fmt: skip


class Box(NamedTuple):
    """An element, or what is drawn before or after one (`mark`), that nothing shines through."""

    element: Element
    style: Declarations
    place: Place
    mark: str = ""

    @property
    def layer(self) -> int:
        return layer_of(self.style) or 0

    @property
    def name(self) -> str:
        return f"{locator(self.element)}{self.mark}"

    @property
    def told(self) -> str:
        return ";".join(f"{name}:{self.style[name]}" for name in _TOLD if name in self.style)


class Boxes:
    """Those of one tree. `is_taken` says whether a script may take an element away that has one of these names."""

    def __init__(
        self,
        concealments: Concealments,
        scripted: Mapping[str, tuple[Declarations, str]],
        is_taken: Callable[[Sequence[str]], bool],
    ) -> None:
        self._concealments = concealments
        self._styles, self._sheets = concealments.styles, concealments.sheets
        self._scripted = scripted
        self._is_taken = is_taken
        self._known: dict[int, Sequence[Box]] = {}
        self._steps, self._checks = MOST_STEPS, MOST_CHECKS

    def spend(self, steps: int = 1) -> bool:
        """Whether there is time left for so many further looks."""
        self._steps -= steps
        return self._steps >= 0

    def around(self, place: Element) -> Sequence[Box]:
        """The boxes inside an element that are placed from where it, or what contains it, begins."""
        known = self._known.get(place.key)
        if known is None:
            looked_at = list(islice(_inside(place), _MOST_INSIDE)) if self.spend(0) else []
            self.spend(len(looked_at))
            found = [box for element in looked_at if (box := self._placed_from(element, place))]
            known = self._known[place.key] = [*found, *self._drawn(place)]
        return known

    def after(self, element: Element) -> Box | None:
        """The element behind one in the flow, where it is a box that is drawn over the flow."""
        behind = next(element.following, None)
        if behind is None or not self.spend():
            return None
        style = self._styles.of(behind)
        return self._box(behind, style) if is_positioned(style) and not is_out_of_flow(style) else None

    def origin_of(self, box: Box) -> Origin:
        """Where what makes it a box is written."""
        if not box.mark:
            return self.declaring(box.element)
        drawing = self._drawing(box.element, box.mark)
        return Origin(rules=[(source, structs.replace(rule, selector=rule.selector + box.mark)) for source, rule in drawing])

    def declaring(self, element: Element) -> Origin:
        _declared, script = self._scripted.get(element.id, ({}, ""))
        return Origin(script, element.attributes.get("style") or "", self._by_rank(lambda sheet: reaching(sheet.others, element)))

    def _placed_from(self, element: Element, place: Element) -> Box | None:
        if not self._may_be_placed(element):
            return None
        style = self._styles.of(element)
        box = self._box(element, style) if is_out_of_flow(style) else None
        between = element.parent
        while box is not None and between is not None and between is not place:
            if is_positioned(self._styles.of(between)):
                return None
            between = between.parent
        return box

    def _box(self, element: Element, style: Declarations) -> Box | None:
        filled = is_filled(style) or (element.tag == "img" and _PHOTO.search(element.attributes.get("src") or ""))
        seen = filled and _is_seen(style) and self._stays(element) and self._concealments.of(element.node) is None
        return Box(element, style, place_of(style)) if seen else None

    def _may_be_placed(self, element: Element) -> bool:
        said = (element.attributes.get("style") or "").lower()
        if "absolute" in said or "fixed" in said or element.id in self._scripted:
            return True
        return element.tag in self._placed or not self._placed.isdisjoint(element.names)

    @lazy
    def _placed(self) -> frozenset[str]:
        return frozenset[str]().union(*(sheet.placed for _source, sheet in self._sheets))

    def _drawn(self, place: Element) -> Iterator[Box]:
        """What is drawn before and after an element by its own rules, where it contains that."""
        for mark in dict.fromkeys(mark for _source, sheet in self._sheets for mark in sheet.drawn):
            rules = self._drawing(place, mark) if self.spend() else ()
            self.spend(len(rules))
            style = declared_by([rule for _source, rule in rules])
            if is_out_of_flow(style) and is_filled(style) and _is_seen(style) and judge(style) is None and self._stays(place):
                yield Box(place, style, place_of(style), mark)

    def _drawing(self, place: Element, mark: str) -> Sequence[tuple[str, StyleRule]]:
        return self._by_rank(lambda sheet: reaching(sheet.drawn.get(mark, _NONE).get, place))

    def _by_rank(self, rules: Callable[[Sheet], Sequence[StyleRule]]) -> Sequence[tuple[str, StyleRule]]:
        found = [(at, rule) for at, (_source, sheet) in enumerate(self._sheets) for rule in rules(sheet)]
        return [(self._sheets[at][0], rule) for at, rule in ranked(found)]

    def is_lasting(self, element: Element) -> bool:
        """Whether no state of the page changes the element."""
        states = any(sheet.varies(name) for _source, sheet in self._sheets for name in element.names)
        return not (states or self._concealments.revealed(element))

    def _stays(self, element: Element) -> bool:
        """Whether nothing takes the element away, or shows what lies under it in some state."""
        self._checks -= 1
        if self._checks < 0:
            return False
        names = [name for name in (element.id, *element.classes) if name]
        if element.tag == "dialog" or element.attributes.get("role") in _MASK_ROLES or any(map(_MASK.search, names)):
            return False
        return self.is_lasting(element) and not self._is_taken(names)


def is_filled(style: Declarations) -> bool:
    return any(colours.covers(style[name]) for name in ("background-color", "background") if name in style)


def layer_of(style: Declarations) -> int | None:
    found = _NUMBER.match(style.get("z-index", ""))
    return int(found[0]) if found else None


def _is_seen(style: Declarations) -> bool:
    """Whether the declarations let a box be seen in full, and for good."""
    opacity = number(style.get("opacity", "1"))
    moving = style.get("animation", style.get("animation-name", "none")).strip() != "none"
    return not moving and (opacity is None or opacity >= _OPAQUE) and "opacity" not in style.get("filter", "")


def _inside(place: Element) -> Iterator[Element]:
    """The elements of the upper levels, level by level."""
    level = [place]
    for _ in range(_MOST_LEVELS):
        below: list[Element] = []
        for element in level:
            for child in islice(element.children, _MOST_INSIDE):
                below.append(child)
                yield child
        level = below[:_MOST_INSIDE]
