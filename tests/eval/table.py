"""The quality table: its lines, their sums, and the floors that they must keep."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

WHOLE = "all pages"


@dataclass(frozen=True, slots=True)
class Row:
    """Counts of one technique of one family; `n` is the number of pages looked at.

    A technique called WHOLE is the family's total; where no module gives one, the techniques are taken to share no page and are summed.
    """

    family: str
    technique: str
    n: int
    tp: int
    fp: int
    fn: int
    note: str = ""

    @property
    def precision(self) -> float | None:
        """None where nothing was flagged."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else None

    @property
    def recall(self) -> float | None:
        """None where there was nothing to find."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else None

    @property
    def accuracy(self) -> float | None:
        """Share of the pages that were judged rightly."""
        return (self.n - self.fp - self.fn) / self.n if self.n else None

    def document(self) -> dict[str, object]:
        measures = {name: getattr(self, name) for name in ("precision", "recall", "accuracy")}
        counts = {name: getattr(self, name) for name in ("family", "technique", "n", "tp", "fp", "fn", "note")}
        return counts | {name: value if value is None else round(value, 4) for name, value in measures.items()}


@dataclass(frozen=True, slots=True)
class Floor:
    """The least that a measure of a technique may be."""

    family: str
    technique: str
    measure: str
    least: float

    def broken(self, rows: Iterable[Row]) -> str:
        """What is wrong; "" where the floor holds. A floor without a value below or above it does not hold."""
        row = next((row for row in rows if (row.family, row.technique) == (self.family, self.technique)), None)
        if row is None:
            return f"{self.family} / {self.technique}: nothing was measured, a floor of {self.measure} {self.least} stands"
        value = getattr(row, self.measure)
        if value is not None and value >= self.least:
            return ""
        shown = "without a value" if value is None else f"{value:.4f}"
        return f"{self.family} / {self.technique}: {self.measure} is {shown}, the floor is {self.least}"


def with_totals(rows: list[Row]) -> list[Row]:
    """The rows by family, in order of arrival, each family led by its total."""
    families: dict[str, list[Row]] = {}
    for row in rows:
        families.setdefault(row.family, []).append(row)
    return [row for family, members in families.items() for row in _led(family, members)]


def _led(family: str, rows: list[Row]) -> list[Row]:
    whole = [row for row in rows if row.technique == WHOLE] or [_sum(family, rows)]
    return whole + [row for row in rows if row.technique != WHOLE]


def _sum(family: str, rows: list[Row]) -> Row:
    """Another program's figures on the same pages, `peer: ...`, are there to compare with and do not count."""
    ours = [row for row in rows if not row.technique.startswith("peer:")]
    sums = (sum(getattr(row, name) for row in ours) for name in ("n", "tp", "fp", "fn"))
    return Row(family, WHOLE, *sums)


def read_floors(file: Path) -> tuple[list[str], list[Floor]]:
    """The modules that must take part, and the floors."""
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return data["modules"], list(_floors(data["floors"]))


def _floors(tables: list[dict[str, object]]) -> Iterator[Floor]:
    for table in tables:
        for measure in ("precision", "recall", "accuracy"):
            if measure in table:
                yield Floor(str(table["family"]), str(table.get("technique", WHOLE)), measure, float(str(table[measure])))
