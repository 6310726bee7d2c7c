"""Colours as a style sheet writes them, and whether two can be told apart."""

import re

from govcrawl.kit.remember import remembered

Rgb = tuple[int, int, int]

_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-f])", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})", re.IGNORECASE)
_NAMES: dict[str, Rgb] = {
    "white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "blue": (0, 0, 255), "green": (0, 128, 0),
    "yellow": (255, 255, 0), "gray": (128, 128, 128), "grey": (128, 128, 128), "silver": (192, 192, 192),
    "snow": (255, 250, 250), "ivory": (255, 255, 240), "whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255),
    "orange": (255, 165, 0), "navy": (0, 0, 128), "maroon": (128, 0, 0), "purple": (128, 0, 128), "lightgrey": (211, 211, 211),
}  # fmt: skip
_ALPHA = re.compile(r"(?:a\([^)]*,|\([^)]*/)\s*(\d*\.?\d+)(%?)\s*\)", re.IGNORECASE)
_OPAQUE, _LONGEST = 0.95, 200
_JUST_NOTICEABLE = 12  # sum of the channel differences; about a contrast of 1.05 near white


@remembered(2048, 100)
def parse(value: str) -> Rgb | None:
    """The colour of a declaration or HTML attribute; None for what is no plain colour."""
    value = value.partition("!")[0].strip().lower()
    if match := _RGB.match(value):
        return int(match[1]), int(match[2]), int(match[3])
    first = value.split()[0] if value else ""
    if first in _NAMES:
        return _NAMES[first]
    if match := _HEX.fullmatch(first):
        digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    return None


def covers(value: str) -> bool:
    """Whether nothing shines through a background: a plain colour without an opacity that could be seen."""
    value = value[:_LONGEST]
    alpha = _ALPHA.search(value)
    share = float(alpha[1]) / (100 if alpha[2] else 1) if alpha else 1.0
    return share >= _OPAQUE and any(parse(said) for said in (value, *value.split()))


def alike(one: Rgb, other: Rgb) -> bool:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) <= _JUST_NOTICEABLE
