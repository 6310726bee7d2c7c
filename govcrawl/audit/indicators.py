"""Official indicators as data: what is counted, from which number on it falls, and where that stands."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from govcrawl.detectors.stale_columns.intervals import months_before
from govcrawl.findings.model import Severity
from govcrawl.sites.model import Column, ColumnClass


class Operator(StrEnum):
    """超过(含)5个 is >= 5; 超过3个月 is > 3."""

    AT_LEAST = ">="
    MORE_THAN = ">"

    def reached(self, value: float, threshold: float) -> bool:
        return value >= threshold if self is Operator.AT_LEAST else value > threshold


class Measure(StrEnum):
    """What an indicator looks at."""

    FINDINGS = "findings"  # findings of the rules that name it
    PROBES = "probes"  # visits of a week that did not get through
    HOME = "home"  # the home page and, where it only leads on, what is below it
    STALE = "stale"  # columns past their interval
    BLANK = "blank"  # columns that never held anything
    PERSON = "person"  # nothing that a crawl can see


class Judge(StrEnum):
    """Who can decide. Only what the machine may decide and cannot holds up a verdict; the rest is named beside it."""

    MACHINE = "machine"
    MONITOR = "monitor"
    PERSON = "person"


class Undated(StrEnum):
    """What a list without any day counts as."""

    UNKNOWN = "unknown"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Window:
    """An interval in days or calendar months, and the columns that it holds for. `first_level` None: at any level."""

    classes: frozenset[ColumnClass]
    days: int = 0
    months: int = 0
    first_level: bool | None = None
    only_names: tuple[str, ...] = ()
    except_names: tuple[str, ...] = ()

    def holds_for(self, column: Column) -> bool:
        return (
            column.column_class in self.classes
            and self.first_level in (None, column.first_level)
            and (not self.only_names or named(column, self.only_names))
            and not named(column, self.except_names)
        )

    def oldest(self, day: date) -> date:
        """The earliest day of an item that is still in time on `day`."""
        return day - timedelta(days=self.days) if self.days else months_before(day, self.months)

    @property
    def words(self) -> str:
        return f"{self.days} days" if self.days else f"{self.months} months"


def named(column: Column, words: tuple[str, ...]) -> bool:
    return any(word in column.name for word in words)


@dataclass(frozen=True, slots=True)
class Indicator:
    """`document` is the number of the paper; `verified` that its words and number were read there or in a copy of it.

    `days` is the window of probes, `least_probes` how many it must hold; `findings` are the indicator ids that rules name.
    """

    id: str
    title: str
    text: str
    document: str
    measure: Measure
    judge: Judge
    operator: Operator
    threshold: float
    unit: str
    verified: bool
    source: str
    advice: str = ""
    counting: tuple[Window, ...] = ()
    except_classes: frozenset[ColumnClass] = frozenset()
    except_names: tuple[str, ...] = ()
    findings: frozenset[str] = frozenset()
    least_severity: Severity = Severity.HIGH
    days: int = 0
    least_probes: int = 0

    def reached(self, value: float) -> bool:
        return self.operator.reached(value, self.threshold)

    def window_for(self, column: Column) -> Window | None:
        """The interval that counts this column; None where it is exempt or of another kind."""
        if column.column_class in self.except_classes or named(column, self.except_names):
            return None
        return next((window for window in self.counting if window.holds_for(column)), None)

    @property
    def line(self) -> str:
        """`>= 5 columns`: where it falls."""
        return f"{self.operator} {self.threshold:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class IndicatorSet:
    id: str
    title: str
    document: str
    url: str = ""
    undated: Undated = Undated.UNKNOWN
    indicators: tuple[Indicator, ...] = field(default_factory=tuple)
