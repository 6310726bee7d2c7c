"""Code packed by Dean Edwards' packer (`eval(function(p,a,c,k,e,d)...`), written out again."""

import re
from collections.abc import Iterator
from itertools import islice

MAX_WORDS = 20_000
MAX_PACKED = 20

# jsbeautifier's unpacker keeps parts of its input in module globals between calls, so two layers of one page mix: hence our own.
_PACKED = re.compile(
    r"""\}\s*\(\s*(?P<q>\\*['"])(?P<payload>.*?)(?<!\\)(?P=q)\s*,\s*(?P<radix>\d+)\s*,\s*(?P<count>\d+)\s*,\s*"""
    r"""(?P<w>\\*['"])(?P<words>.*?)(?P=w)\s*\.\s*split\s*\(\s*\\*['"]\|\\*['"]\s*\)""",
    re.DOTALL,
)
_WORD = re.compile(r"\b\w+\b", re.ASCII)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BREAKS = re.compile(r"[\r\n]+")
_QUOTED = re.compile(r"\\(.)", re.DOTALL)


def unpacked(code: str) -> Iterator[str]:
    """The code inside each packed part; a part that is cut off or broken gives nothing."""
    start = code.find("p,a,c,k,e")
    for match in islice(_PACKED.finditer(code, max(start, 0)), MAX_PACKED):
        radix, words = int(match["radix"][:3]), _BREAKS.sub("", match["words"]).split("|")
        if not 2 <= radix <= len(_DIGITS) or len(words) > MAX_WORDS:
            continue
        # No string of JavaScript spans lines; line breaks in here come from mail, blogs and editors.
        payload = _QUOTED.sub(_plain, _BREAKS.sub("", match["payload"]))
        yield _WORD.sub(lambda found: _word(found[0], radix, words), payload)  # noqa: B023 - used at once


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
