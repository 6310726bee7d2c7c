"""Signs in a style sheet that one of its rules could hide something."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

_PORTION, _OVERLAP = 100_000, 200
# One look decides whether a rule is worth parsing: hiding values, not mere properties (detection: 1.4).
_HIDES = re.compile(
    r"""
      display\s*:\s*none | visib\w+\s*:\s*(?:hidden|collapse)
    | -\d{3,}(?:\.\d+)?\s*(?:px|pt|em|rem|vw|[;}!\s]|$) | (?:left|top)\s*:\s*\d{4,} | expression\s*\(
    | (?<![-\w])(?:max-)?(?:width|height)\s*:\s*[0-2](?:\.\d+)?(?:px|pt|[;}!\s]|$)
    | font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|[;}!\s]|$) | line-height\s*:\s*[01](?:px|[;}!\s]|$)
    | opacity\s*[:=(]\s*(?:0?\.0|0(?![.\d])) | color\s*:\s*(?:transparent|rgba|hsla) | clip | scale[xy]?\(\s*[0.] | z-index\s*:\s*-
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Letters in lower case, digits from three up as 9, white space as a space: so a few hundred signs are enough.
_FOLDED = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ345678\t\n\f\r", b"abcdefghijklmnopqrstuvwxyz999999    ")
_DIGITS = "0129"
_BEFORE_SIGN = len("line-")


def signs_of(text: str) -> Sequence[int]:
    """Where something that hides could stand, in order: most sheets are long and hide little."""
    # A byte for a character, so that places are the same; the end of the text ends a rule.
    folded = text.encode("ascii", "replace").translate(_FOLDED) + b"}"
    return [start for _, start, _ in _automaton().find_matches_as_indexes(folded)]


def hides(text: str, sign: int, opened: int, end: int) -> bool:
    """Whether the body between two braces may hide something; `sign` is the first in it."""
    return says(_HIDES, text, max(sign - _BEFORE_SIGN, opened + 1), end)


def says(wanted: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """In portions that overlap: one search through a body of megabytes would keep the interpreter for most of a second."""
    if end - start <= _PORTION:
        return wanted.search(text, start, end) is not None
    return any(wanted.search(text, at, min(at + _PORTION + _OVERLAP, end)) for at in range(start, end, _PORTION))


@lru_cache(maxsize=1)
def _automaton() -> BytesAhoCorasick:
    return BytesAhoCorasick(
        sorted({sign.encode() for sign in _signs()}), matchkind=MatchKind.LeftmostFirst, implementation=Implementation.DFA
    )


def _signs() -> Iterator[str]:
    yield from ("visib", "expression", "clip")
    yield from (f"-{''.join(digits)}" for digits in product(_DIGITS, repeat=3))
    yield from (f"scale{axis}({value}" for axis in ("", "x", "y") for value in "0. ")
    yield from _said("display", ("none",))
    yield from _said("color", ("transparent", "rgba", "hsla"))
    yield from _said("z-index", ("-",))
    yield from _said("opacity", ("0", ".0"), ":=(")
    for side in ("left", "top"):
        yield from _said(side, ("".join(digits) for digits in product(_DIGITS, repeat=4)))
    for length in ("width", "height", "size"):
        yield from _said(length, (f"{digit}{after}" for digit in "012" for after in "p.;}! "))


def _said(name: str, values: Iterable[str], between: str = ":") -> Iterator[str]:
    """The property with one of the values, and where more than one space stands between them, with any."""
    yield f"{name}  "
    for mark in between:
        yield from (f"{name} {mark}", f"{name}{mark}  ")
    yield from (f"{name}{mark}{space}{value}" for value in values for mark in between for space in ("", " "))
