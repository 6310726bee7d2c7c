"""Words behind an inline box whose margin is so negative that the rest of the line begins far to the left of the window."""

import re
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import NamedTuple

from govcrawl.page.concealment import Concealment, locator
from govcrawl.page.elements import Element
from govcrawl.page.hiding import FAR_RIGHT_PX, pixels
from govcrawl.page.painting import upwards

_MARGIN = re.compile(r"margin-right\s*:\s*(-[\d.]+\w*)", re.IGNORECASE)
_INLINE = frozenset(("a", "span", "font", "b", "strong", "i", "em", "u", "s", "small", "big", "label", "img"))
_MOST_LEVELS, _MOST_CHILDREN = 4, 5_000


class _Line(NamedTuple):
    """What pushes, and all that stands behind it up to the end of its line."""

    pusher: Element
    declared: str
    behind: AbstractSet[int]


class Pushed:
    """The answers for one tree."""

    def __init__(self) -> None:
        self._lines: dict[int, list[_Line]] = {}

    def out(self, element: Element) -> Concealment | None:
        """Why an inline element cannot be seen that is pushed out of the window; None where nothing does."""
        for place in islice(upwards(element), _MOST_LEVELS):
            if place.tag not in _INLINE or place.parent is None:
                return None
            around = place.parent
            if around.key not in self._lines:
                self._lines[around.key] = _lines_of(around)
            for line in self._lines[around.key]:
                if place.key in line.behind:
                    where = f"inline style of {locator(line.pusher)} before it"
                    return Concealment("offscreen", line.declared, where, locator(around), around.key)
        return None


def _lines_of(around: Element) -> list[_Line]:
    found: list[_Line] = []
    behind: set[int] | None = None
    for child in islice(around.children, _MOST_CHILDREN):
        if child.tag not in _INLINE:
            behind = None
            continue
        if behind is not None:
            behind.add(child.key)
        said = _MARGIN.search(child.attributes.get("style") or "")
        if said and (pixels(said[1]) or 0.0) <= -FAR_RIGHT_PX:
            behind = set()
            found.append(_Line(child, said[0], behind))
    return found
