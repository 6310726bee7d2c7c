"""Boxes that lie over what stands in a page: out of the flow, of one colour that nothing shines through, and above it.

A box over all of the page, one that a state or a script takes away, or one that fades by itself hides nothing for good: it is a mask.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from msgspec import structs

from govcrawl.kit.lazy import lazy
from govcrawl.page import colours
from govcrawl.page.boxes import Place, inside_of, is_out_of_flow, is_positioned, place_of
from govcrawl.page.cascade import Sheet
from govcrawl.page.concealment import Concealment, Concealments, locator
from govcrawl.page.hiding import Declarations, judge, number
from govcrawl.page.origins import Origin, as_written
from govcrawl.page.painting import declared_by, ranked, reaching, upwards
from govcrawl.page.selectors import Element
from govcrawl.page.style_rules import Index, StyleRule

_WHOLE_PAGE = frozenset(("html", "body"))
_MOST_LOOKED_AT, _MOST_LEVELS = 200, 3
# Of a page: elements, rules and boxes that are looked at, and boxes that are held against scripts and states. Pages that somebody built
# have a tenth of it; those beyond are made to take time.
_MOST_STEPS, _MOST_BOXES = 5_000, 50
_MOST_HOME_LINKS, _MOST_INSIDE = 2, 2_000
_OPAQUE = 0.95
_NUMBER = re.compile(r"-?\d{1,10}")
_NONE: Index = {}
# Names and roles of what comes and goes.
_MASK = re.compile(
    r"load|mask|modal|dialog|popup|splash|spin|backdrop|curtain|lightbox|toast|drawer|skeleton|placeholder", re.IGNORECASE
)
_MASK_ROLES = frozenset(("dialog", "alertdialog", "tooltip", "alert", "progressbar", "status"))
_TOLD = ("position", "top", "right", "bottom", "left", "width", "height", "background", "background-color", "z-index")


class Box(NamedTuple):
    """An element, or what is drawn before or after one (`mark`), that nothing shines through."""

    element: Element
    style: Declarations
    place: Place
    mark: str = ""

    @property
    def layer(self) -> int:
        return _z(self.style) or 0

    @property
    def told(self) -> str:
        return ";".join(f"{name}:{self.style[name]}" for name in _TOLD if name in self.style)


class Standing(NamedTuple):
    """Where an element stands within a box that contains it: in which place, by which element, and in which layer, None in the flow."""

    place: Place
    by: Element
    layer: int | None


class Covers:
    """The answers for one tree. `stays` says whether an address leads to the site itself, `is_taken` whether a script may take an element
    away that has one of these names.
    """

    def __init__(
        self,
        concealments: Concealments,
        scripted: Mapping[str, tuple[Declarations, str]],
        stays: Callable[[str], bool],
        is_taken: Callable[[Sequence[str]], bool],
    ) -> None:
        self._concealments = concealments
        self._styles = concealments.styles
        self._sheets = concealments.sheets
        self._scripted = scripted
        self._stays, self._is_taken = stays, is_taken
        self._boxes: dict[int, Sequence[Box]] = {}
        self._of_page: dict[int, bool] = {}
        self._inside: dict[int, Concealment | None] = {}
        self._steps, self._checks = _MOST_STEPS, _MOST_BOXES

    def over(self, element: Element) -> Concealment | None:
        """Why an element cannot be seen that something lies over; None where nothing does, or the page has more boxes than anyone looks at."""
        style, around = self._styles.of(element), element.parent
        if around is None or is_positioned(style) or _z(style) is not None:
            return self._looked_up(element)
        # All that flow in an element are seen or not together.
        if around.key not in self._inside:
            self._inside[around.key] = self._looked_up(element)
        return self._inside[around.key]

    def _looked_up(self, element: Element) -> Concealment | None:
        if sunk := self._below_background(element):
            return sunk
        path = [element]
        for place in islice(upwards(element), 1, None):
            style = self._styles.of(place)
            self._steps -= 1
            if self._steps < 0:
                return None
            if place.tag in _WHOLE_PAGE:
                return self._over(path, None, {})
            if is_positioned(style) and (found := self._over(path, place, style)):
                return found
            path.append(place)
        return None

    def _below_background(self, element: Element) -> Concealment | None:
        """An element in the flow that is drawn before the background of one around it."""
        below, z = None, 0
        for place in upwards(element):
            style = self._styles.of(place)
            if place.tag in _WHOLE_PAGE:
                return None
            own = _z(style)
            if own is not None or "opacity" in style or "transform" in style:
                below = None  # what is drawn inside is drawn together with the background
            elif below is not None and _is_filled(style):
                where, text = self._declared_by(below).of(f"z-index:{z}")
                rule = f"{as_written(f'z-index:{z}', text)} below the background of {locator(place)}"
                by_script = self._concealments.is_by_script(where, below)
                return Concealment("behind", rule, where, locator(below), below.key, by_script=by_script)
            if own is not None and own < 0 and is_positioned(style):
                below, z = place, own
        return None

    def _over(self, path: Sequence[Element], holder: Element | None, style: Declarations) -> Concealment | None:
        """Of the boxes in the same containing one, `holder`; None for that of the whole page."""
        inside = inside_of(style)
        standing = self._standing(path, holder, inside)
        if standing is None:
            return None
        above = {element.key for element in path}
        for box in self._near(standing, holder):
            self._steps -= 1
            if (
                (box.mark or box.element.key not in above)
                and box.place.within(inside).holds(standing.place)
                and not (holder is None and box.place.whole)
                and self._is_above(box, standing, path)
                and not self._holds_page(standing.by)
            ):
                return self._found(box, standing.by)
        return None

    def _standing(self, path: Sequence[Element], holder: Element | None, inside: Place) -> Standing | None:
        """None where the element may stand outside of the box that contains it, or where that is the whole page and it is in the flow."""
        place, by = inside, holder
        contained = False
        for element in reversed(path):
            own = self._styles.of(element)
            if not is_positioned(own):
                continue
            its = place_of(own)
            if is_out_of_flow(own):
                if contained or (holder is not None and own.get("position", "").startswith("fix")):
                    return None
                place, by = its.within(inside), element
            elif its.out:
                return None
            contained = True
        return None if by is None else Standing(place, by, self._layer(path))

    def _layer(self, path: Sequence[Element]) -> int | None:
        """From the outside to the inside, the first that has a layer of its own says in which all of it is drawn."""
        layer = None
        for element in reversed(path):
            own = self._styles.of(element)
            if (z := _z(own)) is not None:
                return z
            if is_positioned(own) or "opacity" in own:
                layer = 0
        return layer

    def _near(self, standing: Standing, holder: Element | None) -> Iterator[Box]:
        if holder is not None:
            yield from self._around(holder)
        beside = standing.by.parent
        if standing.by is not holder and beside is not None and beside is not holder:
            yield from self._around(beside)

    def _around(self, place: Element) -> Sequence[Box]:
        """The boxes inside an element that are placed where it, or what contains it, begins."""
        known = self._boxes.get(place.key)
        if known is None:
            looked_at = list(islice(self._candidates(place), min(_MOST_LOOKED_AT, max(self._steps, 0))))
            self._steps -= len(looked_at)
            found = [box for element in looked_at if (box := self._box(element, place))]
            known = self._boxes[place.key] = [*found, *self._drawn(place)]
        return known

    def _candidates(self, place: Element) -> Iterator[Element]:
        level = [place]
        for _ in range(_MOST_LEVELS):
            below: list[Element] = []
            for element in level:
                for child in islice(element.children, _MOST_LOOKED_AT):
                    below.append(child)
                    yield child
            level = below[:_MOST_LOOKED_AT]

    def _box(self, element: Element, place: Element) -> Box | None:
        if not self._may_be_placed(element):
            return None
        style = self._styles.of(element)
        if not (_is_box(style) and self._stays_there(element) and self._concealments.of(element.node) is None):
            return None
        between = element.parent
        while between is not None and between is not place:
            if is_positioned(self._styles.of(between)):
                return None
            between = between.parent
        return Box(element, style, place_of(style))

    def _may_be_placed(self, element: Element) -> bool:
        said = (element.attributes.get("style") or "").lower()
        if "absolute" in said or "fixed" in said or element.id in self._scripted:
            return True
        return not self._placed.isdisjoint((element.tag, f"#{element.id}", *(f".{name}" for name in element.classes)))

    @lazy
    def _placed(self) -> frozenset[str]:
        return frozenset[str]().union(*(sheet.placed for _source, sheet in self._sheets))

    def _drawn(self, place: Element) -> Iterator[Box]:
        """What is drawn before and after an element by its own rules, where it contains that."""
        for mark in dict.fromkeys(mark for _source, sheet in self._sheets for mark in sheet.drawn):
            rules = self._drawing(place, mark) if self._steps > 0 else ()
            self._steps -= len(rules)
            if rules:
                style = declared_by([rule for _source, rule in rules])
                if _is_box(style) and judge(style) is None and self._stays_there(place):
                    yield Box(place, style, place_of(style), mark)

    def _drawing(self, place: Element, mark: str) -> Sequence[tuple[str, StyleRule]]:
        return self._by_rank(lambda sheet: reaching(sheet.drawn.get(mark, _NONE).get, place))

    def _by_rank(self, rules: Callable[[Sheet], Sequence[StyleRule]]) -> Sequence[tuple[str, StyleRule]]:
        found = [(at, rule) for at, (_source, sheet) in enumerate(self._sheets) for rule in rules(sheet)]
        return [(self._sheets[at][0], rule) for at, rule in ranked(found)]

    def _stays_there(self, element: Element) -> bool:
        """Whether nothing takes the element away, or shows what lies under it in some state."""
        self._checks -= 1
        if self._checks < 0:
            return False
        names = [name for name in (element.id, *element.classes) if name]
        if element.tag == "dialog" or element.attributes.get("role") in _MASK_ROLES or any(map(_MASK.search, names)):
            return False
        keys = [f"#{element.id}"] if element.id else []
        keys += [f".{name}" for name in element.classes]
        states = any(sheet.varies(key) for _source, sheet in self._sheets for key in keys)
        return not (states or self._concealments.revealed(element) or self._is_taken(names))

    def _is_above(self, box: Box, standing: Standing, path: Sequence[Element]) -> bool:
        if box.element.classes & standing.by.classes and not box.mark:
            return False  # several that are shown in turns
        if standing.layer is None or box.layer != standing.layer:
            return standing.layer is None or box.layer > standing.layer
        return box.mark.lstrip(":") == "after" if box.mark else _is_later(box.element, path)

    def _holds_page(self, element: Element) -> bool:
        """Whether there is more inside than links that leave: then what lies over it is a mask."""
        if element.key not in self._of_page:
            anchors = (node.attributes.get("href") for node in islice(element.node.traverse(), _MOST_INSIDE) if node.tag == "a")
            home = sum(1 for _href in islice((href for href in anchors if href and self._stays(href)), _MOST_HOME_LINKS + 1))
            self._of_page[element.key] = home > _MOST_HOME_LINKS
        return self._of_page[element.key]

    def _found(self, box: Box, covered: Element) -> Concealment:
        origin = self._drawn_by(box) if box.mark else self._declared_by(box.element)
        where, text = origin.of(box.told)
        by_script = self._concealments.is_by_script(where, box.element)
        name = f"{locator(box.element)}{box.mark}"
        return Concealment(
            "overlay", f"below {name}: {as_written(box.told, text)}", where, locator(covered), covered.key, by_script=by_script
        )

    def _drawn_by(self, box: Box) -> Origin:
        drawing = self._drawing(box.element, box.mark)
        return Origin(rules=[(source, structs.replace(rule, selector=rule.selector + box.mark)) for source, rule in drawing])

    def _declared_by(self, element: Element) -> Origin:
        _declared, script = self._scripted.get(element.id, ({}, ""))
        return Origin(script, element.attributes.get("style") or "", self._by_rank(lambda sheet: reaching(sheet.others, element)))


def _is_box(style: Declarations) -> bool:
    """Whether the declarations make a box that nothing shines through, for good."""
    if not is_out_of_flow(style) or style.get("animation", style.get("animation-name", "none")).strip() != "none":
        return False
    seen = number(style.get("opacity", "1"))
    if (seen is not None and seen < _OPAQUE) or "opacity" in style.get("filter", ""):
        return False
    return _is_filled(style)


def _is_filled(style: Declarations) -> bool:
    return any(colours.covers(style[name]) for name in ("background-color", "background") if name in style)


def _z(style: Declarations) -> int | None:
    found = _NUMBER.match(style.get("z-index", ""))
    return int(found[0]) if found else None


def _is_later(element: Element, path: Sequence[Element]) -> bool:
    """Whether an element comes after the last of a path in the page: looked at where both come from the same parent."""
    above = {place.key: place for place in path}
    top = path[-1].parent
    while element.parent is not None and element.parent.key not in above and element.parent is not top:
        element = element.parent
    branch = next((place for place in path if place.parent is element.parent), None)
    if branch is None:
        return False
    later = branch.node.next
    while later is not None and later.mem_id != element.key:
        later = later.next
    return later is not None
