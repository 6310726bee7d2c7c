"""What a label says of a page beside what was read off it, for dates, kinds and columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from govcrawl.page.model import Page
from tests.eval.corpus import Sample
from tests.eval.table import Row

# The pages were saved around 2017-04-01; the modern ones carry no later day than this.
TODAY = date(2017, 4, 2)
LATER = date(2026, 11, 1)
CHINESE = ("gov-", "public-", "list-page")
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


def page_of(sample: Sample, today: date | None = None) -> Page:
    day = today or (LATER if "/modern/" in sample.path else TODAY)
    return Page(sample.url or "http://unknown.invalid/page", sample.body(), today=day)


def is_chinese(sample: Sample) -> bool:
    return sample.kind.startswith(CHINESE) and sample.path.endswith(".html")


def day_label(sample: Sample, name: str) -> str | None:
    """The day that a label gives, "" where it says that there is none, None where it says nothing."""
    value = sample.labels.get(name, "").partition(" ")[0]
    return None if value in _UNKNOWN else "" if value == "none" else value


def rows_of(readings: Iterable[Reading]) -> list[Row]:
    """A wrong answer is both a miss and a false one; silence where there is something to read is a miss."""
    by_what: dict[str, list[Reading]] = {}
    for reading in readings:
        by_what.setdefault(reading.what, []).append(reading)
    return [_row(what, mine) for what, mine in sorted(by_what.items())]


def _row(what: str, mine: list[Reading]) -> Row:
    right = sum(reading.right and bool(reading.wanted) for reading in mine)
    made_up = sum(reading.made_up for reading in mine)
    silent = sum(not reading.right and not reading.made_up for reading in mine)
    return Row("columns", what, len(mine), right, made_up, silent)


def misses_of(readings: Iterable[Reading]) -> list[str]:
    return [
        f"{reading.path}: {reading.what}: {reading.read or 'nothing'} instead of {reading.wanted or 'nothing'}"
        for reading in readings
        if not reading.right and not reading.what.startswith("peer")
    ]
