"""Requests made beside a page while its lease is held, each at the pace of its host."""

import asyncio
from collections.abc import Awaitable, Callable

from govcrawl.crawl.answers import wait_seconds
from govcrawl.crawl.deeds import deed_of
from govcrawl.crawl.errand import Errand
from govcrawl.crawl.fetching import Fetched, Fetcher, FetchError
from govcrawl.crawl.identity import ROBOTS_TOKEN
from govcrawl.crawl.patience import patiently
from govcrawl.crawl.robots import Robots, rules_in
from govcrawl.frontier.model import Reason
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.clock import monotonic
from govcrawl.kit.urls import host_of

# Longer than any delay of a host (its robots.txt may ask for a minute); beyond it stand hosts that sent us away.
_LONGEST_WAIT_SECONDS = 90.0
_THROTTLE_SECONDS = 60.0


class Beside:
    """The lease keeps other workers off the host; the frontier gives out the moments, so that its delay holds over all of them."""

    def __init__(self, frontier: Frontier, robots: Robots, fetcher: Fetcher) -> None:
        self._frontier, self._robots, self._fetcher = frontier, robots, fetcher

    async def fetch(
        self, errand: Errand, url: str, headers: dict[str, str] | None = None, max_bytes: int | None = None
    ) -> Fetched:
        """Raises FetchError and nothing else; `robots` and `throttled` are reasons of it too, and `forbidden_address` of a deed."""
        if deed := deed_of(url):
            raise FetchError(Reason.FORBIDDEN_ADDRESS, f"not asked for: {deed}")
        if not await self._allowed(errand, url):
            raise FetchError(Reason.ROBOTS)
        return await self._ask(errand, url, headers, max_bytes)

    async def peek(self, errand: Errand, method: str, url: str, headers: dict[str, str], most: int) -> Fetched:
        """As `fetch`, the first `most` bytes of any answer; within robots.txt, whatever an inspection is mandated to."""
        if not await self._allowed(errand, url, strictly=True):
            raise FetchError(Reason.ROBOTS)
        return await self._in_turn(errand, url, lambda: self._fetcher.peek(method, url, headers, most))

    async def _allowed(self, errand: Errand, url: str, *, strictly: bool = False) -> bool:
        host = host_of(url)
        rules = await patiently(lambda: self._robots.rules(host))
        if rules is None and host != errand.lease.host and not await patiently(lambda: self._robots.known(host)):
            # Another host of the site, where no page has been fetched yet.
            await self._learn(errand, f"{url.partition('://')[0]}://{host}/robots.txt")
            rules = await self._robots.rules(host)
        if strictly:
            return rules is None or rules.can_fetch(url, ROBOTS_TOKEN)
        return self._robots.permits(host, url, rules)

    async def _learn(self, errand: Errand, url: str) -> None:
        fetched = await self._ask(errand, url, None, None)
        if fetched.status >= 500 or fetched.status == 429:
            raise FetchError(Reason.ROBOTS)
        self._robots.learn(host_of(url), await rules_in(fetched))

    async def _ask(self, errand: Errand, url: str, headers: dict[str, str] | None, max_bytes: int | None) -> Fetched:
        return await self._in_turn(errand, url, lambda: self._fetcher.fetch(url, headers, max_bytes))

    async def _in_turn(self, errand: Errand, url: str, ask: Callable[[], Awaitable[Fetched]]) -> Fetched:
        host = host_of(url)
        await self._turn(errand, host)
        started = errand.asks(host)
        fetched = await ask()
        errand.asked[host] = (started, fetched.seconds)
        if fetched.status in (429, 503):
            errand.closed[host] = wait_seconds(fetched.headers.get("retry-after", "")) or _THROTTLE_SECONDS
        return fetched

    async def _turn(self, errand: Errand, host: str) -> None:
        """Waits for the host's next moment."""
        if host in errand.closed:
            raise FetchError(Reason.THROTTLED)
        started, took = errand.asked.get(host, (None, 0.0))
        wait = await patiently(
            lambda: self._frontier.reserve(
                errand.lease,
                host,
                longest_seconds=_LONGEST_WAIT_SECONDS,
                age_seconds=None if started is None else monotonic() - started,
                took_seconds=took,
            )
        )
        if wait is None:
            raise FetchError(Reason.THROTTLED)
        if wait:
            await asyncio.sleep(wait)
