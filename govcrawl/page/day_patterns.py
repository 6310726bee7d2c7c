"""Written days: how Chinese pages spell them, and what only looks like one."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from msgspec import Struct

_EARLIEST = date(1995, 1, 1)  # before there were sites to date (detection: 2.3)
_AHEAD_DAYS = 1  # a server's clock may run ahead

# What stands before a year is looked at after its first figure, so that the search leaps to the next one.
_REST = r"""
    \s{0,2} (?:[-/.年]|\\) \s{0,2} (?P<month>0?[1-9]|1[0-2]) \s{0,2} (?:[-/.月]|\\) \s{0,2} (?P<day>0?[1-9]|[12]\d|3[01])
    (?: \s? 日 | (?![\d.]) | (?=\d\d[:：]) )
    """
_FULL = re.compile(rf"(?P<year>2(?<![\d.]2)0\d\d){_REST}", re.VERBOSE)
_OLD = re.compile(rf"(?P<year>1(?<![\d.]1)9\d\d){_REST}", re.VERBOSE)
_COMPACT = re.compile(r"(?P<year>2(?<![\dA-Za-z]2)0\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?![\dA-Za-z])")
_SHORT = re.compile(r"^[\[(（【\s]*(?P<month>0?[1-9]|1[0-2])\s?[-/.月]\s?(?P<day>0?[1-9]|[12]\d|3[01])\s?日?[\])）】\s]*$")
_DIGITS = "〇一二三四五六七八九"
_NUMERAL = re.compile(
    r"(?P<year>二[〇○零ＯO0][〇○零ＯO0一二三][〇○零ＯO0一二三四五六七八九])年(?P<month>十?[一二三四五六七八九]?|十)月(?P<day>[二三]?十?[一二三四五六七八九]?)日"
)

# Words before a day that make it something else than the day of publication.
_OTHER_DAY = re.compile(
    r"(?:今天|今日|现在|当前|截止|截至|施行|生效|有效期|有效期至|开标|报名|考试|注册|出生|生日|成立于|始建于|落款|(?<![来源])自|至|到|(?<![日此目当])前|Copyright|©|版权所有|ICP[备证]?|备案号?|文号|〔)[^。；;！!？?\n]{0,6}$",
    re.IGNORECASE,
)
# One character at least of each of them: most days have none of these before them.
_OF_OTHER_DAY = frozenset("今现当截施生有开报考注出成始落自至到前©〔备文CcIi")
# What follows the day of a clock widget, of a deadline or of a law's history: "2024年3月5日起施行", "3月5日前报名", "3月5日会议修订".
_OTHER_AFTER = re.compile(
    r"^\s*(?:(?:日|号)?\s*(?:星期|周[一二三四五六日]|礼拜|农历)|之前|以前|前|起(?!草)|至|止|截止|到期|生效|施行|开标|[^。；;！!？?\n]{0,14}修[订正])"
)
AROUND = 16  # characters before and after a day that tell what it is the day of


class Written(Struct, frozen=True):  # a NamedTuple takes four times as long to make
    """A day, the text it was read from, and where that text begins."""

    day: date
    raw: str
    at: int


def plausible(day: date, today: date) -> bool:
    return day >= _EARLIEST and (day - today).days <= _AHEAD_DAYS


@lru_cache(maxsize=4096)
def made(year: int, month: int, day: int) -> date | None:
    """The day where there is one: 30 February is none."""
    return date(year, month, day) if 1 <= year < date.max.year and 1 <= day <= monthrange(year, month)[1] else None


def may_hold_days(text: str) -> bool:
    """False at a glance for nearly every text without a year."""
    return "20" in text or "19" in text or "二" in text


def days(text: str) -> Iterator[Written]:
    """Every full day in a text, without judging what it is the day of: in order, first those in figures with marks between them."""
    if not may_hold_days(text):
        return
    for match in (*_marked(text), *_COMPACT.finditer(text)):
        year, month, day_of_month = match.group("year", "month", "day")
        if day := made(int(year), int(month), int(day_of_month)):
            yield Written(day, match[0], match.start())
    for match in _NUMERAL.finditer(text) if "二" in text else ():
        if day := _from_numerals(match):
            yield Written(day, match[0], match.start())


def _marked(text: str) -> Sequence[re.Match[str]]:
    found, old = list(_FULL.finditer(text)), list(_OLD.finditer(text)) if "19" in text else ()
    return sorted((*found, *old), key=re.Match.start) if old else found


def _from_numerals(match: re.Match[str]) -> date | None:
    year = int("".join("0" if digit in "〇○零ＯO0" else str(_DIGITS.index(digit)) for digit in match["year"]))
    month, day = _numeral(match["month"]), _numeral(match["day"])
    return made(year, month, day) if 1 <= month <= 12 else None


def _numeral(text: str) -> int:
    if "十" not in text:
        return _DIGITS.index(text) if len(text) == 1 else 0
    tens, _, ones = text.partition("十")
    return 10 * (_DIGITS.index(tens) if tens else 1) + (_DIGITS.index(ones) if ones else 0)


def short_day(text: str) -> tuple[int, int] | None:
    """Month and day of a text that is nothing but a day without its year: `[03-05]`, `3月5日`."""
    match = _SHORT.match(text)
    return (int(match["month"]), int(match["day"])) if match else None


def speaks_of_publication(before: str, after: str) -> bool:
    """False for clock widgets, deadlines, filing numbers, copyright lines (detection: 2.3), told by what stands around a day."""
    if _OTHER_AFTER.match(after):
        return False
    before = before[-AROUND:]
    return _OF_OTHER_DAY.isdisjoint(before) or not _OTHER_DAY.search(before)


def speaks_in(text: str, written: Written) -> bool:
    """The same of a day in a text of its own."""
    end = written.at + len(written.raw)
    return speaks_of_publication(text[max(0, written.at - AROUND) : written.at], text[end : end + AROUND])
