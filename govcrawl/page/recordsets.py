"""The records that a page's scripts turn into its list: kept in the page, or in the answer of a data request."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from govcrawl.page.day_patterns import days, plausible
from govcrawl.page.entries import entries
from govcrawl.page.outline import Outline
from govcrawl.page.parsing import parse
from govcrawl.page.stamps import stamps
from govcrawl.page.values import Dated

if TYPE_CHECKING:
    from govcrawl.page.model import Page

_EMPTY = re.compile(
    r"<recordset[^>]{0,100}>\s*(?:</recordset>|<!--|$)|<totalrecord>\s*0\s*<|\"(?:total|totalCount|count|totalElements|totalNum)\"\s*:\s*\"?0\b|(?:^|=)\s*\(?\s*\[\s*\]\s*(?:$|[;)])",
    re.IGNORECASE,
)
_TITLE_KEY = re.compile(
    r"^(?:(?:art|article|doc|info|news|content|list|show)?_?(?:title|name|subject|headline|bt|biaoti)|title_?(?:name|txt|text))$",
    re.IGNORECASE,
)
_ADDRESS_KEY = re.compile(
    r"^(?:(?:doc|pub|html|link|art|article|visit|source|jump|show|info|content|web|page|doc_?pub)?_?(?:url|href|link|path|address|lj)s?)$",
    re.IGNORECASE,
)
_DAY_KEY = re.compile(
    r"^(?:(?:doc|art|article|info|news|show|display|create|crt|issue|release|rel|write|add|input|update|publish(?:ed)?|pub|fb|sign|oper|post)_?)*(?:date|time|day|datetime|timestr|datestr|sj|rq|at|on)(?:str|_?format|ted)?$",
    re.IGNORECASE,
)
_PINNED_KEY = re.compile(r"^(?:is_?)?(?:top|stick|zd|zhiding)(?:_?(?:flag|status))?$", re.IGNORECASE)
_PUBLISHED_KEY = re.compile(r"pub|rel|issue|fb|show|display", re.IGNORECASE)
_LITERAL = re.compile(r"\{[^{}]{10,3000}\}")
_PAIR = re.compile(
    r"[\"']?(?P<key>[A-Za-z_]\w{0,30})[\"']?\s*:\s*(?:\"(?P<double>(?:[^\"\\]|\\.){0,600})\"|'(?P<single>(?:[^'\\]|\\.){0,600})'|(?P<number>\d{1,13}|true)\b)"
)
_LIST_BOX = re.compile(r"<(?:ul|ol|dl|table|div)\b", re.IGNORECASE)
_CHINA = timezone(timedelta(hours=8))
_MOST = 500
_DEPTH = 8
_LONGEST_KEY = 40
_LARGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as the data tells it; `href` is as written."""

    title: str
    href: str
    dated: Dated | None
    pinned: bool = False


def records_of(page: "Page") -> tuple[Record, ...]:
    """The records of the page itself, else of the answers to its data requests, in their order."""
    if (
        page.openings.may_hold("cdata")
        and page.openings.may_hold("record")
        and (kept := tuple(_marked_up(page.html, page.today, "recordset")))
    ):
        return kept
    for text in page.answers.values():
        if answered := records_in(text, page.today):
            return answered
    return ()


def records_in(text: str, today: date) -> tuple[Record, ...]:
    """The records of an answer: XML with rows of HTML, JSON, JSONP, a script with a list, or HTML. Never fails."""
    if len(text) > _LARGEST:
        return ()
    if "<record" in text:
        return tuple(_marked_up(text, today, "data request"))
    value = _parsed(text)
    found = tuple(_records(value, today))[:_MOST] or tuple(_literals(text, today))[:_MOST]
    return found or tuple(_rows("\n".join(_markup_in(value)) or text, today, "data request"))


def says_empty(text: str) -> bool:
    """An answer or a record set that tells of no record, in so many words, or that brings a list without a link."""
    if _EMPTY.search(text[:20_000]):
        return True
    brought = list(_markup_in(_parsed(text))) if len(text) < _LARGEST and "<" in text else []
    return bool(brought) and not any("<a" in one.lower() for one in brought) and any(_LIST_BOX.search(one) for one in brought)


def _markup_in(value: object, depth: int = 0) -> Iterator[str]:
    """The texts of an answer that are HTML: some systems send the finished list inside of their JSON."""
    if isinstance(value, str) and "<" in value and ">" in value:
        yield value
    elif isinstance(value, Mapping | list) and depth < _DEPTH:
        for one in list(value.values() if isinstance(value, Mapping) else value)[:_MOST]:
            yield from _markup_in(one, depth + 1)


def _marked_up(text: str, today: date, source: str) -> Iterator[Record]:
    return _rows("\n".join(_sections(text)), today, source)


def _sections(text: str) -> Iterator[str]:
    """The contents of `<record><![CDATA[...]]>`; by splitting, because a pattern would try each start to the end of a hostile page."""
    before, *parts = text.split("<![CDATA[")
    for part in parts:
        row, closed, after = part.partition("]]>")
        if closed and before[-20:].rstrip().lower().endswith("<record>"):
            yield row
        before = after


def _rows(markup: str, today: date, source: str) -> Iterator[Record]:
    if "<a" not in markup and "<A" not in markup:
        return
    # A row of a table is no row without its table.
    shell = f"<table>{markup}</table>" if re.match(r"\s*<t[rd]\b", markup, re.IGNORECASE) else markup
    outline = Outline(parse(shell))
    for entry in entries(outline, stamps(outline, today)):
        yield Record(entry.title, entry.href, Dated(entry.day, source, entry.raw) if entry.day else None, entry.pinned)


def _parsed(text: str) -> object:
    """The first JSON value of the text, whatever a script puts around it; None where there is none."""
    start = re.search(r"[\[{]", text)
    value: object = None
    if start:
        with suppress(ValueError, RecursionError):
            value = json.JSONDecoder().raw_decode(text, start.start())[0]
    return value


def _records(value: object, today: date, depth: int = 0) -> Iterator[Record]:
    if depth > _DEPTH:
        return
    if isinstance(value, Mapping):
        record = _record({str(key): one for key, one in value.items()}, today)
        if record:
            yield record
            return
        value = list(value.values())
    if isinstance(value, list):
        for one in value[:_MOST]:
            yield from _records(one, today, depth + 1)


def _literals(text: str, today: date) -> Iterator[Record]:
    """Objects of a script that is no JSON: keys without quotes, single quotes."""
    for literal in _LITERAL.finditer(text):
        pairs = {
            match["key"]: match["double"] or match["single"] or match["number"] or "" for match in _PAIR.finditer(literal[0])
        }
        if record := _record(pairs, today):
            yield record


def _record(pairs: Mapping[str, object], today: date) -> Record | None:
    title = next((str(value) for key, value in pairs.items() if value and isinstance(value, str) and _TITLE_KEY.match(key)), "")
    href = next((str(value) for key, value in pairs.items() if value and isinstance(value, str) and _ADDRESS_KEY.match(key)), "")
    dated = _day(pairs, today)
    if not title or not (href or dated):
        return None
    pinned = any(_PINNED_KEY.match(key) and str(value).lower() in ("1", "true", "y", "yes") for key, value in pairs.items())
    return Record(re.sub(r"<[^>]{0,200}>", "", title).strip(), href, dated, pinned)


def _day(pairs: Mapping[str, object], today: date) -> Dated | None:
    """The day of publication where a key names it, else any other day of the record."""
    keys = [key for key in pairs if len(key) <= _LONGEST_KEY and _DAY_KEY.match(key)]
    for key in sorted(keys, key=lambda key: not _PUBLISHED_KEY.search(key)):
        if (day := _read_day(pairs[key])) and plausible(day, today):
            return Dated(day, f"data:{key}", str(pairs[key])[:40])
    return None


def _read_day(value: object) -> date | None:
    """Text, or seconds or milliseconds since 1970 in the time of China."""
    text = str(value)
    if text.isdigit() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text[:10]), _CHINA).date()
    return next((written.day for written in days(text[:60])), None)
