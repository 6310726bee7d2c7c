"""Links that something lies over, be it the background around them.

A box over all of the page, one that a state or a script takes away, or one that fades by itself hides nothing for good: it is a mask.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from govcrawl.page.boxes import Place, inside_of, is_out_of_flow, is_positioned, moved_up, place_of
from govcrawl.page.concealment import Concealment, Concealments, locator
from govcrawl.page.elements import Element
from govcrawl.page.hiding import Declarations, pixels
from govcrawl.page.opaque import Box, Boxes, is_filled, layer_of
from govcrawl.page.origins import as_written
from govcrawl.page.painting import upwards

_WHOLE_PAGE = frozenset(("html", "body"))
_MOST_HOME_LINKS, _MOST_INSIDE = 2, 2_000


class Standing(NamedTuple):
    """Where an element stands within a box that contains it: in which place, by which element, and in which layer, None in the flow."""

    place: Place
    by: Element
    layer: int | None


class Covers:
    """The answers for one tree. `stays` says whether an address leads to the site itself."""

    def __init__(self, concealments: Concealments, boxes: Boxes, stays: Callable[[str], bool]) -> None:
        self._concealments = concealments
        self._styles = concealments.styles
        self._boxes = boxes
        self._stays = stays
        self._of_page: dict[int, bool] = {}
        self._inside: dict[int, Concealment | None] = {}

    def over(self, element: Element) -> Concealment | None:
        """Why an element cannot be seen that something lies over; None where nothing does, or the page has more boxes than anyone looks at."""
        style, around = self._styles.of(element), element.parent
        if around is None or is_positioned(style) or layer_of(style) is not None:
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
            if not self._boxes.spend():
                return None
            if place.tag in _WHOLE_PAGE:
                return self._over(path, None, {})
            if is_positioned(style) and (found := self._over(path, place, style)):
                return found
            path.append(place)
            if "height" in style and (found := self._drawn_up(path, place, style)):
                return found
        return None

    def _below_background(self, element: Element) -> Concealment | None:
        """An element in the flow that is drawn before the background of one around it."""
        below, z = None, 0
        for place in upwards(element):
            style = self._styles.of(place)
            if place.tag in _WHOLE_PAGE:
                return None
            own = layer_of(style)
            if own is not None or "opacity" in style or "transform" in style:
                below = None  # what is drawn inside is drawn together with the background
            elif below is not None and is_filled(style):
                said = f"z-index:{z}"
                where, text = self._boxes.declaring(below).of(said)
                return self._found(
                    "behind", below, below, where, f"{as_written(said, text)} below the background of {locator(place)}"
                )
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
            if (
                self._boxes.spend()
                and (box.mark or box.element.key not in above)
                and box.place.within(inside).holds(standing.place)
                and not (holder is None and box.place.whole)
                and _is_above(box, standing, path)
                and not self._holds_page(standing.by)
            ):
                return self._below(box, standing.by)
        return None

    def _drawn_up(self, path: Sequence[Element], place: Element, style: Declarations) -> Concealment | None:
        """An element in the flow over which the next one is drawn by a negative margin."""
        height = pixels(style["height"])
        box = self._boxes.after(place) if height and not is_out_of_flow(style) else None
        if box is None or height is None or self._holds_page(place):
            return None
        up, long, layer = moved_up(box.style), pixels(box.style.get("height", "")), self._layer(path)
        wide = "width" not in box.style or box.place.across.whole or box.style["width"] == style.get("width")
        over = up >= height and long is not None and long >= up
        return self._below(box, place) if over and wide and (layer is None or box.layer >= layer) else None

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
            if (z := layer_of(own)) is not None:
                return z
            if is_positioned(own) or "opacity" in own:
                layer = 0
        return layer

    def _near(self, standing: Standing, holder: Element | None) -> Iterator[Box]:
        if holder is not None:
            yield from self._boxes.around(holder)
        beside = standing.by.parent
        if standing.by is not holder and beside is not None and beside is not holder:
            yield from self._boxes.around(beside)

    def _holds_page(self, element: Element) -> bool:
        """Whether there is more inside than links that leave: then what lies over it is a mask."""
        if element.key not in self._of_page:
            anchors = (node.attributes.get("href") for node in islice(element.node.traverse(), _MOST_INSIDE) if node.tag == "a")
            home = sum(1 for _href in islice((href for href in anchors if href and self._stays(href)), _MOST_HOME_LINKS + 1))
            self._of_page[element.key] = home > _MOST_HOME_LINKS
        return self._of_page[element.key]

    def _below(self, box: Box, covered: Element) -> Concealment:
        where, text = self._boxes.origin_of(box).of(box.told)
        return self._found("overlay", covered, box.element, where, f"below {box.name}: {as_written(box.told, text)}")

    def _found(self, technique: str, covered: Element, doing: Element, where: str, rule: str) -> Concealment:
        by_script = self._concealments.is_by_script(where, doing)
        return Concealment(technique, rule, where, locator(covered), covered.key, by_script=by_script)


def _is_above(box: Box, standing: Standing, path: Sequence[Element]) -> bool:
    if box.element.classes & standing.by.classes and not box.mark:
        return False  # several that are shown in turns
    if standing.layer is None or box.layer != standing.layer:
        return standing.layer is None or box.layer > standing.layer
    return box.mark.lstrip(":").lower() == "after" if box.mark else _is_later(box.element, path)


def _is_later(element: Element, path: Sequence[Element]) -> bool:
    """Whether an element comes after the last of a path in the page: looked at where both come from the same parent."""
    above = {place.key: place for place in path}
    top = path[-1].parent
    while element.parent is not None and element.parent.key not in above and element.parent is not top:
        element = element.parent
    branch = next((place for place in path if place.parent is element.parent), None)
    later = branch.node.next if branch is not None else None
    while later is not None and later.mem_id != element.key:
        later = later.next
    return later is not None
