"""The item pipelines: a visit is inspected, and what came of it is stored."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

from govcrawl.crawl.errand import errand_of
from govcrawl.crawl.services import Services, services_of
from govcrawl.crawl.spiders.site import failed_visit
from govcrawl.crawl.visit import Visit
from govcrawl.findings.model import Observation
from govcrawl.kit.clock import monotonic
from govcrawl.page.columns import column_of
from govcrawl.page.model import Page
from govcrawl.store.protocol import ColumnRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response


class InspectPipeline:
    """Runs every detector over the page."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._inspector = services.inspector
        self._extractors = services.extractors
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
            await self._bring(item, item.page)
        started = monotonic()
        lease, assignment = item.errand.lease, item.errand.assignment
        inspection = self._inspector.inspect(item.page, assignment.context)
        item.notes.observations += [
            Observation(finding, assignment.label, lease.campaign, item.at) for finding in inspection.findings
        ]
        for detector, fault in inspection.failed.items():
            item.not_inspected(detector, fault)
        if item.markup and (column := column_of(item.page)) is not None:
            item.notes.columns.append(ColumnRecord(lease.site, lease.campaign, item.at, column))
        for detector, spent in inspection.seconds.items():
            self.seconds[f"detectors/{detector}"] += spent
        self.seconds["inspect"] += monotonic() - started
        return item

    async def _bring(self, item: Visit, page: Page) -> None:
        """What is fetched beside the page."""
        started = monotonic()
        gaps = await self._services.sheets.bring(item.errand, page, item.sheets)
        gaps += await self._services.views.bring(item.errand, page, item.views)
        for url, what, reason in gaps:
            item.not_inspected(what, reason, url)
        self.seconds["waiting/beside"] += monotonic() - started

    async def _read_document(self, item: Visit, page: Page) -> None:
        """In a thread, because the reader works in a process of its own and may take its time."""
        extract = partial(self._extractors.extract, page.body, page.url, page.headers.get("content-type", ""))
        extracted = await asyncio.get_running_loop().run_in_executor(None, extract)
        item.page = replace(page, extracted=extracted)
        for unread in extracted.not_inspected:
            item.not_inspected("attachment", unread.reason)


class StorePipeline:
    """Only what is durable is finished: the lease's result is set after the notes are stored."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(services_of(crawler))

    async def process_item(self, item: Visit) -> Visit:
        started = monotonic()
        await self._services.notebook.put(item.notes)
        self._services.seconds["waiting/store"] += monotonic() - started
        item.errand.result = item.result
        return item


class Mishaps:
    """A spider middleware: a page that breaks the spider is recorded as not inspected, and the worker goes on."""

    def process_spider_exception(self, response: "Response", exception: Exception) -> "Iterator[Visit]":
        yield failed_visit(errand_of(response.request), exception)  # type: ignore[arg-type]
