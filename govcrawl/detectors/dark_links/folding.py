"""The normal form in which spam words are looked for, and the way back to the text as written."""

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from opencc import OpenCC

from govcrawl.kit.remember import remembered

_CJK = "\u3400-\u9fff"
# 澳-门-新*葡*京: single characters, each parted from the next; two of them may be a heading set wide (目 录).
_PARTED = re.compile(rf"(?:[{_CJK}][\s\-_*·.~^|/+#]){{2,}}[{_CJK}]")
_SEPARATOR = re.compile(r"[\s\-_*·.~^|/+#]")
# A separator begins what a search leaps to: most Chinese text has characters only.
_MAY_BE_PARTED = re.compile(rf"{_SEPARATOR.pattern}(?<=[{_CJK}].)(?=[{_CJK}]{_SEPARATOR.pattern}[{_CJK}])", re.DOTALL)
# Letters that look like others; NFKC leaves them as they are. Cyrillic, Greek, Canadian syllabics, and rare Han shapes of spam.
_LOOKALIKES = {
    ord(strange): plain
    for plain, strangers in {
        "a": "аαɑ", "b": "вβᗷᏴ", "c": "сᏟϲ", "d": "ԁᎠ", "e": "еεҽᗴᎬ", "g": "ɡɢᏀ", "h": "һнᎻ", "i": "іιıᎥ", "j": "јᎫ", "k": "кκᏦ", "l": "ӏᏞ",
        "m": "мᎷ", "n": "ոη", "o": "оοöо", "p": "рρᏢ", "r": "гᎡ", "s": "ѕᏚ", "t": "тτᎢ", "u": "υս", "v": "ѵν", "w": "ѡωᏔ", "x": "хχ", "y": "уү", "z": "ᏃᴢZ",
    }.items()
    for strange in strangers.casefold() + strangers
}  # fmt: skip
_SHAPES = {
    "愽": "博", "慱": "博", "簙": "博", "猼": "博", "埰": "采", "亰": "京", "娯": "娱", "囻": "国", "囯": "国", "圀": "国", "釆": "采", "钕": "女",
}  # fmt: skip
_BETWEEN = "\0"  # parts, and stays as it is
_GONE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e\u034f\u061c\u115f\u1160\u3164")


class _Letters(dict[int, str]):
    """What one character becomes; filled as characters are met, so that str.translate does the work in C."""

    def __init__(self) -> None:
        super().__init__()
        self._simplify = OpenCC("t2s")

    def __missing__(self, point: int) -> str:
        char = chr(point)
        folded = self._fold(char)
        self[point] = folded
        return folded

    def _fold(self, char: str) -> str:
        category = unicodedata.category(char)
        if char in _GONE or category in ("Mn", "Me") or 0xFE00 <= ord(char) <= 0xFE0F or category == "Cf":
            return ""
        form: Literal["NFKC", "NFKD"] = (
            "NFKD" if ord(char) < 0x250 else "NFKC"
        )  # accents of Latin letters go, Hangul and kana stay whole
        folded = unicodedata.normalize(form, char).casefold().translate(_LOOKALIKES)
        folded = "".join(letter for letter in folded if unicodedata.category(letter) != "Mn") if form == "NFKD" else folded
        if len(folded) == 1 and ord(folded) > 0x2E7F and category != "Cs":
            folded = self.simplified(folded)
        return _SHAPES.get(folded, folded)

    def simplified(self, text: str) -> str:
        return str(self._simplify.convert(text))


_LETTERS = _Letters()
# Marks of a text that fold to themselves, as most Han characters do.
UNALTERED = "\0\n !\"#$%&'()*+,-./0123456789:;<=>?@[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~·—“”《》【】、。"


@lru_cache(maxsize=1)
def _altered() -> re.Pattern[str]:
    """Runs of characters that may not stay as they are; to look each one up takes ten times as long as to leap over the others."""
    han = [chr(point) for point in range(0x4E00, 0xA000)]
    simple = _LETTERS.simplified("\n".join(han)).split("\n")
    kept = "".join(char for char, plain in zip(han, simple, strict=True) if char == plain and char not in _SHAPES)
    return re.compile(f"[^{re.escape(UNALTERED)}{kept}]+")


def _looked_up(run: re.Match[str]) -> str:
    return run[0].translate(_LETTERS)


def fold(text: str) -> str:
    """Entities twice, width, case, invisible characters, look-alikes, traditional to simplified; separators between single
    characters go. Words of the vocabulary take the same way.
    """
    folded = _altered().sub(_looked_up, _plain(text))
    if not _MAY_BE_PARTED.search(folded):
        return folded
    return _PARTED.sub(lambda match: _SEPARATOR.sub("", match[0]), folded)


@remembered(16384, 500)
def fold_short(text: str) -> str:
    """The same of an anchor or a title, which stand on page after page of a site."""
    return fold(text)


def fold_each(texts: Sequence[str]) -> list[str]:
    """Many short texts, each a line of its own, in one go: calls are dear."""
    together = fold(_BETWEEN.join(texts)).replace("\n", " ").split(_BETWEEN)
    return together if len(together) == len(texts) else [fold(text).replace("\n", " ") for text in texts]


def _plain(text: str) -> str:
    for _ in range(2):
        if "&" not in text:
            break
        text = html.unescape(text)
    return text


@remembered(256, 20_000)
def origins(text: str) -> tuple[str, tuple[int, ...]]:
    """The text with its entities resolved, and for every character of `fold(text)` where in it that character comes from."""
    plain = _plain(text)
    folded = [(letter, at) for at, char in enumerate(plain) for letter in _LETTERS[ord(char)]]
    joined = "".join(letter for letter, _ in folded)
    dropped = {place.start() + match.start() for match in _PARTED.finditer(joined) for place in _SEPARATOR.finditer(match[0])}
    return plain, tuple(at for place, (_letter, at) in enumerate(folded) if place not in dropped)


def original(text: str, start: int, end: int) -> str:
    """What stands in `text` where `fold(text)[start:end]` was found."""
    plain = _plain(text)
    # Mostly nothing but the case was changed, character for character.
    if plain.lower() == fold_short(text):
        return plain[start:end]
    plain, places = origins(text)
    if start >= len(places) or end <= start:
        return ""
    return plain[places[start] : places[min(end, len(places)) - 1] + 1]
