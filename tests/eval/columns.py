"""Dates, list entries and kinds by page: what the labelled pages say and what is read off them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from htmldate import find_date

from govcrawl.page.columns import column_of
from govcrawl.page.model import Page
from tests.eval.corpus import Sample, samples
from tests.eval.table import Row

# The pages were saved around 2017-04-01; the modern ones carry no later day than this.
_TODAY = date(2017, 4, 2)
_LATER = date(2026, 11, 1)
_CHINESE = ("gov-", "public-", "list-page")
_KINDS = {"home": "home", "article": "article", "list": "list", "error": "error"}
_UNKNOWN = {"", "-", "None"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One label and what was read: "" where nothing is, or was, there."""

    what: str
    path: str
    wanted: str
    read: str

    @property
    def right(self) -> bool:
        return self.wanted == self.read

    @property
    def made_up(self) -> bool:
        return bool(self.read) and not self.right


@lru_cache(maxsize=1)
def readings() -> tuple[Reading, ...]:
    return tuple(reading for sample in samples() if sample.file.is_file() for reading in _readings(sample))


def _readings(sample: Sample) -> Iterator[Reading]:
    if sample.kind == "date-page":
        yield from _foreign_dates(sample)
    elif sample.kind.startswith(_CHINESE) and sample.path.endswith(".html"):
        yield from _chinese(sample)


def _page(sample: Sample, today: date) -> Page:
    return Page(sample.url or "http://unknown.invalid/page", sample.body(), today=today)


def _foreign_dates(sample: Sample) -> Iterator[Reading]:
    wanted = sample.labels.get("expected_date", "")
    if len(wanted) != 10:  # a list of accepted days, or none
        return
    page = _page(sample, _LATER)
    published = page.published
    yield Reading("published: htmldate's pages", sample.path, wanted, str(published.day) if published else "")
    peer = find_date(page.html, extensive_search=False, original_date=True, max_date=str(_LATER + timedelta(days=1)))
    yield Reading("peer: htmldate in fast mode", sample.path, wanted, peer or "")


def _chinese(sample: Sample) -> Iterator[Reading]:
    page = _page(sample, _LATER if "/modern/" in sample.path else _TODAY)
    if (wanted := sample.labels.get("pub", "")) not in _UNKNOWN:
        yield Reading("published: Chinese pages", sample.path, _day(wanted), str(page.published.day) if page.published else "")
    if (wanted := sample.labels.get("newest_item_date", "").partition(" ")[0]) not in _UNKNOWN:
        newest = page.newest_item.dated if page.newest_item else None
        yield Reading("newest item", sample.path, _day(wanted), str(newest.day) if newest else "")
    kind = _KINDS.get(sample.kind.partition(";")[0].partition("-")[2].removeprefix("page(non-gov)") or "list")
    if kind:
        yield Reading("kind", sample.path, kind, page.kind.value)
    if "blank" in sample.kind:
        column = column_of(page)
        blank = bool(column and column.inspected and not column.items)
        yield Reading("near-empty pages not called blank", sample.path, "", "blank" if blank else "")


def _day(label: str) -> str:
    return "" if label == "none" else label


def evaluate() -> list[Row]:
    """A wrong answer is both a miss and a false one; silence where there is something to read is a miss."""
    rows = []
    for what in sorted({reading.what for reading in readings()}):
        mine = [reading for reading in readings() if reading.what == what]
        right = sum(reading.right and bool(reading.wanted) for reading in mine)
        rows.append(
            Row(
                "columns",
                what,
                len(mine),
                right,
                sum(reading.made_up for reading in mine),
                sum(not reading.right and not reading.made_up for reading in mine),
            )
        )
    return rows


def misses() -> list[str]:
    return [
        f"{reading.path}: {reading.what}: {reading.read or 'nothing'} instead of {reading.wanted or 'nothing'}"
        for reading in readings()
        if not reading.right and not reading.what.startswith("peer")
    ]
