"""The days that articles were first shown under, of those that carry a later one now."""

from collections.abc import Iterable
from datetime import date

from govcrawl.findings.model import Record, State

RULE = "stale-columns/new-day"
_CLOSED = (State.IGNORED, State.RESOLVED)


def first_days(records: Iterable[Record]) -> dict[str, date]:
    """By address, from the findings of the rule; what a person called in order has its new day."""
    told = ((one.finding.url, one.finding.evidence.extra.get("day_before")) for one in records if _holds(one))
    return {url: date.fromisoformat(str(day)) for url, day in told if day}


def _holds(record: Record) -> bool:
    return record.finding.rule.id == RULE and record.state not in _CLOSED
