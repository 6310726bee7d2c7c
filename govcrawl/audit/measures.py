"""The measures that indicators name: each takes the dossier of a site and rules on one indicator."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from govcrawl.audit.counting import blank_columns, ruled, stale_columns
from govcrawl.audit.dossier import Dossier
from govcrawl.audit.home import home_page
from govcrawl.audit.indicators import Indicator, Measure, Undated
from govcrawl.audit.ruling import Instance, Outcome, Ruling
from govcrawl.findings.model import Confidence, Record, Severity, State

_RANK = {severity: rank for rank, severity in enumerate(Severity)}
_CLOSED = (State.IGNORED, State.RESOLVED)
# Of the failure taxonomy: the site did not open. A refusal by robots.txt or a block is an answer.
_NOT_OPENED = frozenset({"dns", "timeout", "refused", "reset", "tls", "http_5xx"})


def _stale(dossier: Dossier, indicator: Indicator, undated: Undated) -> Ruling:
    return ruled(dossier, indicator, stale_columns(dossier, indicator, undated))


def _blank(dossier: Dossier, indicator: Indicator, undated: Undated) -> Ruling:  # noqa: ARG001 - the shape of a measure
    return ruled(dossier, indicator, blank_columns(dossier, indicator))


def _findings(dossier: Dossier, indicator: Indicator, undated: Undated) -> Ruling:  # noqa: ARG001
    """Confirmed findings count; serious ones that nobody has looked at wait for a person."""
    named = [one for one in dossier.findings if indicator.findings & set(one.finding.indicators) and one.state not in _CLOSED]
    grave = [one for one in named if _RANK[one.finding.severity] <= _RANK[indicator.least_severity]]
    sure = [one for one in grave if one.state is State.CONFIRMED]
    waiting = [one for one in grave if one.state is not State.CONFIRMED and one.finding.confidence is not Confidence.LOW]
    outcome, reason = Outcome.NOT_JUDGED, "a person decides; no candidate was found"
    if sure and indicator.reached(len(sure)):
        outcome, reason = Outcome.FELL, f"{len(sure)} confirmed: {_titles(sure)}"
    elif waiting:
        noun = "candidate" if len(waiting) == 1 else "candidates"
        outcome, reason = Outcome.REVIEW, f"{len(waiting)} {noun}: {_titles(waiting)}"
    return Ruling(
        indicator,
        outcome if indicator.verified or outcome is not Outcome.FELL else Outcome.REVIEW,
        reason,
        value=len(sure),
        most=len(sure) + len(waiting),
        counted=tuple(map(_instance, sure)),
        open=tuple(map(_instance, waiting)),
        missing="confirm or ignore each candidate (`govcrawl findings confirm|ignore ID`)" if waiting else "",
    )


def _titles(records: list[Record]) -> str:
    titles: dict[str, int] = {}
    for one in records:
        titles[one.finding.title] = titles.get(one.finding.title, 0) + 1
    return "; ".join(f"{title} ({number})" for title, number in titles.items())


def _instance(record: Record) -> Instance:
    return Instance(record.finding.title, record.finding.url, f"{record.finding.category} {record.id[:8]}")


def _probes(dossier: Dossier, indicator: Indicator, undated: Undated) -> Ruling:  # noqa: ARG001
    """A crawl counts as one visit; a share of too few visits says nothing."""
    last = dossier.report.concluded_at
    visits = [one for one in dossier.reports if _within(one.concluded_at, last, indicator.days)]
    shut = [one for one in visits if one.state == "failed" and one.reason in _NOT_OPENED]
    if len(visits) < indicator.least_probes:
        words = f"needs {indicator.least_probes} visits in {indicator.days} days, {len(visits)} stored"
        failed = f"; {len(shut)} of them did not get through" if shut else ""
        return Ruling(indicator, Outcome.NOT_JUDGED, words + failed, missing=words)
    share = 100 * len(shut) / len(visits)
    outcome = Outcome.FELL if indicator.reached(share) else Outcome.HELD
    return Ruling(indicator, outcome, f"{len(shut)} of {len(visits)} visits did not get through", value=round(share, 2))


def _within(moment: datetime, last: datetime, days: int) -> bool:
    return last - timedelta(days=days) < moment <= last


def _person(dossier: Dossier, indicator: Indicator, undated: Undated) -> Ruling:  # noqa: ARG001
    return Ruling(indicator, Outcome.NOT_JUDGED, indicator.advice or "a person decides", missing="a person")


MEASURES: Mapping[Measure, Callable[[Dossier, Indicator, Undated], Ruling]] = {
    Measure.FINDINGS: _findings,
    Measure.PROBES: _probes,
    Measure.HOME: home_page,
    Measure.STALE: _stale,
    Measure.BLANK: _blank,
    Measure.PERSON: _person,
}
