"""The item pipelines: a visit is inspected, and what came of it is stored."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

from govcrawl.crawl.announced import lead_to_feeds
from govcrawl.crawl.depth import bound
from govcrawl.crawl.errand import errand_of
from govcrawl.crawl.links import listed_children
from govcrawl.crawl.records import Gap
from govcrawl.crawl.revisits import settled
from govcrawl.crawl.services import Services, services_of
from govcrawl.crawl.spiders.site import failed_visit
from govcrawl.crawl.visit import Visit
from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspection
from govcrawl.findings.model import Category
from govcrawl.frontier.rounds import round_in
from govcrawl.kit.clock import monotonic
from govcrawl.kit.kept import Kept
from govcrawl.page.columns import column_of
from govcrawl.page.feeds import feed_column
from govcrawl.page.later_pages import later_page
from govcrawl.page.model import Page
from govcrawl.sites.model import Column
from govcrawl.store.protocol import ColumnRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response


# Whoever switches the detectors of columns off does not ask for columns either; to read one costs as much as all other detectors. So it
# is with the looks of a page, which only those of dark links judge.
_OF_COLUMNS = (Category.STALE_COLUMN, Category.BLANK_COLUMN)
_MOST_LEFT = 50  # links of one page; a list that can be edited has as many as lines
_REMEMBERED = 50_000


class InspectPipeline:
    """Runs every detector over the page."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._inspector = services.inspector
        self._keeps_columns = services.inspector.looks_for(*_OF_COLUMNS)
        self._looks = services.inspector.looks_for(Category.DARK_LINK)
        self._told: Kept[tuple[str, str, str], bool] = Kept(_REMEMBERED)
        self.seconds = services.seconds

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(services_of(crawler))

    async def process_item(self, item: Visit) -> Visit:
        if item.page is None:
            return item
        if item.page.is_document:
            await self._read_document(item, item.page)
        elif item.markup and item.page.status == 200:
            self._tell_left(item)
            await self._bring(item, item.page)
        lease, assignment = item.errand.lease, item.errand.assignment
        seen = item.markup and self._looks
        context = await self._services.strangers.known(item, item.page) if seen else assignment.context
        inspection, column, seconds = await self._services.study.go_on(
            item.page, partial(self._judge, item.page, context, item.markup)
        )
        await self._note(item, item.page, inspection, seen=seen)
        if column is not None:
            item.notes.columns.append(ColumnRecord(lease.site, lease.campaign, item.at, column))
            lead_to_feeds(item, item.page, column)
        self.seconds["inspect"] += seconds
        # What kind of page it is was found out with its columns.
        if item.markup and item.page.status == 200 and self._keeps_columns:
            await self._services.soft_errors.judge(item)
        return item

    async def _note(self, item: Visit, page: Page, inspection: Inspection, *, seen: bool) -> None:
        item.note(inspection)
        if seen and page.status == 200:
            await self._services.loads.tell(item, page, inspection.findings)
        for detector, spent in inspection.seconds.items():
            self.seconds[f"detectors/{detector}"] += spent

    def _judge(self, page: Page, context: Context, markup: bool) -> tuple[Inspection, Column | None, float]:
        started = monotonic()
        inspection = self._inspector.inspect(page, context)
        column = _column(page) if markup and self._keeps_columns else None
        return inspection, column, monotonic() - started

    def _tell_left(self, item: Visit) -> None:
        """Once: the link out of a session stands on every page."""
        lease = item.errand.lease
        for url, deed in list(item.left.items())[:_MOST_LEFT]:
            if (place := (lease.campaign, lease.site, url)) not in self._told:
                self._told.put(place, True)
                item.not_inspected("link", f"not followed: {deed}", url)

    async def _bring(self, item: Visit, page: Page) -> None:
        """What is fetched beside the page."""
        started = monotonic()
        gaps: list[Gap] = []
        if self._looks:
            gaps += await self._services.sheets.bring(item.errand, page, item.sheets)
            gaps += await self._services.views.bring(item.errand, page, item.views)
            gaps += await self._services.codes.bring(item.errand, page, item.codes)
            gaps += await self._services.short_links.bring(item.errand, page, item.leads)
        gaps += await self._services.probing.bring(item, page)
        if self._looks or self._keeps_columns:
            await self._services.announced.bring(item, page)
        gaps += await self._bring_list(item, page)
        for url, what, reason in gaps:
            item.not_inspected(what, reason, url)
        self.seconds["waiting/beside"] += monotonic() - started

    async def _bring_list(self, item: Visit, page: Page) -> list[Gap]:
        """A list that scripts fill from data: its entries are read from the answers, and where they lead is visited."""
        lease, assignment = item.errand.lease, item.errand.assignment
        answers, gaps = await self._services.list_data.bring(item.errand, page)
        if answers:
            item.page = replace(page, answers=answers)
            page.forget()
            listed = await self._services.study.go_on(
                item.page, partial(listed_children, item.page, lease, assignment, self._services.options.visits)
            )
            item.lead(listed)
        return gaps

    async def _read_document(self, item: Visit, page: Page) -> None:
        extracted = await self._services.readings.of(page.body, page.url)
        item.page = replace(page, extracted=extracted)
        for unread in extracted.not_inspected:
            # The path leads to the file within the file.
            inside = unread.path.partition("/")[2]
            item.not_inspected("attachment", f"{inside}: {unread.reason}" if inside else unread.reason)


def _column(page: Page) -> Column | None:
    """A column, or what adds to one."""
    return feed_column(page) if page.feed else column_of(page) or later_page(page)


class StorePipeline:
    """Only what is durable is finished: the lease's result is set after the notes are stored."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(services_of(crawler))

    async def process_item(self, item: Visit) -> Visit:
        started = monotonic()
        bound(item, self._services.options.visits)
        if item.page and round_in(item.errand.lease.campaign):
            item.result = await self._services.study.ask(item.page, partial(settled, item, item.page, self._services.judged_by))
        await self._services.notebook.put(item.notes)
        await self._services.strangers.settle(item)
        await self._services.loads.settle(item)
        self._services.seconds["waiting/store"] += monotonic() - started
        if item.page:
            item.page.forget()
        item.errand.result = item.result
        return item


class Mishaps:
    """A spider middleware: a page that breaks the spider is recorded as not inspected, and the worker goes on."""

    def process_spider_exception(self, response: "Response", exception: Exception) -> "Iterator[Visit]":
        yield failed_visit(errand_of(response.request), exception)  # type: ignore[arg-type]
