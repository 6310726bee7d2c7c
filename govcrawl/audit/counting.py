"""Columns counted for an indicator: those that count for sure, and those that may."""

from dataclasses import dataclass, field

from govcrawl.audit.dossier import ColumnCase, Dossier, is_home
from govcrawl.audit.indicators import Indicator, Undated, named
from govcrawl.audit.ruling import Instance, Outcome, Ruling
from govcrawl.audit.standing import Standing, stand
from govcrawl.findings.model import Category, State
from govcrawl.page.behaviour import BEHAVIOUR


@dataclass(slots=True)
class Count:
    """`looked_at` columns were judged or should have been."""

    sure: list[Instance] = field(default_factory=list)
    open: list[Instance] = field(default_factory=list)
    looked_at: int = 0


def stale_columns(dossier: Dossier, indicator: Indicator, undated: Undated) -> Count:
    """A column that a person called in order is never counted; a blank one is counted as blank only; one whose class nothing names may
    count, until a person says what it is.
    """
    count = Count()
    for case in dossier.cases:
        window = indicator.window_for(case.column)
        if window is None or case.blank:
            continue
        count.looked_at += 1
        found = stand(case, window, dossier.day, undated)
        if found.standing is Standing.FRESH or dossier.said_of(case, Category.STALE_COLUMN) is State.IGNORED:
            continue
        sure = found.standing is Standing.STALE and case.column.class_from != BEHAVIOUR
        (count.sure if sure else count.open).append(_instance(case, found.why if sure else _doubted(case, found.why)))
    return count


def blank_columns(dossier: Dossier, indicator: Indicator) -> Count:
    count = Count()
    for case in dossier.cases:
        column = case.column
        if is_home(case) or column.column_class in indicator.except_classes or named(column, indicator.except_names):
            continue
        count.looked_at += 1
        if dossier.said_of(case, Category.BLANK_COLUMN) is State.IGNORED:
            continue
        if case.blank:
            count.sure.append(_instance(case, column.placeholder))
        elif not column.inspected:
            count.open.append(_instance(case, column.reason or "the list could not be read"))
    return count


def _doubted(case: ColumnCase, why: str) -> str:
    return (
        f"{why}; nothing but its entries tells its class: {case.column.column_class}"
        if case.column.class_from == BEHAVIOUR
        else why
    )


def _instance(case: ColumnCase, why: str) -> Instance:
    return Instance(case.column.name or case.column.url, case.column.url, why)


def ruled(dossier: Dossier, indicator: Indicator, count: Count) -> Ruling:
    """What was counted for sure decides where it reaches the limit; where it does not, all that may count must stay below it."""
    value, most = len(count.sure), len(count.sure) + len(count.open)
    outcome, reason, missing = Outcome.HELD, f"{value} of {count.looked_at} columns", ""
    if not dossier.read:
        outcome, reason, missing = Outcome.UNDECIDED, _unread(dossier), "a crawl that reaches the site"
    elif indicator.reached(value):
        outcome = Outcome.FELL if indicator.verified else Outcome.REVIEW
        missing = "" if indicator.verified else "the number is not verified: a person decides"
    elif not dossier.complete:
        outcome, missing = Outcome.UNDECIDED, _in_part(dossier)
    elif indicator.reached(most):
        outcome, missing = Outcome.UNDECIDED, f"{len(count.open)} columns that could not be judged may reach the limit"
    elif all(map(is_home, dossier.cases)):
        outcome, missing = Outcome.UNDECIDED, "no column was recognised on the site"
    return Ruling(
        indicator,
        outcome,
        reason,
        value=value if dossier.read else None,
        most=most if dossier.read else None,
        counted=tuple(count.sure),
        open=tuple(count.open),
        missing=missing,
    )


def _in_part(dossier: Dossier) -> str:
    reason = dossier.report.reason or dossier.report.state
    way_out = "crawl it with a higher --max-pages" if reason == "budget" else "crawl it again"
    return f"the site was read in part ({reason}); {way_out}"


def _unread(dossier: Dossier) -> str:
    return f"the site could not be read ({dossier.report.reason or dossier.report.state})"
