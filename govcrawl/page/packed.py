"""Code packed by Dean Edwards' packer (`eval(function(p,a,c,k,e,d)...`), written out again."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice

MAX_WORDS = 20_000
MAX_PACKED = 20

# jsbeautifier's unpacker keeps parts of its input in module globals between calls, so two layers of one page mix: hence our own.
# The head and the tail of a packed part are found apart: one pattern for both tries every head with every tail, which on a page made for
# it takes hours. Neither runs over a quote or over more than a few backslashes, so each is linear.
_HEAD = re.compile(r"""\}\s*\(\s*(\\{0,8}['"])""")
_TAIL = re.compile(
    r"""(?<!\\)(?P<q>\\{0,8}['"])\s*,\s*(?P<radix>\d+)\s*,\s*\d+\s*,\s*"""
    r"""(?P<w>\\{0,8}['"])(?P<words>[^'"]*?)(?P=w)\s*\.\s*split\s*\(\s*\\{0,8}['"]\|\\{0,8}['"]\s*\)"""
)
_WORD = re.compile(r"\b\w+\b", re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BREAKS = re.compile(r"[\r\n]+")
_QUOTED = re.compile(r"\\(.)", re.DOTALL)


def unpacked(code: str) -> Iterator[str]:
    """The code inside each packed part; a part that is cut off or broken gives nothing."""
    for payload, tail in islice(_parts(code), MAX_PACKED):
        radix, words = int(tail["radix"][:3]), _BREAKS.sub("", tail["words"]).split("|")
        if not 2 <= radix <= len(_DIGITS) or len(words) > MAX_WORDS:
            continue
        # No string of JavaScript spans lines; line breaks in here come from mail, blogs and editors.
        plain = _QUOTED.sub(_plain, _BREAKS.sub("", payload))
        yield _WORD.sub(lambda found: _word(found[0], radix, words), plain)  # noqa: B023 - used at once


def _parts(code: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The quoted payload, and what follows it: from the first head behind the part before, with the quote that closes it."""
    end = max(code.find("p,a,c,k,e"), 0)
    heads: dict[str, list[int]] = {}
    for head in _HEAD.finditer(code, end):
        heads.setdefault(head[1], []).append(head.end())
    for tail in _TAIL.finditer(code, end) if heads else ():
        known = heads.get(tail["q"], [])
        at = bisect_left(known, end)
        if at < len(known) and known[at] <= tail.start():
            yield code[known[at] : tail.start()], tail
            end = tail.end()


def _word(name: str, radix: int, words: list[str]) -> str:
    value = 0
    for digit in name:
        place = _DIGITS.find(digit)
        if not 0 <= place < radix:
            return name
        value = value * radix + place
        if value >= len(words):
            return name
    return words[value] or name


def _plain(match: re.Match[str]) -> str:
    return match[1] if match[1] in "'\"\\" else match[0]
