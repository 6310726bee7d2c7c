"""Properties that say what others say, too: shorthands, directions of writing, and names with a browser's mark."""

import re
from collections.abc import Callable, Iterator, Mapping

Pair = tuple[str, str]

_IMPORTANT = "!important"
# A size is a length; of numbers without a unit, which may be a weight, only 0.
_FONT_SIZE = re.compile(r"(?:^|\s)((?:\d*\.)?\d+(?:px|p[tc]|r?em|%|v[wh]|vmin|vmax|ex|ch|[cm]m|in)|0)(?=\s*/|\s)")


def _font(value: str) -> Iterator[Pair]:
    if size := _FONT_SIZE.search(value):
        yield "font-size", f"{size[1]}{_mark(value)}"


def _inset(value: str) -> Iterator[Pair]:
    """One to four values: top, right, bottom and left; what is left out is that of the opposite side."""
    parts = value.replace(_IMPORTANT, "").split()
    if parts:
        top, right = parts[0], parts[min(1, len(parts) - 1)]
        bottom, left = parts[2] if len(parts) > 2 else top, parts[3] if len(parts) > 3 else right
        for side, length in (("top", top), ("right", right), ("bottom", bottom), ("left", left)):
            yield side, f"{length}{_mark(value)}"


def _first_of(name: str) -> Callable[[str], Iterator[Pair]]:
    def read(value: str) -> Iterator[Pair]:
        if parts := value.replace(_IMPORTANT, "").split():
            yield name, f"{parts[0]}{_mark(value)}"

    return read


def _called(name: str) -> Callable[[str], Iterator[Pair]]:
    """A transformation that has a property of its own."""

    def read(value: str) -> Iterator[Pair]:
        if parts := value.replace(_IMPORTANT, "").split():
            yield "transform", f"{name}({','.join(parts)}){_mark(value)}"

    return read


def _as(name: str) -> Callable[[str], Iterator[Pair]]:
    def read(value: str) -> Iterator[Pair]:
        yield name, value

    return read


def _mark(value: str) -> str:
    return _IMPORTANT if _IMPORTANT in value else ""


# From left to right and from top to bottom, as Chinese pages are written.
SPELLINGS: Mapping[str, Callable[[str], Iterator[Pair]]] = {
    "font": _font,
    "inset": _inset,
    "inset-inline": _first_of("left"),
    "inset-block": _first_of("top"),
    "margin-inline": _first_of("margin-left"),
    "margin-block": _first_of("margin-top"),
    "translate": _called("translate"),
    "scale": _called("scale"),
    **{
        written: _as(name)
        for written, name in {
            "inset-inline-start": "left",
            "inset-inline-end": "right",
            "inset-block-start": "top",
            "inset-block-end": "bottom",
            "margin-inline-start": "margin-left",
            "margin-block-start": "margin-top",
            "inline-size": "width",
            "block-size": "height",
            "max-inline-size": "max-width",
            "max-block-size": "max-height",
            "-webkit-animation": "animation",
            "-webkit-transform": "transform",
            "-webkit-clip-path": "clip-path",
            "-webkit-filter": "filter",
            "-webkit-text-fill-color": "color",
        }.items()
    },
}
