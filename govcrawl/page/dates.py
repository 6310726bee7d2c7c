"""The day a page was published, with the place it was read from."""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from email.utils import parsedate_to_datetime
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

from htmldate import find_date

from govcrawl.kit.clock import CHINA
from govcrawl.kit.remember import remembered
from govcrawl.page.day_patterns import AROUND, Written, days, made, plausible, speaks_in, speaks_of_publication
from govcrawl.page.prose import chinese_in, kana_in, writes_japanese
from govcrawl.page.trust import BESIDE, FAIR, LAST_MODIFIED
from govcrawl.page.values import Dated, PageKind

if TYPE_CHECKING:
    from govcrawl.page.model import Page

# The tag standard's name first (国办发〔2017〕47号, annex), then what other systems write.
_META = (
    "pubdate",
    "publishdate",
    "publish-date",
    "pub_date",
    "articledate",
    "firstpublishedtime",
    "article:published_time",
    "og:published_time",
    "publish_time",
    "publishtime",
    "datepublished",
    "dc.date.issued",
    "dcterms.created",
)
# When the file was made or made again: older pages carry the day of a migration there.
_WEAK_META = ("createdate", "dc.date", "date", "lastmodifiedtime")
# What stands before a day of publication: `发布时间：`, `时间：`, `发布于`. A search wants plain characters: the last one first, the rest after it.
_LABELS = tuple(re.compile(rf"{last}\s*[:：]?\s*[\[（(【]?\s*(?=19|20|二)") for last in "间期布于新")
# Deadlines, meetings and reviews have a time and a date, too, and so has a list of particulars: `一、时间：`.
_LABEL = re.compile(
    r"(?:(?:发布|发表|发文|成文|印发|公开|生成|更新|录入|添加|上传|信息|公告|发稿|刊发|刊登|编辑|创建|加入|入库|修改|签发|文章|新闻|稿件|撰写|(?<![\w、）).．]))"
    r"(?:时 ?间|日 ?期)|发布|发表于|发布于|更新)$"
)
_LABEL_REACH = 8  # characters, with the one before it
_MOST_LABELS = 1000  # of each kind are looked at
_DAY_CHARS = 30  # a written day is not longer
_BYLINE = re.compile(r"(?:来源|作者|编辑|浏览|点击|阅读|字号|字体|打印|访问|次数|稿源|供稿)")
_IN_ADDRESS = (
    re.compile(r"/art/(?P<year>20\d\d|19\d\d)/(?P<month>\d\d?)/(?P<day>\d\d?)/"),
    re.compile(r"/t(?P<year>20\d\d|19\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)_\d+"),
    re.compile(r"/(?P<year>20\d\d)[-/]?(?P<month>[01]\d)[-/]?(?P<day>[0-3]\d)(?=[/_.-])"),
)
_TAIL = 400
_LABEL_CHARS = 12
_HEADLINE = re.compile(r"[-_|–—\s]+")
_DASHED = re.compile(r"[-_|–—]+")
_TIME_OF_DAY = re.compile(r"\s?\d\d?[:：]\d\d")
_LONE_DAY = 14  # characters of a text that is nothing but a day
_MIN_HEADLINE, _MAX_HEADLINE = 6, 200
_BELOW = 80  # characters from the end of the headline to the day: author, column
_DAY_LINE = 60  # and of the line that the day stands in, which is no sentence
_HTMLDATE_LIMIT = 1_000_000
# It complains of each page that is no HTML; here that is daily bread.
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def published(page: "Page") -> Dated | None:
    """The best candidate in the order of trust; None where nothing says when. Never a day of the future."""
    if page.kind in (PageKind.ERROR, PageKind.ATTACHMENT):
        return None
    found = _best(page)
    if found and found.confidence < FAIR and _last_modified(page) == found.day:
        return Dated(found.day, f"{found.source}{BESIDE}{LAST_MODIFIED}", found.raw)
    return found


def _best(page: "Page") -> Dated | None:
    if _foreign(page):
        return _from_htmldate(page) or _from_address(page)
    return _from_meta(page, _META) or _from_text(page) or _from_meta(page, _WEAK_META)


def _last_modified(page: "Page") -> date | None:
    """The day on which the file was written, in the time of China, as its host says."""
    try:
        day = parsedate_to_datetime(page.headers.get("last-modified", "")).astimezone(CHINA).date()
    except (ValueError, TypeError, OverflowError, IndexError):  # all of them on what is no such date
        day = None
    return day


def _foreign(page: "Page") -> bool:
    """Neither Chinese nor with the tag standard's date: outside our field, where htmldate was made. Japanese writes Chinese characters, too."""
    if "pubdate" in page.meta:
        return False
    return not page.chinese or (writes_japanese(page.text) and kana_in(page.text) > chinese_in(page.text) / 4)


def _from_text(page: "Page") -> Dated | None:
    found = _from_label(page) or _from_address(page)
    if found or page.kind in (PageKind.HOME, PageKind.LIST):
        return found
    every = list(days(page.text))
    read = sorted((written for written in every if plausible(written.day, page.today)), key=attrgetter("at"))
    if read:
        written = [written for written in read if _speaks(page, written)]
        return (
            _from_byline(page.text, written)
            or _from_headline(page, written)
            or _from_dateline(page, written)
            or _from_sign_off(page)
            or _alone(page, written)
        )
    # Only on articles without any candidate of their own: where days were read and refused, htmldate would take one of them.
    return _from_htmldate(page) if page.kind is PageKind.ARTICLE and not every else None


def day_in_address(url: str, today: date) -> date | None:
    return next((day for day in _days_in_address(url) if plausible(day, today)), None)


# The same links stand on page after page of a site.
@remembered(16384, 2_000)
def _days_in_address(url: str) -> tuple[date, ...]:
    if "20" not in url and "19" not in url:
        return ()
    found = (pattern.search(url) for pattern in _IN_ADDRESS)
    days = (_day_of(match) for match in found if match)
    return tuple(day for day in days if day)


def _day_of(match: re.Match[str]) -> date | None:
    month = int(match["month"])
    return made(int(match["year"]), month, int(match["day"])) if 1 <= month <= 12 else None


def _from_meta(page: "Page", names: tuple[str, ...]) -> Dated | None:
    for name in names:
        if value := page.meta.get(name):
            for written in days(value[:60].replace("∶", ":")):
                if plausible(written.day, page.today):
                    return Dated(written.day, f"meta:{name}", written.raw)
    return None


def labels(text: str) -> list[int]:
    """Where that begins which a label announces as the day of publication."""
    return sorted(
        match.end() for last in _LABELS for match in islice(last.finditer(text), _MOST_LABELS) if _is_label(text, match)
    )


def _from_label(page: "Page") -> Dated | None:
    text = page.text
    for start in page.labels:
        for written in days(text[start : start + _DAY_CHARS]):
            # What stands before the label, as the end of a headline does, is not of the day.
            end = start + len(written.raw)
            if written.at == 0 and plausible(written.day, page.today) and speaks_of_publication("", text[end : end + AROUND]):
                return Dated(written.day, "label", written.raw)
    return None


def _is_label(text: str, last: re.Match[str]) -> bool:
    end = last.start() + 1
    return _LABEL.search(text[max(0, end - _LABEL_REACH) : end]) is not None


def _from_address(page: "Page") -> Dated | None:
    day = day_in_address(page.url, page.today)
    return Dated(day, "address", page.url) if day else None


def _from_byline(text: str, candidates: Iterable[Written]) -> Dated | None:
    """A day beside the words that stand below a headline: source, author, clicks."""
    for written in candidates:
        around = text[max(0, written.at - 30) : written.at + len(written.raw) + 40]
        if _BYLINE.search(around) and "。" not in text[max(0, written.at - 30) : written.at]:
            return Dated(written.day, "byline", written.raw)
    return None


def _from_headline(page: "Page", candidates: Iterable[Written]) -> Dated | None:
    """A day close below the headline, with which the title of the page begins, in a line of its own."""
    headline = next((words for words in _headlines(page.title) if words in page.text), "")
    for written in candidates if headline else ():
        below = headline in page.text[max(0, written.at - _BELOW - len(headline)) : written.at]
        line = page.outline.line(written.at, _DAY_LINE) if below else ""
        if line and "。" not in line:
            return Dated(written.day, "headline", written.raw)
    return None


def _headlines(title: str) -> Iterator[str]:
    """The beginning of a title up to the name of the site, which a dash parts from it, or else a space."""
    for parted in (_DASHED, _HEADLINE):
        words = parted.split(title, 1)[0].strip()
        if _MIN_HEADLINE <= len(words) <= _MAX_HEADLINE:
            yield words


def _from_dateline(page: "Page", candidates: Sequence[Written]) -> Dated | None:
    """The only moment of an article, a day with the time of day. Where the title of the page is the name of the site, nothing else tells it
    from the days of the story.
    """
    moments = [one for one in candidates if _TIME_OF_DAY.match(page.text, one.at + len(one.raw))]
    at_all = page.kind is PageKind.ARTICLE and len(moments) == 1
    return Dated(moments[0].day, "dateline", moments[0].raw) if at_all else None


def _alone(page: "Page", candidates: Sequence[Written]) -> Dated | None:
    """The only day of an article, in a line of its own."""
    at_all = page.kind is PageKind.ARTICLE and len(candidates) == 1 and page.outline.line(candidates[0].at, _LONE_DAY)
    return Dated(candidates[0].day, "dateline", candidates[0].raw) if at_all else None


def _from_sign_off(page: "Page") -> Dated | None:
    """The last day of the text, standing alone as below a signature."""
    text = page.main_text
    tail = text[-_TAIL:]
    last = [written for written in days(tail) if plausible(written.day, page.today) and speaks_in(tail, written)]
    if last and not re.search(r"[，,。]", tail[last[-1].at + len(last[-1].raw) :][:3]):
        return Dated(last[-1].day, "sign-off", last[-1].raw)
    return None


def _speaks(page: "Page", written: Written) -> bool:
    """What stands before a day in another box is of it where it is as short as a label: the end of a headline says nothing of the day below."""
    before, text = page.outline.lines[max(0, written.at - AROUND) : written.at], page.text
    _, parted, own = before.rpartition("\n")
    label = page.outline.line(written.at - len(own) - 1, _LABEL_CHARS) if parted else ""
    end = written.at + len(written.raw)
    return speaks_of_publication(f"{label} {own}" if label else own, text[end : end + AROUND])


def _from_htmldate(page: "Page") -> Dated | None:
    """Fast mode only: the extensive one takes the year of a footer for a day (detection: 2.2)."""
    if len(page.html) > _HTMLDATE_LIMIT:
        return None
    try:
        words = find_date(page.html, extensive_search=False, original_date=True, max_date=_tomorrow(page.today).isoformat())
    except (ValueError, TypeError, AttributeError, RecursionError):
        words = None
    day = date.fromisoformat(words) if words else None
    return Dated(day, "htmldate", words or "") if day and plausible(day, page.today) else None


def _tomorrow(today: date) -> date:
    return date.fromordinal(min(today.toordinal() + 1, date.max.toordinal()))
