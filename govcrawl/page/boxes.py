"""Where boxes lie that are out of the flow of a page, as far as their declarations tell without anything being laid out."""

import re
from math import inf
from typing import NamedTuple

from govcrawl.page.hiding import Declarations, pixels

# Of a window; what is covered is a list of links, which is seldom longer.
_WIDE_PX, _TALL_PX = 1366.0, 700.0
_NUDGE_PX, _NEAR_PX = 20.0, 200.0
_ALL_OF_IT = re.compile(r"\s*\d{3,}(?:\.\d+)?\s*%")
_ABSENT = ("", "auto")


class Span(NamedTuple):
    """Along one axis, in pixels from where the containing box begins. `whole` is from one end of that box to the other, however long it is;
    `out` is far from where it begins or ends, and so perhaps outside.
    """

    start: float | None
    end: float | None
    whole: bool = False
    out: bool = False

    def holds(self, other: "Span") -> bool:
        """Whether another span lies within this one for sure."""
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return False
        return self.start <= other.start and other.end <= self.end

    def within(self, length: float | None) -> "Span":
        """The same in pixels where the containing box has a known length."""
        return self._replace(start=0.0, end=length) if self.whole and length is not None else self


class Place(NamedTuple):
    """`flowing` is of what gives the containing box its size."""

    across: Span
    down: Span
    flowing: bool = False

    def holds(self, other: "Place") -> bool:
        """What is out of the flow is as wide as it needs to be, within its containing box; but that has no height for it."""
        across = self.across.whole and not other.across.out
        down = self.down.whole and other.flowing
        return (across or self.across.holds(other.across)) and (down or self.down.holds(other.down))

    def within(self, box: "Place") -> "Place":
        return self._replace(across=self.across.within(box.across.end), down=self.down.within(box.down.end))

    @property
    def whole(self) -> bool:
        return self.across.whole and self.down.whole

    @property
    def out(self) -> bool:
        return self.across.out or self.down.out


def is_positioned(style: Declarations) -> bool:
    """Whether boxes inside are placed from where this one begins."""
    return style.get("position", "static")[:4] not in ("stat", "init", "inhe") or style.get("transform", "none")[:4] != "none"


def is_out_of_flow(style: Declarations) -> bool:
    return style.get("position", "").startswith(("abs", "fix"))


def place_of(style: Declarations) -> Place:
    """Of a positioned box, within the one that contains it."""
    return Place(_span(style, "left", "right", "width", _WIDE_PX), _span(style, "top", "bottom", "height", _TALL_PX))


def inside_of(style: Declarations) -> Place:
    """All of a box, seen from within."""
    return Place(Span(0.0, pixels(style.get("width", ""))), Span(0.0, pixels(style.get("height", ""))), flowing=True)


def moved_up(style: Declarations) -> float:
    """By how many pixels a box in the flow is drawn above where it would be."""
    margin = style.get("margin-top") or (style.get("margin", "").split() or [""])[0]
    return -(pixels(margin) or 0.0) - (pixels(style.get("top", "")) or 0.0)


def _span(style: Declarations, first: str, last: str, size: str, window: float) -> Span:
    start, end, said = _offset(style, first), _offset(style, last), style.get(size, "")
    length = pixels(said)
    stretched = start is not None and end is not None and start <= 0 and end <= 0 and said in _ABSENT
    long = _ALL_OF_IT.match(said) is not None or (length is not None and length >= window)
    at_an_end = any(offset is not None and -_NUDGE_PX <= offset <= 0 for offset in (start, end))
    far = any(offset is not None and abs(offset) > _NEAR_PX for offset in (start, end))
    until = start + length if start is not None and length is not None else None
    return Span(start, until, stretched or (long and at_an_end), far)


def _offset(style: Declarations, side: str) -> float | None:
    """None where the box stays where it would be; infinite where it depends on the size of others."""
    said = style.get(side, "").partition("!")[0].strip()
    if said in _ABSENT:
        return None
    length = pixels(said)
    return inf if length is None else length
