"""The interval in which a column of a class must be updated."""

import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from govcrawl.sites.model import ColumnClass


@dataclass(frozen=True, slots=True)
class Interval:
    """Days or calendar months, the indicator that counts it, and the document that says so."""

    indicator: str
    document: str
    days: int = 0
    months: int = 0

    def oldest(self, today: date) -> date:
        """The earliest day of a newest item that is still in time."""
        return today - timedelta(days=self.days) if self.days else months_before(today, self.months)

    @property
    def words(self) -> str:
        return f"{self.days} days" if self.days else f"{self.months} months"


@cache
def intervals() -> dict[ColumnClass, Interval]:
    rows = tomllib.loads(Path(__file__).with_name("intervals.toml").read_text("utf-8"))
    return {ColumnClass(name): Interval(**row) for name, row in rows.items()}


def months_before(day: date, months: int) -> date:
    """Calendar months, the lenient reading (domain: 1.8); 31 August less six months is the last of February."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
