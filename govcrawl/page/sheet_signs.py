"""Texts in a style sheet that bound its rules or say that one is worth reading."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from govcrawl.page.hiding import unescaped

_PORTION, _OVERLAP = 100_000, 200
# One look decides whether a rule is worth parsing: hiding values, not mere properties (detection: 1.4).
_HIDES = re.compile(
    r"""
      display\s*:\s*none | visib\w+\s*:\s*(?:hidden|collapse)
    | -\d{3,}(?:\.\d+)?\s*(?:px|pt|em|rem|vw|[;}!\s]|$) | -\d\d(?:\.\d+)?(?:em|rem|vw|vh) | (?:left|top)\s*:\s*\d{4,} | expression\s*\(
    | (?<![-\w])(?:max-)?(?:width|height|inline-size|block-size)\s*:\s*(?:[0-2](?:\.\d+)?(?:px|pt|[;}!\s]|$)|\.\d+(?:px|pt)|0(?:em|rem|vw|vh|%))
    | font-size\s*:\s*(?:[01](?:\.\d+)?(?:px|pt|[;}!\s]|$)|\.\d+(?:px|pt)|0(?:vw|vh))
    | line-height\s*:\s*(?:[01](?:px|[;}!\s]|$)|\.\d+px|0(?:em|rem|vw|vh|%))
    | opacity\s*[:=(]\s*(?:0?\.0|0(?![.\d])|[1-5]%) | color\s*:\s*(?:transparent|rgba|hsla|(?:rgb|hsl)\([^)]{0,60}/|\#(?:[\da-f]{3}0|[\da-f]{6}00)(?![\da-f])) | clip | scale[xy]?\(\s*[0.] | scale\s*:\s*[0.]
    | font\s*:(?:[^;}]{0,60}\s)?(?:[01]p[xt]|\.\d+p[xt]|0(?=\s*/|\s)) | z-index\s*:\s*-
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RELEVANT = re.compile(
    r"(?<![-\w])(?:display|visibility|content-visibility|position|left|top|right|bottom|margin|text-indent|(?:max-)?width|(?:max-)?height"
    r"|overflow|inset|translate|scale|font-size|line-height|opacity|filter|clip|transform|z-index|color|background)\b",
    re.IGNORECASE,
)
_PSEUDO_STATES = ("hover", "focus", "active", "target", "checked", "focus-within", "focus-visible")
_ANY_END = r"\w*"
_STATE_CLASSES = (
    "active", "on", "open", "opened", "show", "shown", "current", "hover", "over", f"select{_ANY_END}", "in", "cur", "curr", "now", "visible",
)  # fmt: skip
# Colours without opacity: too many for the automaton, and seldom. None is a selector, which other signs follow.
_CLEAR_HEX = re.compile(r"#(?:[\da-f]{3}0|[\da-f]{6}00)(?=\s*[;}!])", re.IGNORECASE)
_STATE = re.compile(rf":(?:{'|'.join(_PSEUDO_STATES)})\b|[.](?:{'|'.join(_STATE_CLASSES)})(?![-\w])")

# Letters in lower case, digits from three up as 9, white space as a space: so a few hundred signs are enough.
_FOLDED = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ345678\t\n\f\r", b"abcdefghijklmnopqrstuvwxyz999999    ")
_DIGITS = "0129"
_BEFORE_SIGN = len("max-inline-")

ESCAPE = "\\"
OPEN, CLOSE, QUOTES = 0, 1, 4  # the quotes lie before QUOTES


def folded(text: str) -> bytes:
    """A byte for a character, so that places are the same; the end of the text ends a rule."""
    return text.encode("ascii", "replace").translate(_FOLDED) + b"}"


def hides(text: str, sign: int, opened: int, end: int) -> bool:
    """Whether the body between two braces may hide something; `sign` is the first in it."""
    if text.find(ESCAPE, opened, end) >= 0:
        body = unescaped(text[opened + 1 : end])
        return _says(_HIDES, body, 0, len(body))
    return _says(_HIDES, text, max(sign - _BEFORE_SIGN, opened + 1), end)


def clear_colours(text: str) -> list[int]:
    """Where colours stand that nobody can see."""
    return [found.start() for found in _CLEAR_HEX.finditer(text)]


def may_undo(text: str, opened: int, end: int) -> bool:
    """Whether the body between two braces names a property that could undo a hiding."""
    return _says(_RELEVANT, text, opened + 1, end)


def in_a_state(text: str, begin: int, opened: int) -> bool:
    """Whether the selectors before a brace speak of an element in some state (hover, open)."""
    return _STATE.search(text, begin, opened) is not None


def _says(wanted: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """In portions that overlap: one search through a body of megabytes would keep the interpreter for most of a second."""
    if end - start <= _PORTION:
        return wanted.search(text, start, end) is not None
    return any(wanted.search(text, at, min(at + _PORTION + _OVERLAP, end)) for at in range(start, end, _PORTION))


class Signs(NamedTuple):
    """Of the texts that the automaton finds the first are `OPEN`, `CLOSE` and the quotes; then come signs of a state up to `states`, signs of
    hiding that take the closing brace with them up to `closing`, and the other signs of hiding.
    """

    automaton: BytesAhoCorasick
    states: int
    closing: int
    longest: int


@lru_cache(maxsize=1)
def signs() -> Signs:
    states = sorted({f":{name}" for name in _PSEUDO_STATES} | {f".{name.removesuffix(_ANY_END)}" for name in _STATE_CLASSES})
    hiding = sorted(set(_hiding()), key=lambda sign: (sign[-1] != "}", sign))
    closing = sum(sign[-1] == "}" for sign in hiding)
    texts = ["{", "}", '"', "'", *states, *hiding]
    before = len(texts) - len(hiding)
    automaton = BytesAhoCorasick(
        [text.encode() for text in texts], matchkind=MatchKind.LeftmostFirst, implementation=Implementation.DFA
    )
    return Signs(automaton, before, before + closing, max(map(len, texts)))


def _hiding() -> Iterator[str]:
    yield from (ESCAPE, "visib", "expression", "clip")
    yield from (f"-{''.join(digits)}" for digits in product(_DIGITS, repeat=3))
    yield from (f"-{''.join(digits)}{after}" for digits in product(_DIGITS, repeat=2) for after in ".erv")
    yield from (f"scale{axis}({value}" for axis in ("", "x", "y") for value in "0. ")
    yield from _said("display", ("none",))
    yield from _said("color", ("transparent", "rgba", "hsla", "rgb(", "hsl("))
    yield from _said("scale", ("0", "."))
    yield from _said("font", (*(f"{digit}{after}" for digit in "01" for after in "p/. "), "."))
    yield from _said("z-index", ("-",))
    yield from _said("opacity", ("0", ".0", "1%", "2%", "9%"), ":=(")
    for side in ("left", "top"):
        yield from _said(side, ("".join(digits) for digits in product(_DIGITS, repeat=4)))
    for length in ("width", "height", "size"):
        yield from _said(length, (f"{digit}{after}" for digit in "012" for after in "p.;}! "))
        yield from _said(length, (*(f"0{unit}" for unit in "erv%"), *(f".{digit}" for digit in _DIGITS)))


def _said(name: str, values: Iterable[str], between: str = ":") -> Iterator[str]:
    """The property with one of the values, and where more than one space stands between them, with any."""
    yield f"{name}  "
    for mark in between:
        yield from (f"{name} {mark}", f"{name}{mark}  ")
    yield from (f"{name}{mark}{space}{value}" for value in values for mark in between for space in ("", " "))
