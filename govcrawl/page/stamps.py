"""The day of an entry as its row writes it: whole, without its year, in two pieces, or in an attribute."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from govcrawl.page.day_patterns import Written, days, made, plausible, short_day, speaks_of_publication

Short = tuple[int, int]  # month and day
Texts = Sequence[tuple[LexborNode, str]]

# What stands around a day that is a stamp and no part of a sentence.
_BEFORE = re.compile(r"(?:^\W*|(?:时间|日期|发布|发表|更新|公开)(?:于|日)?\s*[:：]?\s*)$")
_AFTER = re.compile(r"^\W*(?:\d{1,2}\s?[:：∶]\s?\d\d(?:[:：∶]\d\d)?)?\W*$")
_YEAR = re.compile(r"^\W*(20\d\d)\s?年?\W*$")
_YEAR_MONTH = re.compile(r"^\W*(?P<year>20\d\d)\s?[-/.年]\s?(?P<month>0?[1-9]|1[0-2])\s?月?\W*$")
_DAY = re.compile(r"^\W*(0?[1-9]|[12]\d|3[01])\s?日?\W*$")
_SENTENCE = re.compile(r"[，。；！？]")
_HEADINGS = frozenset({"a", "h1", "h2", "h3", "h4", "h5", "b", "strong"})


class Stamp(NamedTuple):
    """A whole day or, without its year, month and day. `alone`: the text says nothing else, so it is no day that a sentence tells of."""

    day: date | None
    raw: str
    short: Short | None
    alone: bool


def stamp(texts: Texts, at: int, today: date) -> Stamp | None:
    """What the text says, with the neighbours where year, month and day stand in boxes of their own; None where it is no stamp."""
    node, text = texts[at]
    if (told := _of_element(node, today)) is not None:
        return told
    written = next((w for w in days(text) if plausible(w.day, today) and speaks_of_publication(text, w)), None)
    if written:
        alone = _alone(text, written)
        return Stamp(written.day, written.raw, None, alone) if alone or _stands_apart(node, text, written.raw) else None
    short = short_day(text)
    if short and (day := _with_year_beside(texts, at, short)):
        return Stamp(day, text, None, alone=True) if plausible(day, today) else None
    if short is None and (day := _in_pieces(texts, at)) and plausible(day, today):
        return Stamp(day, text, None, alone=True)
    return Stamp(None, text, short, alone=True) if short else None


def _of_element(node: LexborNode, today: date) -> Stamp | None:
    """`<time datetime="2025-08-17T09:30">8月17日</time>`: the attribute is made for machines."""
    parent = node.parent
    if parent is None or parent.tag != "time":
        return None
    told = (parent.attributes.get("datetime") or "")[:40]
    day = next((written.day for written in days(told) if plausible(written.day, today)), None)
    return Stamp(day, told, None, alone=True) if day else None


def _alone(text: str, written: Written) -> bool:
    return bool(_BEFORE.search(text[: written.at]) and (_AFTER.match(text[written.at + len(written.raw) :]) or written.at > 0))


def _stands_apart(node: LexborNode, text: str, raw: str) -> bool:
    """In running text a day is part of the story, in a title of what it tells; only figures at its edge are a stamp."""
    if _SENTENCE.search(text):
        return False
    at = text.find(raw)
    rest = len(text) - len(raw)
    edge = at <= 1 or at + len(raw) >= len(text) - 1
    if node.parent is not None and node.parent.tag in _HEADINGS:
        return rest <= 2 or (edge and "年" not in raw)
    return rest <= 60 or edge


def _with_year_beside(texts: Texts, at: int, short: Short) -> date | None:
    years = (match for other in _beside(texts, at) if (match := _YEAR.match(other)))
    return next((day for match in years if (day := made(int(match[1]), *short))), None)


def _in_pieces(texts: Texts, at: int) -> date | None:
    month = _YEAR_MONTH.match(texts[at][1])
    if month is None:
        return None
    found = (match for other in _beside(texts, at) if (match := _DAY.match(other)))
    return next((day for match in found if (day := made(int(month["year"]), int(month["month"]), int(match[1])))), None)


def _beside(texts: Texts, at: int) -> list[str]:
    """The texts before and after that share the box of this one."""
    box = _box(texts[at][0])
    near = (texts[other] for other in (at - 1, at + 1) if 0 <= other < len(texts))
    return [words for node, words in near if box and _box(node) == box]


def _box(node: LexborNode) -> int:
    parent = node.parent
    above = parent.parent if parent is not None else None
    return above.mem_id if above is not None else 0
