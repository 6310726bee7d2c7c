"""The declarations that put an element out of a visitor's sight."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from govcrawl.kit.remember import remembered
from govcrawl.page.spellings import SPELLINGS

OFFSCREEN_PX = 500.0  # detection: 1.2 H2; nudges and sprites stay far below it
FAR_RIGHT_PX = 5000.0
TINY_BOX_PX = 2.0
_IN_SIGHT_PX = 100.0
TINY_FONT_PX = 1.5
FAINT = 0.05
_EM_PX = 16.0
_VIEWPORT_PX = 1366.0

Declarations = Mapping[str, str]

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;]+)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", re.DOTALL)
_CONTROL = "\0"
_LENGTH = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(px|pt|em|rem|vw|vh|cm|in|%)?", re.IGNORECASE)
_EXPRESSION = re.compile(r"expression\s*\(\s*(\d+)\s*-\s*(\d+)\s*\)", re.IGNORECASE)
_UNITS = {
    "": 1.0, "px": 1.0, "pt": 4 / 3, "em": _EM_PX, "rem": _EM_PX, "cm": 37.8, "in": 96.0,
    "vw": _VIEWPORT_PX / 100, "vh": 7.68,
}  # fmt: skip
_FADED = re.compile(r"alpha\s*\(\s*opacity\s*[=:]\s*[0-5]\s*\)|opacity\s*\(\s*(?:0?\.0\d*|0|[0-5]%)\s*\)", re.IGNORECASE)
_CLEAR_COLOUR = re.compile(
    r"transparent|(?:rgb|hsl)a?\([^)]*(?:,[^),]*,[^),]*,|/)\s*(?:0|0?\.0\d*|0%)\s*\)|#(?:[0-9a-f]{3}0|[0-9a-f]{6}00)(?![0-9a-f])",
    re.IGNORECASE,
)
_CLIPPED = re.compile(r"rect\(\s*(?:[01](?:px)?[\s,]+){3}[01](?:px)?\s*\)", re.IGNORECASE)
_CLIP_PATH = re.compile(r"inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0|polygon\(\s*0(?:px|%)?\s+0(?:px|%)?\s*\)", re.IGNORECASE)
_SCALED = re.compile(r"scale[xy]?\(\s*0?(?:\.0\d*)?\s*[,)]", re.IGNORECASE)
_TRANSLATED = re.compile(r"translate(?:x|y|3d)?\(\s*(-?[\d.]+\w*)\s*(?:,\s*(-?[\d.]+\w*))?", re.IGNORECASE)

# What `judge` reads, and whoever looks for boxes that lie over others or cut them off.
PROPERTIES = frozenset(
    {"display", "visibility", "content-visibility", "position", "left", "top", "right", "bottom", "margin", "margin-left", "margin-top",
     "text-indent", "width", "height", "max-width", "max-height", "overflow", "overflow-x", "overflow-y", "font-size", "line-height",
     "opacity", "filter", "color", "background", "background-color", "background-image", "clip", "clip-path", "transform", "z-index",
     "animation", "animation-name", "float"}
)  # fmt: skip
# A sheet's rule without any of these is never looked at.
READ = PROPERTIES | SPELLINGS.keys()


class Hiding(NamedTuple):
    """`technique` is a word of the scoring data; `rule` the declarations that do it. `strip`: a part of the box stays in sight, as of the
    strip of a carousel that was moved on.
    """

    technique: str
    rule: str
    strip: bool = False


@remembered(8192, 1_000)
def declarations(style: str) -> Declarations:
    """Property to value, both in lower case; `!important` wins inside one list as it does in a browser."""
    if "/*" in style:
        style = _COMMENT.sub("", style)
    if "\\" in style:
        style = unescaped(style)
    found: dict[str, str] = {}
    for name, written in _DECLARATION.findall(style.lower()):
        if name in PROPERTIES:
            _declare(found, name, written.strip())
        elif name in SPELLINGS:
            for meant, value in SPELLINGS[name](written.strip()):
                _declare(found, meant, value)
    return found


def _declare(found: dict[str, str], name: str, value: str) -> None:
    if not ("!important" in found.get(name, "") and "!important" not in value):
        found[name] = value


def unescaped(style: str) -> str:
    r"""Without escapes, and without declarations such as `width:0\9`, which only a browser of long ago took for one."""
    plain = _ESCAPE.sub(_character, style)
    return ";".join(one for one in plain.split(";") if _CONTROL not in one) if _CONTROL in plain else plain


def _character(match: re.Match[str]) -> str:
    if match[2]:
        return match[2]
    point = int(match[1], 16)
    return _CONTROL if point < ord(" ") else chr(point) if point < 0x110000 else ""


@remembered(4096, 100)
def pixels(value: str) -> float | None:
    """Length in CSS pixels of a 1366 px wide window; None for percentages and everything that is no length."""
    if "(" in value and (odd := _EXPRESSION.search(value)):
        return float(odd[1]) - float(odd[2])
    match = _LENGTH.match(value)
    if match is None:
        return None
    number, unit = float(match[1]), (match[2] or "").lower()
    if unit == "%":
        return 0.0 if number == 0 else None
    return number * _UNITS[unit]


def number(value: str) -> float | None:
    match = _LENGTH.match(value)
    if match is None:
        return None
    return float(match[1]) / (100 if match[2] == "%" else 1)


def judge(style: Declarations) -> Hiding | None:
    """The first way in which these declarations hide the element and all that is in it; None where they do not."""
    for test in _TESTS:
        if (hiding := test(style)) is not None:
            return hiding
    return None


@remembered(8192, 1_000)
def inline(style: str) -> tuple[Declarations, Hiding | None]:
    """The declarations of a style attribute and their judgement: the same few stand on every page of a site."""
    declared = declarations(style)
    return declared, judge(declared)


def _display(style: Declarations) -> Hiding | None:
    if style.get("display", "").startswith("none"):
        return Hiding("display-none", "display:none")
    if style.get("content-visibility", "").startswith("hidden"):
        return Hiding("display-none", "content-visibility:hidden")
    return None


def _visibility(style: Declarations) -> Hiding | None:
    value = style.get("visibility", "")
    if value.startswith(("hidden", "collapse")):
        return Hiding("visibility", f"visibility:{value}")
    return None


def _offscreen(style: Declarations) -> Hiding | None:
    for name, value in _shifts(style):
        length = pixels(value)
        if length is not None and (length <= -OFFSCREEN_PX or (length >= FAR_RIGHT_PX and name in ("left", "top"))):
            return Hiding("offscreen", f"{name}:{value}", name in ("left", "margin-left") and _reaches_back(style, length))
    return _translated(style)


def _reaches_back(style: Declarations, shift: float) -> bool:
    """Whether a box that is moved to the left is so wide that a good part of it is still in the window."""
    width = pixels(style.get("width", ""))
    return width is not None and shift < 0 and width + shift >= _IN_SIGHT_PX


def _shifts(style: Declarations) -> Iterator[tuple[str, str]]:
    if style.get("position", "").startswith(("abs", "fix", "rel")):
        yield from ((name, style[name]) for name in ("left", "top", "right", "bottom") if name in style)
    yield from ((name, style[name]) for name in ("margin-left", "margin-top", "text-indent") if name in style)
    # Shorthand: top right bottom left; only the two that move the box out count.
    parts = style.get("margin", "").split()
    if parts:
        yield "margin", parts[0]
        yield "margin", parts[3] if len(parts) > 3 else parts[0]


def _translated(style: Declarations) -> Hiding | None:
    value = style.get("transform", "")
    match = _TRANSLATED.search(value) if value else None
    for at, part in enumerate(match.groups() if match else ()):
        length = pixels(part) if part else None
        if length is not None and abs(length) >= OFFSCREEN_PX:
            sideways = at == 0 and "y(" not in value.lower()
            return Hiding("offscreen", f"transform:{value}", sideways and _reaches_back(style, length))
    if value and _SCALED.search(value):
        return Hiding("zero-box", f"transform:{value}")
    return None


def _zero_box(style: Declarations) -> Hiding | None:
    cut = any(
        style.get(name, "visible")[:4] in ("hidd", "clip", "scro", "auto") for name in ("overflow", "overflow-x", "overflow-y")
    )
    if not cut:
        return None
    for name in ("height", "width", "max-height", "max-width"):
        length = pixels(style[name]) if name in style else None
        if length is not None and 0 <= length <= TINY_BOX_PX:
            return Hiding("zero-box", f"{name}:{style[name]};overflow:{style.get('overflow', 'hidden')}")
    if "height" not in style and (length := _line_height(style.get("line-height", ""))) is not None and length <= 1:
        return Hiding("zero-box", f"line-height:{style['line-height']};overflow:hidden")
    return None


def _line_height(value: str) -> float | None:
    """Without a unit it is a multiple of the font's size."""
    match = _LENGTH.match(value)
    if match and match[2] is None:
        return float(match[1]) * _EM_PX
    return pixels(value)


def _faint(style: Declarations) -> Hiding | None:
    value = style.get("opacity", "")
    faint = number(value) if value else None
    if faint is not None and faint <= FAINT:
        return Hiding("opacity", f"opacity:{value}")
    if (value := style.get("filter", "")) and _FADED.search(value):
        return Hiding("opacity", f"filter:{value}")
    return None


def _clipped(style: Declarations) -> Hiding | None:
    if (value := style.get("clip", "")) and _CLIPPED.search(value) and style.get("position", "").startswith(("abs", "fix")):
        return Hiding("clip", f"clip:{value}")
    if (value := style.get("clip-path", "")) and _CLIP_PATH.search(value):
        return Hiding("clip", f"clip-path:{value}")
    return None


def _behind(style: Declarations) -> Hiding | None:
    value = style.get("z-index", "")
    if value.startswith("-") and style.get("position", "").startswith(("abs", "fix")):
        return Hiding("behind", f"z-index:{value}")
    return None


_TESTS: tuple[Callable[[Declarations], Hiding | None], ...] = (
    _display, _visibility, _offscreen, _zero_box, _faint, _clipped, _behind,
)  # fmt: skip


def tiny_font(style: Declarations) -> Hiding | None:
    """A font too small to read. Not part of `judge`, because a child may set its own size again."""
    value = style.get("font-size", "")
    size = pixels(value) if value and not value.replace("!important", "").rstrip().endswith(("em", "%")) else None
    return Hiding("tiny-font", f"font-size:{value}") if size is not None and size <= TINY_FONT_PX else None


def clear_colour(style: Declarations) -> Hiding | None:
    value = style.get("color", "")
    return Hiding("colour", f"color:{value}") if value and _CLEAR_COLOUR.match(value) else None
