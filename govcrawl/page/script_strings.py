"""Strings that a script builds from constants: literals, decoders and string methods."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

MAX_STRING_CHARS = 200_000
_ESCAPED = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|([0-3]?[0-7]{1,2})|(\r?\n)|(.))", re.DOTALL
)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}
_UNICODE_PERCENT = re.compile(r"%u([0-9a-fA-F]{4})")


class Token(NamedTuple):
    """`kind`: s string, n number, i name, p punctuation, a array of strings, e element (value: its selector), x unknown."""

    kind: str
    value: str


def literal(quoted: str) -> str:
    """The value of a string literal with its quotes."""
    inner = quoted[1:-1]
    return _ESCAPED.sub(_character, inner) if "\\" in inner else inner


def _character(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits:
        point = int(digits, 16)
        return chr(point) if point < 0x110000 else ""
    if match[4]:
        return chr(int(match[4], 8))
    return "" if match[5] else _SIMPLE.get(match[6], match[6])


def unescape(text: str) -> str:
    """What JavaScript makes of percent signs: %uXXXX, and %XX as UTF-8, which is what pages mean by it."""
    return unquote(_UNICODE_PERCENT.sub(lambda match: chr(int(match[1], 16)), text), errors="replace")


def _atob(text: str) -> str:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return text
    return raw.decode("utf-8", "replace")


DECODERS: dict[str, Callable[[str], str]] = {
    "unescape": unescape,
    "decodeURIComponent": unescape,
    "decodeURI": unescape,
    "atob": _atob,
}


def char_of(number: str) -> str:
    point = int(number, 16) if number[:2] in ("0x", "0X") else int(float(number))
    return chr(point) if 0 < point < 0x110000 else ""


def _split(owner: Token, arguments: list[str]) -> Token | None:
    if owner.kind != "s" or len(arguments) != 1:
        return None
    return Token("a", "\0".join(owner.value.split(arguments[0]) if arguments[0] else owner.value))


def _joined(owner: Token, arguments: list[str]) -> Token | None:
    return Token("s", (arguments[0] if arguments else ",").join(owner.value.split("\0"))) if owner.kind == "a" else None


def _reversed(owner: Token, arguments: list[str]) -> Token | None:
    return Token("a", "\0".join(reversed(owner.value.split("\0")))) if owner.kind == "a" and not arguments else None


def _replaced(owner: Token, arguments: list[str]) -> Token | None:
    if owner.kind != "s" or len(arguments) != 2:
        return None
    old, new = arguments
    plain = re.fullmatch(r"/((?:[^\\/.*+?\[\](){}|^$]|\\.)+)/[gi]*", old)
    old = re.sub(r"\\(.)", r"\1", plain[1]) if plain else old
    return Token("s", owner.value.replace(old, new)) if old and not old.startswith("/") else None


def _lowered(owner: Token, _arguments: list[str]) -> Token | None:
    return Token("s", owner.value.lower()) if owner.kind == "s" else None


METHODS: dict[str, Callable[[Token, list[str]], Token | None]] = {
    "split": _split, "join": _joined, "reverse": _reversed, "replace": _replaced, "toLowerCase": _lowered,
}  # fmt: skip
