"""The end of a site: its columns judged, what is gone resolved, its line written."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from contextlib import aclosing
from datetime import date, timedelta

from govcrawl.audit.redating import RULE, first_days
from govcrawl.crawl.assignments import Assignment
from govcrawl.crawl.notes import Notes
from govcrawl.crawl.patience import patiently
from govcrawl.crawl.services import Services
from govcrawl.detectors.base import Directory, SiteView
from govcrawl.detectors.directories import Gathering
from govcrawl.findings import lifecycle
from govcrawl.findings.model import NotInspected, Observation, State
from govcrawl.frontier.model import Closing, SiteState
from govcrawl.kit.clock import utc_now
from govcrawl.sites.first_days import under_first_days
from govcrawl.sites.model import Column, Site
from govcrawl.sites.scripts import ScriptHosts
from govcrawl.sites.whole import whole
from govcrawl.store.protocol import ColumnRecord, FindingQuery, SiteReport

log = logging.getLogger(__name__)

_AT_ONCE = 4
_AHEAD = timedelta(hours=1)  # by which a worker's clock may differ
_OPEN_STATES = ("open", "confirmed", "reopened")


class Concluder:
    """Every step may be repeated: a worker that dies in the middle leaves the closing to another, which starts over."""

    def __init__(self, services: Services) -> None:
        self._store, self._notebook, self._inspector = services.store, services.notebook, services.inspector
        self._assignments, self._said, self._frontier = services.assignments, services.said, services.frontier
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def conclude(self, closing: Closing) -> None:
        async with self._gate:
            assignment = await patiently(lambda: self._assignments.of(closing.campaign, closing.site))
            if assignment is None:
                log.warning("a site to conclude is not in its campaign", extra={"site": closing.site})
                return
            # First, since what stands on unread pages counts where the site is judged.
            await patiently(lambda: self._carry(closing))
            scripts = await patiently(lambda: self._frontier.script_hosts(closing.site, closing.campaign))
            await self._judge(closing, assignment, scripts)
            await patiently(lambda: self._settle(closing, assignment, scripts))

    async def _judge(self, closing: Closing, assignment: Assignment, scripts: ScriptHosts) -> None:
        columns = await patiently(lambda: self._columns(closing))
        complete = closing.state is SiteState.COMPLETE
        directories = await patiently(lambda: self._directories(closing, assignment.site, columns))
        view = SiteView(assignment.site, columns, closing.pages, complete, directories, scripts)
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
        notes.not_inspected += [
            NotInspected(
                f"http://{pattern}", closing.site, closing.campaign, "links", f"left out: {number} addresses of this pattern", now
            )
            for pattern, number in closing.left_out.items()
        ]
        await self._notebook.put(notes)

    async def _columns(self, closing: Closing) -> tuple[Column, ...]:
        """Of this visit only: a column that this campaign did not reach is not judged by what an earlier one saw."""
        seen = [r async for r in self._store.columns(closing.site) if r.campaign == closing.campaign]
        columns = whole([*(r.column for r in seen), *(await self._later_pages(closing, seen))])
        days = await self._first_days(closing)
        return tuple(under_first_days(self._said.over(closing.site, column), days) for column in columns)

    async def _later_pages(self, closing: Closing, seen: Sequence[ColumnRecord]) -> list[Column]:
        """They are read after the first pages, which lead to them, or with them."""
        if not seen:
            return []
        since = min(one.seen_at for one in seen) - _AHEAD
        history = self._store.column_history(closing.site, since)
        return [one.column async for one in history if one.column.part_of and one.campaign == closing.campaign]

    async def _first_days(self, closing: Closing) -> dict[str, date]:
        """Of the articles that this visit saw under a changed day; those that were put right are resolved later."""
        async with aclosing(self._store.findings(FindingQuery(site=closing.site, rule=RULE))) as found:
            return first_days(
                [one async for one in found if (one.site.id, one.last_campaign) == (closing.site, closing.campaign)]
            )

    async def _directories(self, closing: Closing, site: Site, columns: tuple[Column, ...]) -> tuple[Directory, ...]:
        """What all workers stored of the pages of this visit; () where no page carries anything that is judged by directory."""
        rules, gathering = self._inspector.builds_on, Gathering(site, columns)
        if rules:
            async with aclosing(self._store.shown(closing.site, closing.campaign, rules)) as shown:
                await gathering.take(shown)
        return gathering.directories(await self._frontier.directories(closing)) if gathering else ()

    async def _carry(self, closing: Closing) -> None:
        """What stood on pages that this round did not read stands there still, and is of this round, too. Only where the host itself said
        that the page is as it was, was it seen now. What is built of such findings is judged anew.
        """
        shown = [pair async for pair in self._store.sightings(closing.site, closing.before)] if closing.before else []
        unread = await self._frontier.unread(closing, list({url for _, url in shown}))
        pages: dict[str, list[str]] = defaultdict(list)
        for finding, url in shown:
            if url in unread:
                pages[finding].append(url)
        now = utc_now()
        for finding, urls in pages.items():
            record = await self._store.finding(finding)
            if record and record.state is not State.RESOLVED and record.finding.rule.id not in self._inspector.builders:
                await self._store.confirm(
                    [lifecycle.carried(record, url, closing.campaign, now if unread[url] else record.last_seen) for url in urls]
                )

    async def _settle(self, closing: Closing, assignment: Assignment, scripts: ScriptHosts) -> None:
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
                scripts=scripts,
            )
        )

    async def _open_findings(self, site: str) -> dict[str, int]:
        counts: dict[str, int] = {}
        for state in _OPEN_STATES:
            found = await self._store.count_findings(FindingQuery(site=site, state=state))
            for category, number in found.items():
                counts[category] = counts.get(category, 0) + number
        return counts
