"""What the store holds of one site, put together for a verdict."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from govcrawl.findings.model import Record, State
from govcrawl.kit.clock import CHINA
from govcrawl.sites.model import Column, ColumnClass
from govcrawl.sites.whole import with_parts
from govcrawl.store.protocol import ColumnRecord, SiteReport

_INDEX = re.compile(r"/(?:index|default|main|home)\.[a-z]{3,5}$", re.IGNORECASE)
_LONG_CAMPAIGN_DAYS = 10


@dataclass(frozen=True, slots=True)
class ColumnCase:
    """One column of a site over all its addresses: what the campaign saw, and every stored visit, oldest first."""

    column: Column
    visits: tuple[ColumnRecord, ...] = ()

    @property
    def urls(self) -> frozenset[str]:
        return frozenset({self.column.url, *self.column.pages, *(visit.column.url for visit in self.visits)})

    @property
    def blank(self) -> bool:
        return self.column.inspected and not self.column.items and bool(self.column.placeholder)


@dataclass(frozen=True, slots=True)
class Dossier:
    """`day` is the day that everything is judged against.

    `reports` are all stored reports of the site, oldest first; `findings` its findings in every state.
    """

    report: SiteReport
    day: date
    cases: tuple[ColumnCase, ...] = ()
    findings: tuple[Record, ...] = ()
    reports: tuple[SiteReport, ...] = ()

    @property
    def complete(self) -> bool:
        return self.report.state == "complete"

    @property
    def read(self) -> bool:
        """Whether anything of the site was had."""
        return self.report.state != "failed"

    def said_of(self, case: ColumnCase, category: str) -> State | None:
        """What a person said of the column: confirmed or ignored; None where nobody looked."""
        said = {one.state for one in self.findings if one.finding.category == category and one.finding.url in case.urls}
        return next((state for state in (State.CONFIRMED, State.IGNORED) if state in said), None)


def dossier(
    report: SiteReport,
    visits: Iterable[ColumnRecord],
    findings: Iterable[Record] = (),
    reports: Iterable[SiteReport] = (),
    day: date | None = None,
) -> Dossier:
    """The columns of the report's campaign are judged, earlier visits are their past. Without `day`: that of the campaign."""
    kept = tuple(reports)
    days = {one.campaign: judged_on(one) for one in (*kept, report)}
    past = sorted((_on_its_day(visit, days) for visit in _whole(visits)), key=lambda visit: visit.seen_at)
    now = [visit for visit in past if visit.campaign == report.campaign]
    last = max((visit.seen_at for visit in now), default=report.concluded_at)
    return Dossier(
        report=report,
        day=day or judged_on(report),
        cases=_cases(now, [visit for visit in past if visit.seen_at <= last]),
        findings=tuple(findings),
        reports=kept,
    )


def _whole(visits: Iterable[ColumnRecord]) -> Iterator[ColumnRecord]:
    """Each visit of a column with what the same campaign saw on its later pages and in feeds."""
    kept, parts = list(visits), defaultdict[str, list[Column]](list)
    for visit in kept:
        if visit.column.part_of:
            parts[visit.campaign].append(visit.column)
    for visit in kept:
        if not visit.column.part_of:
            yield replace(visit, column=with_parts(visit.column, parts[visit.campaign]))


def judged_on(report: SiteReport) -> date:
    return report.today or report.concluded_at.astimezone(CHINA).date()


def _on_its_day(visit: ColumnRecord, days: Mapping[str, date]) -> ColumnRecord:
    """A campaign that was told which day it is saw everything on that day; others may run over several days."""
    told = days.get(visit.campaign)
    if told is None or abs((visit.seen_at.astimezone(CHINA).date() - told).days) <= _LONG_CAMPAIGN_DAYS:
        return visit
    return replace(visit, seen_at=datetime.combine(told, time(12), CHINA))


def _cases(now: Sequence[ColumnRecord], past: Sequence[ColumnRecord]) -> tuple[ColumnCase, ...]:
    """Two addresses are one column where only the name of the first page differs, or a name with its newest entry is the same."""
    groups: dict[object, list[Column]] = {}
    for visit in now:
        groups.setdefault(_place(visit.column.url), []).append(visit.column)
    merged: dict[object, list[Column]] = {}
    for place, columns in groups.items():
        best = _best(columns)
        shown = (best.name, best.column_class, best.newest_url) if best.newest_url and best.name else place
        merged.setdefault(shown, []).extend(columns)
    return tuple(ColumnCase(column, _visits(column, past)) for column in map(_best, merged.values()))


def _best(columns: Sequence[Column]) -> Column:
    """What the addresses of a column say together: the freshest that could be read, with every address."""
    best = max(columns, key=lambda one: (one.inspected, one.newest or date.min, one.items))
    return replace(
        best,
        first_level=any(one.first_level for one in columns),
        pages=tuple(dict.fromkeys(url for one in columns for url in (one.url, *one.pages))),
    )


def _visits(column: Column, past: Sequence[ColumnRecord]) -> tuple[ColumnRecord, ...]:
    places = {_place(url) for url in (column.url, *column.pages)}
    return tuple(visit for visit in past if _place(visit.column.url) in places)


def _place(url: str) -> str:
    return _INDEX.sub("/", url.partition("://")[2])


def is_home(case: ColumnCase) -> bool:
    return case.column.column_class is ColumnClass.HOME
