"""The day of an entry as its row writes it: whole, without its year, in two pieces, or in an attribute."""

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from govcrawl.kit.remember import remembered
from govcrawl.page.day_patterns import Written, days, made, may_hold_days, plausible, short_day, speaks_in
from govcrawl.page.outline import ANCHOR, Outline, tag_ids

Short = tuple[int, int]  # month and day

# Most rows write nothing else, or the time of the day and what it is the day of.
_DAY_ALONE = re.compile(
    r"(?:(?:发布|更新|发表)?(?:时间|日期)\s?[:：])?[\[(（【\s]*((20\d\d)[-/.年](0?[1-9]|1[0-2])[-/.月](0?[1-9]|[12]\d|3[01])日?)"
    r"(?:\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?)?[\])）】\s]*"
)
# What stands around a day that is a stamp and no part of a sentence.
_BEFORE = re.compile(r"(?:^\W*|(?:时间|日期|发布|发表|更新|公开)(?:于|日)?\s*[:：]?\s*)$")
_AFTER = re.compile(r"^\W*(?:\d{1,2}\s?[:：∶]\s?\d\d(?:[:：∶]\d\d)?)?\W*$")
# Days of what an entry tells of, not of the entry.
_OF_STORY = re.compile(
    r"(?:患病|治疗|治愈|就诊|入院|出院|出生|活动|开标|截止|报名|考试|会议|举办|演出|培训|开庭|公示|有效|施行|生效|成立|竣工|观测|评审|面试|笔试)\s?(?:时间|日期)\s?[:：]?\s?$"
)
_YEAR = re.compile(r"^\W*(20\d\d)\s?年?\W*$")
_YEAR_MONTH = re.compile(r"^\W*(?P<year>20\d\d)\s?[-/.年]\s?(?P<month>0?[1-9]|1[0-2])\s?月?\W*$")
_DAY = re.compile(r"^\W*(0?[1-9]|[12]\d|3[01])\s?日?\W*$")
_SENTENCE = re.compile(r"[，。；！？]")
_HEADINGS = tag_ids("a", "h1", "h2", "h3", "h4", "h5", "b", "strong")
_TIME = tag_ids("time")
_LABEL_CHARS = 12


class Stamp(Struct, frozen=True):
    """A whole day or, without its year, month and day. `alone`: the text says nothing else, so it is no day that a sentence tells of."""

    day: date | None
    raw: str
    short: Short | None
    alone: bool


def stamps(outline: Outline, today: date) -> Iterator[tuple[int, Stamp]]:
    """Each with the index of its text."""
    return ((at, told) for at in outline.days_at if (told := _stamp(outline, at, today)) is not None)


def _stamp(outline: Outline, at: int, today: date) -> Stamp | None:
    """What the text says, with the neighbours where year, month and day stand in boxes of their own; None where it is no stamp."""
    text, under = outline.words[at], outline.under[at]
    if under in _TIME and (machine := _of_element(outline, at)) is not None:
        # One to come is a slip of the hand; without its year it would be a day of the past.
        return machine if machine.day and plausible(machine.day, today) else None
    if at and _tells_story(outline.words[at - 1]):
        return None
    if (plain := _plain_day(text)) is not None and plausible(plain[0], today):
        return Stamp(*plain, None, alone=True)
    if may_hold_days(text) and (told := _of_whole_day(outline, at, today)) is not None:
        return told
    short = short_day(text)
    if short and (day := _with_year_beside(outline, at, short)):
        return Stamp(day, text, None, alone=True) if plausible(day, today) else None
    return Stamp(None, text, short, alone=True) if short else None


def _of_whole_day(outline: Outline, at: int, today: date) -> Stamp | None:
    text = outline.words[at]
    written = next((one for one in days(text) if plausible(one.day, today) and speaks_in(text, one)), None)
    if written:
        if _tells_story(text[: written.at]):
            return None
        alone = _alone(text, written)
        apart = alone or _stands_apart(outline, at, written.raw)
        return Stamp(written.day, written.raw, None, alone) if apart else None
    day = _in_pieces(outline, at)
    return Stamp(day, text, None, alone=True) if day and plausible(day, today) else None


def _tells_story(before: str) -> bool:
    """Whether what stands before a day says that something else than the entry is of it."""
    label = before[-_LABEL_CHARS:]
    return ("时" in label or "期" in label) and _OF_STORY.search(label) is not None


# The lists of a site have the same days.
@remembered(8192, 40)
def _plain_day(text: str) -> tuple[date, str] | None:
    """The day of a text that says little else, and how it is written."""
    match = _DAY_ALONE.fullmatch(text)
    day = made(int(match[2]), int(match[3]), int(match[4])) if match else None
    return (day, match[1]) if match and day else None


def _of_element(outline: Outline, at: int) -> Stamp | None:
    """`<time datetime="2025-08-17T09:30">8月17日</time>`: the attribute is made for machines."""
    element = outline.texts[at].parent
    told = (element.attributes.get("datetime") or "")[:40] if element is not None else ""
    day = next((written.day for written in days(told)), None)
    return Stamp(day, told, None, alone=True) if day else None


def _alone(text: str, written: Written) -> bool:
    return bool(_BEFORE.search(text[: written.at]) and (_AFTER.match(text[written.at + len(written.raw) :]) or written.at > 0))


def _stands_apart(outline: Outline, at: int, raw: str) -> bool:
    """In running text a day is part of the story, in a title of what it tells; only figures at its edge are a stamp."""
    text, under = outline.words[at], outline.under[at]
    if _SENTENCE.search(text):
        return False
    place = text.find(raw)
    rest = len(text) - len(raw)
    edge = place <= 1 or place + len(raw) >= len(text) - 1
    if under in _HEADINGS:
        return rest <= 2 or (edge and "年" not in raw)
    return edge or (rest <= 60 and not _marked_up_link(outline, at))


def _marked_up_link(outline: Outline, at: int) -> bool:
    """Whether the words are those of a link, in an element of their own."""
    parent = outline.texts[at].parent
    above = parent.parent if parent is not None else None
    return above is not None and above.tag_id == ANCHOR


def _with_year_beside(outline: Outline, at: int, short: Short) -> date | None:
    years = (match for other in _beside(outline, at) if (match := _YEAR.match(other)))
    return next((day for match in years if (day := made(int(match[1]), *short))), None)


def _in_pieces(outline: Outline, at: int) -> date | None:
    month = _YEAR_MONTH.match(outline.words[at])
    if month is None:
        return None
    found = (match for other in _beside(outline, at) if (match := _DAY.match(other)))
    return next((day for match in found if (day := made(int(month["year"]), int(month["month"]), int(match[1])))), None)


def _beside(outline: Outline, at: int) -> list[str]:
    """The texts before and after that share the box of this one."""
    near = [other for other in (at - 1, at + 1) if 0 <= other < len(outline.words)]
    box = _box(outline, at)
    return [outline.words[other] for other in near if box and _box(outline, other) == box]


def _box(outline: Outline, at: int) -> int:
    parent = outline.texts[at].parent
    above = parent.parent if parent is not None else None
    return above.mem_id if above is not None else 0
