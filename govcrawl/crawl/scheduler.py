"""Scrapy's scheduler over the frontier."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import structs
from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.defer import Deferred

from govcrawl.crawl.concluding import Concluder
from govcrawl.crawl.desk import Desk
from govcrawl.crawl.errand import Errand, errand_of
from govcrawl.crawl.guest import GuestScheduler
from govcrawl.crawl.health import Health
from govcrawl.crawl.memory import Memory
from govcrawl.crawl.progress import watch
from govcrawl.crawl.pulse import Pulse
from govcrawl.crawl.services import Services, services_of
from govcrawl.crawl.spiders.site import SiteSpider
from govcrawl.crawl.watchdog import Watchdog
from govcrawl.frontier.model import Closing, Lease, Outcome, Reason, Result

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

log = logging.getLogger(__name__)


class Scheduler(BaseScheduler):
    """The methods that Scrapy calls touch only local queues; the network is in the loops of the desk."""

    def __init__(self, crawler: "Crawler", services: Services) -> None:
        self._crawler, self._services = crawler, services
        self._ready: deque[Request] = deque()
        self._stopping: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> BaseScheduler:  # type: ignore[override] # Scrapy calls it by duck typing
        """A project that sets SCHEDULER alone, with a spider of its own, gets the frontier without the inspection."""
        if crawler.get_addon(Services) is None:
            return GuestScheduler.from_crawler(crawler)
        return cls(crawler, services_of(crawler))

    def open(self, spider: Spider) -> Deferred[None]:
        if not isinstance(spider, SiteSpider):
            raise TypeError(f"{type(spider).__name__} is not the site spider")
        self._spider = spider
        watch(self._crawler, self._left)
        return deferred_from_coro(self._open())

    async def _open(self) -> None:
        services = self._services
        await services.open()
        self._concluder = Concluder(services)
        options = services.options
        self.desk = Desk(services.frontier, self, options.worker, options.slots, options.heartbeat_seconds)
        self.pulse = Pulse(self.desk, services.notebook, options.report_seconds)
        self.memory = Memory(options.memory_bytes, self.desk.tally, self._start_afresh)
        self.watchdog = Watchdog(services.study, options.stuck_seconds)
        self.health = Health(self.desk, self.pulse, services.seconds)
        if options.health_port is not None:
            await self.health.open(options.health_host, options.health_port)
        # Leases that came before the engine runs would be lost on it.
        self._crawler.signals.connect(self.desk.open, signals.spider_opened)
        self._crawler.signals.connect(self.pulse.open, signals.spider_opened)
        self._crawler.signals.connect(self.memory.open, signals.spider_opened)
        self._crawler.signals.connect(self.watchdog.open, signals.spider_opened)

    def close(self, reason: str) -> Deferred[None]:  # noqa: ARG002 - Scrapy's signature
        return deferred_from_coro(self._close())

    async def _close(self) -> None:
        # Scrapy closes what never opened, too.
        if self._services.opened:
            await self.health.close()
            await self.pulse.close()
            await self.memory.close()
            await self.watchdog.close()
            for request in self._ready:
                self.desk.untake(errand_of(request).lease)
            self._ready.clear()
            await self.desk.close()
            await self._services.close()

    # What Scrapy calls.

    def has_pending_requests(self) -> bool:
        """True until the worker is told to stop: work may come from anywhere at any time."""
        return self._stopping is None

    def next_request(self) -> Request | None:
        if self._ready:
            return self._ready.popleft()
        while lease := self.desk.take():
            if request := self._request(lease):
                return request
        return None

    def enqueue_request(self, request: Request) -> bool:
        """Only our own wake-up call comes this way."""
        self._ready.append(request)
        return True

    def _request(self, lease: Lease) -> Request | None:
        assignment = self._services.assignments.known(lease.campaign, lease.site)
        if assignment is None:
            self.desk.put(Result(lease, Outcome.DEAD, Reason.BAD_RECORD))
            return None
        return Errand(lease, assignment).request(self._spider.failed)

    def _left(self, request: Request) -> None:
        result = errand_of(request).outcome
        if self._services.options.by_address:
            result = structs.replace(result, address=self._services.fetcher.address_of(result.lease.url))
        self.desk.put(result)

    # What the desk asks for.

    def free(self) -> int:
        return self._services.options.slots - len(self._crawler.engine.downloader.active) - len(self._ready)

    async def admit(self, leases: Sequence[Lease]) -> Sequence[Result | None]:
        for lease in leases:
            await self._services.assignments.of(lease.campaign, lease.site)
        return await self._services.robots.forbidden(leases)

    async def conclude(self, closing: Closing) -> None:
        await self._concluder.conclude(closing)

    def ready(self) -> None:
        # `crawl` is the public call that wakes the engine; it comes back through enqueue_request.
        if request := self.next_request():
            self._crawler.engine.crawl(request)

    def idle(self) -> None:
        if self._services.options.until_idle:
            self._stop("finished")

    def _start_afresh(self) -> None:
        self._services.afresh = True
        self._stop("memory")

    def _stop(self, reason: str) -> None:
        if self._stopping is None:
            self._stopping = asyncio.create_task(self._crawler.engine.close_spider_async(reason=reason))
