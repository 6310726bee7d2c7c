"""The frontier as the scheduler of any Scrapy project: SCHEDULER = "govcrawl.crawl.scheduler.Scheduler", and nothing else."""

import asyncio
import logging
import os
import secrets
import socket
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from scrapy import Request, Spider, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.defer import Deferred

from govcrawl.crawl.desk import Desk
from govcrawl.crawl.guest_visit import GuestVisit, parent_of, visit_of
from govcrawl.crawl.loops import ended, endless
from govcrawl.crawl.parcels import BadParcel, packed, unpacked
from govcrawl.crawl.patience import patiently
from govcrawl.crawl.progress import watch
from govcrawl.crawl.redis_settings import redis_url
from govcrawl.frontier.guests import Guests
from govcrawl.frontier.model import Child, Closing, Lease, Outcome, PageClass, Reason, Result
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

log = logging.getLogger(__name__)

_OFFER_SECONDS = 0.05  # requests that come together travel together
_LAST_WORDS_SECONDS = 10.0


class GuestScheduler(BaseScheduler):
    """Requests of the spider's callbacks travel with the page that led to them, in one atomic call; the others are offered at once.

    Retries and redirects stay with the worker that holds their page. Robots.txt, retries and middlewares remain Scrapy's.
    """

    def __init__(self, crawler: "Crawler", frontier: RedisFrontier) -> None:
        self._crawler, self._frontier = crawler, frontier
        self._slots = crawler.settings.getint("CONCURRENT_REQUESTS")
        self._ready: deque[Request] = deque()
        self._orphans: dict[str, tuple[Child, bytes]] = {}
        self._requests: dict[str, Request] = {}  # by token: claimed and unpacked
        self._used: dict[str, str] = {}  # token to key of parcels that may go once the frontier has the result
        self._lost = 0
        self._delivering: set[asyncio.Task[None]] = set()
        self._offered = asyncio.Event()
        self._over = asyncio.Event()
        self._quiet = False
        self._fresh = 0  # claims before this one may not know yet what was offered

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        settings = crawler.settings
        politeness = Politeness(in_flight=settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        return cls(crawler, RedisFrontier.from_url(redis_url(settings), politeness=politeness))

    def open(self, spider: Spider) -> Deferred[None]:
        self._spider = spider
        watch(self._crawler, self._left)
        return deferred_from_coro(self._open())

    async def _open(self) -> None:
        self._guests = Guests(self._frontier, self._spider.name)
        await self._guests.open(self._crawler.settings.getfloat("DOWNLOAD_DELAY"))
        worker = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        self.desk = Desk(self._frontier, self, worker, self._slots)
        self._offering = endless(self._offer_loop())
        self._crawler.signals.connect(self.desk.open, signals.spider_opened)

    def close(self, reason: str) -> Deferred[None]:
        return deferred_from_coro(self._close(reason))

    async def _close(self, reason: str) -> None:
        await ended([self._offering])
        try:
            async with asyncio.timeout(_LAST_WORDS_SECONDS):  # a Redis that is away must not keep the process
                await asyncio.gather(*self._delivering)
                await self._offer()
                if reason == "finished" and self._quiet:
                    self._over.set()
                    await self.desk.concluded()
        except TimeoutError:
            log.warning("the frontier did not take the last words; what was under way comes back when its lease runs out")
        for request in self._ready:
            if visit := visit_of(request):
                self.desk.untake(visit.lease)
        await self.desk.close()
        await self._frontier.aclose()

    # What Scrapy calls.

    def has_pending_requests(self) -> bool:
        return bool(self._ready or self._orphans or self._delivering) or not self._quiet

    def enqueue_request(self, request: Request) -> bool:
        if visit := visit_of(request):
            visit.live += 1
            self._ready.append(request)
            return True
        parent = parent_of(request)
        try:
            parcel = packed(request, self._spider)
        except BadParcel as fault:
            log.warning("a request cannot be queued and is dropped: %s: %s", request.url, fault)
            return False
        child = Child(request.url, _class_of(request.priority), self._key(request))
        if parent is not None:
            parent.children.append(child)
            parent.parcels[child.key] = parcel
        else:
            self._orphans[child.key] = (child, parcel)
            self._offered.set()
        return True

    def next_request(self) -> Request | None:
        if self._ready:
            return self._ready.popleft()
        request = self._claimed()
        if request is not None and (visit := visit_of(request)):
            visit.live += 1
        return request

    def _claimed(self) -> Request | None:
        lease = self.desk.take()
        if lease is None:
            return None
        request = self._requests.pop(lease.token, None) or Request(lease.url)
        return GuestVisit(lease).sent(request, self._spider)

    def _key(self, request: Request) -> str:
        """Scrapy's own word for what is the same request; one that is not to be filtered is never the same."""
        fingerprint = self._crawler.request_fingerprinter.fingerprint(request).hex()
        return f"{fingerprint}{secrets.token_hex(4)}" if request.dont_filter else fingerprint

    def _left(self, request: Request) -> None:
        visit = visit_of(request)
        if visit is None:
            return
        visit.live -= 1
        if visit.live == 0:
            task = asyncio.ensure_future(self._deliver(visit))
            self._delivering.add(task)
            task.add_done_callback(self._delivering.discard)

    async def _deliver(self, visit: GuestVisit) -> None:
        await patiently(lambda: self._guests.stow(visit.parcels))
        if visit.outcome is not Outcome.RETRY:
            self._used[visit.lease.token] = visit.lease.key
        self.desk.put(visit.result())

    async def _offer_loop(self) -> None:
        while True:
            await self._offered.wait()
            await asyncio.sleep(_OFFER_SECONDS)
            self._offered.clear()
            await self._offer()

    async def _offer(self) -> None:
        batch = dict(self._orphans)
        if not batch:
            return
        pages, parcels = [child for child, _ in batch.values()], {key: parcel for key, (_, parcel) in batch.items()}
        await patiently(lambda: self._guests.offer(pages, parcels))
        self._quiet, self._fresh = False, self.desk.tally.claims + 2
        for key in batch:
            del self._orphans[key]

    # What the desk asks for.

    def free(self) -> int:
        return self._slots - len(self._crawler.engine.downloader.active) - len(self._ready)

    async def admit(self, leases: Sequence[Lease]) -> Sequence[Result | None]:
        """Scrapy's own middleware asks for robots.txt: the frontier is told that nothing is forbidden, without a request."""
        pages = [lease for lease in leases if lease.page_class is not PageClass.ROBOTS]
        parcels = await self._guests.parcels([lease.key for lease in pages])
        bad = {
            lease.token
            for lease, parcel in zip(pages, parcels, strict=True)
            if parcel is not None and not self._unpack(lease, parcel)
        }
        await self._drop_used()
        return [_answer(lease, bad) for lease in leases]

    def _unpack(self, lease: Lease, parcel: bytes) -> bool:
        try:
            self._requests[lease.token] = unpacked(parcel, self._spider)
        except BadParcel as fault:
            log.warning("a queued request cannot be read and goes to the dead letters: %s: %s", lease.url, fault)
            return False
        return True

    async def _drop_used(self) -> None:
        gone = [self._used.pop(token) for token in [*self._used] if not self.desk.holds(token)]
        if self.desk.tally.lost == self._lost:
            await self._guests.drop(gone)
        # A lease that ran out is another worker's now, which needs the parcel: which one it was is not told.
        self._lost = self.desk.tally.lost

    async def conclude(self, closing: Closing) -> None:  # noqa: ARG002 - as the desk calls it
        """Nothing is left anywhere: the spider may go idle. Its seen-set is kept until it is finished, so that seeds may still come."""
        if self.desk.tally.claims >= self._fresh:
            self._quiet = True
            await self._over.wait()

    def ready(self) -> None:
        if not self._ready and (request := self._claimed()):
            self._crawler.engine.crawl(request)

    def idle(self) -> None:
        if self.desk.tally.claims >= self._fresh:
            self._quiet = True


def _class_of(priority: int) -> PageClass:
    """Scrapy's priorities in the four ranks of the frontier: 2 and more, 1, 0, below."""
    if priority > 0:
        return PageClass.COLUMN if priority > 1 else PageClass.ARTICLE
    return PageClass.OTHER if priority < 0 else PageClass.ATTACHMENT


def _answer(lease: Lease, bad: set[str]) -> Result | None:
    if lease.page_class is PageClass.ROBOTS:
        return Result(lease, Outcome.DONE, Reason.ROBOTS, robots="")
    return Result(lease, Outcome.DEAD, Reason.BAD_RECORD) if lease.token in bad else None
