"""The frontier as a Scrapy project that is not ours uses it: one site without a home page, and a parcel for every request."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from govcrawl.frontier.keys import prefix
from govcrawl.frontier.model import Campaign, Child
from govcrawl.frontier.offers import groups_of
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.frontier.server import Script
from govcrawl.frontier.wire import site_line
from govcrawl.kit.clock import utc_now
from govcrawl.sites.model import Site

_SITE = "project"
_PREFIX = prefix(0)


class Guests:
    """Everything that one spider, on any number of workers, has in the frontier. A parcel is opaque here: bytes by the key of a Child.

    Parcels are stored before the pages that need them and dropped after: a crash leaves a parcel too many, never one too few.
    """

    def __init__(self, frontier: RedisFrontier, spider: str) -> None:
        self.frontier, self.campaign = frontier, f"spider:{spider}"
        self._line = site_line(Site(_SITE, "http://spider.invalid/"))
        self._offer = Script("offer")
        self._parcels = f"{_PREFIX}parcels:{self.campaign}"

    async def open(self, delay_seconds: float) -> None:
        """Raises FrontierUnreachable. `delay_seconds` is between two requests to a host, over all workers."""
        await self.frontier.start(Campaign(self.campaign, utc_now(), delay_seconds=delay_seconds), ())

    async def offer(self, pages: Sequence[Child], parcels: Mapping[str, bytes]) -> None:
        """Queues what nothing led to: start requests, seeds."""
        await self.stow(parcels)
        server, groups = self.frontier.server, msgspec.msgpack.encode(groups_of(pages, 0))
        await server.run(self._offer, _PREFIX, self.frontier.limits, self.campaign, _SITE, self._line, groups)

    async def stow(self, parcels: Mapping[str, bytes]) -> None:
        if parcels:
            server = self.frontier.server
            await server.ask(lambda: server.client.hset(self._parcels, mapping=parcels))

    async def parcels(self, keys: Sequence[str]) -> list[bytes | None]:
        """In the order of the keys; None where there is none (any more)."""
        server = self.frontier.server
        return list(await server.ask(lambda: server.client.hmget(self._parcels, list(keys)))) if keys else []

    async def drop(self, keys: Iterable[str]) -> None:
        gone = list(keys)
        if gone:
            server = self.frontier.server
            await server.ask(lambda: server.client.hdel(self._parcels, *gone))
