"""Questions for numbers: what a panel of a dashboard asks of a store, whichever it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from govcrawl.store.mappings import TEMPLATE_OF, template

# Days begin where the pages are dated.
UTC_OFFSET_HOURS = 8
UNITS = ("hour", "day", "week", "month")
OPERATIONS = ("count", "unique_count", "sum", "max", "min", "average")

# The keys of the groups, then the numbers. Days are written as YYYY-MM-DD, moments in UTC; no value is None.
Row = tuple[str | int | float | bool | None, ...]


class NotAskable(ValueError):  # noqa: N818 - reads as what it says
    """A question names an index or a field that is not there, or an operation that is not understood."""


@dataclass(frozen=True, slots=True)
class Match:
    """The field is one of these values; without values: it is there."""

    field: str
    values: tuple[str, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One group a value of the field; with a unit, one an hour, day, week (from Monday) or month of its time."""

    field: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number of a group; `tests` say which of its documents count."""

    operation: str
    field: str = ""
    tests: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Documents without a value for a group are left out, as Kibana does. Times are those of `@timestamp`."""

    index: str
    tests: tuple[Match, ...] = ()
    groups: tuple[Group, ...] = ()
    metrics: tuple[Metric, ...] = (Metric("count"),)
    since: datetime | None = None
    until: datetime | None = None


def check(question: Question) -> None:
    """Raises NotAskable. Every field must be in the mapping: names go into queries as they are."""
    if question.index not in TEMPLATE_OF:
        raise NotAskable(f"{question.index}: no such index; there are {', '.join(TEMPLATE_OF)}")
    for field in _fields(question):
        kind(question.index, field)
    for metric in question.metrics:
        if metric.operation not in OPERATIONS or (metric.operation != "count" and not metric.field):
            raise NotAskable(f"{metric.operation} of {metric.field!r}: the operations are {', '.join(OPERATIONS)}")
    for group in question.groups:
        if group.unit not in ("", *UNITS):
            raise NotAskable(f"{group.unit}: the units are {', '.join(UNITS)}")


def kind(index: str, field: str) -> str:
    """The type of a field in the mapping of an index, such as `keyword` or `date`; raises NotAskable."""
    known = _kinds(TEMPLATE_OF[index])
    if field not in known:
        raise NotAskable(f"{field}: no such field in {index}")
    return known[field]


def has(index: str, field: str) -> bool:
    return field in _kinds(TEMPLATE_OF[index])


def _fields(question: Question) -> Sequence[str]:
    tests = [*question.tests, *(test for metric in question.metrics for test in metric.tests)]
    named = [test.field for test in tests] + [group.field for group in question.groups]
    return named + [metric.field for metric in question.metrics if metric.field]


@cache
def _kinds(name: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    _walk(template(name)["template"]["mappings"]["properties"], "", found)
    return found


def _walk(properties: Mapping[str, Any], path: str, found: dict[str, str]) -> None:
    for name, field in properties.items():
        if "type" in field:
            found[f"{path}{name}"] = field["type"]
        _walk(field.get("properties", {}) | field.get("fields", {}), f"{path}{name}.", found)
