"""The end of a site: its columns judged, what is gone resolved, its line written."""

import asyncio
import logging

from govcrawl.crawl.assignments import Assignment, Assignments
from govcrawl.crawl.notes import Notebook, Notes
from govcrawl.crawl.patience import patiently
from govcrawl.detectors.base import SiteView
from govcrawl.detectors.inspector import Inspector
from govcrawl.findings.model import NotInspected, Observation
from govcrawl.frontier.model import Closing, SiteState
from govcrawl.kit.clock import utc_now
from govcrawl.sites.model import Column
from govcrawl.sites.overrides import Overrides
from govcrawl.store.protocol import FindingQuery, SiteReport, Store

log = logging.getLogger(__name__)

_AT_ONCE = 4
_OPEN_STATES = ("open", "confirmed", "reopened")


class Concluder:
    """Every step may be repeated: a worker that dies in the middle leaves the closing to another, which starts over."""

    def __init__(self, store: Store, notebook: Notebook, inspector: Inspector, assignments: Assignments, said: Overrides) -> None:
        self._store, self._notebook, self._inspector, self._assignments = store, notebook, inspector, assignments
        self._said = said
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def conclude(self, closing: Closing) -> None:
        async with self._gate:
            assignment = await patiently(lambda: self._assignments.of(closing.campaign, closing.site))
            if assignment is None:
                log.warning("a site to conclude is not in its campaign", extra={"site": closing.site})
                return
            await self._judge(closing, assignment)
            await patiently(lambda: self._settle(closing, assignment))

    async def _judge(self, closing: Closing, assignment: Assignment) -> None:
        columns = await patiently(lambda: self._columns(closing))
        complete = closing.state is SiteState.COMPLETE
        view = SiteView(assignment.site, columns, closing.pages, complete)
        inspection = self._inspector.conclude(view, assignment.context)
        now = utc_now()
        notes = Notes(
            [Observation(finding, assignment.label, closing.campaign, now) for finding in inspection.findings],
            [],
            [
                NotInspected(assignment.site.url, closing.site, closing.campaign, detector, fault, now)
                for detector, fault in inspection.failed.items()
            ],
        )
        await self._notebook.put(notes)

    async def _columns(self, closing: Closing) -> tuple[Column, ...]:
        """Of this visit only: a column that this campaign did not reach is not judged by what an earlier one saw."""
        seen = [r.column async for r in self._store.columns(closing.site) if r.campaign == closing.campaign]
        return tuple(self._said.over(closing.site, column) for column in seen)

    async def _settle(self, closing: Closing, assignment: Assignment) -> None:
        if closing.state is SiteState.COMPLETE:
            await self._store.resolve_unseen(closing.site, closing.campaign, utc_now())
        await self._store.record_site(
            SiteReport(
                site=assignment.label,
                url=assignment.site.url,
                campaign=closing.campaign,
                state=closing.state.value,
                reason=closing.reason.value if closing.reason else "",
                pages=closing.pages,
                failed_pages=closing.failed_pages,
                concluded_at=utc_now(),
                findings=await self._open_findings(closing.site),
                today=assignment.context.today,
            )
        )

    async def _open_findings(self, site: str) -> dict[str, int]:
        counts: dict[str, int] = {}
        for state in _OPEN_STATES:
            found = await self._store.count_findings(FindingQuery(site=site, state=state))
            for category, number in found.items():
                counts[category] = counts.get(category, 0) + number
        return counts
