"""The dossiers of a campaign, read from the store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime

from govcrawl.audit.dossier import Dossier, dossier
from govcrawl.audit.redating import first_days
from govcrawl.sites.first_days import under_first_days
from govcrawl.sites.overrides import Overrides
from govcrawl.store.protocol import FindingQuery, SiteReport, Store

# Everything that is stored: windows reach back a year, and an undated list is as old as its first visit.
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


async def dossiers(
    store: Store, campaign: str = "", site: str = "", day: date | None = None, said: Overrides | None = None
) -> AsyncIterator[Dossier]:
    """Of one campaign, or of the latest visit of every site; `site` is an id or a name, "" all of them. By site id.

    `said` is what the tenant says of its columns, today, whatever a crawl took them for.
    """
    reports = [one async for one in store.sites(campaign) if site in ("", one.site.id, one.site.name)]
    for report in sorted(reports, key=lambda one: one.site.id):
        yield await _dossier(store, report, day, said or Overrides())


async def _dossier(store: Store, report: SiteReport, day: date | None, said: Overrides) -> Dossier:
    name = report.site.id
    findings = [one async for one in store.findings(FindingQuery(site=name)) if one.site.id == name]
    days = first_days(findings)
    visits = [one async for one in store.column_history(name, _EVER)]
    return dossier(
        report,
        [replace(one, column=under_first_days(said.over(name, one.column), days)) for one in visits],
        findings,
        [one async for one in store.site_history(name, _EVER) if one.concluded_at <= report.concluded_at],
        day,
    )
