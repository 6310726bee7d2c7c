"""Where the short links in QR codes lead, each asked for once a fleet and day."""

import asyncio
from hashlib import blake2b
from itertools import chain, islice

from govcrawl.crawl.answers import is_redirect
from govcrawl.crawl.beside import Beside
from govcrawl.crawl.errand import Errand
from govcrawl.crawl.fetching import FetchError
from govcrawl.crawl.patience import patiently
from govcrawl.detectors.dark_links.short_links import is_short
from govcrawl.frontier.model import Reason
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.kept import Kept
from govcrawl.kit.urls import resolve
from govcrawl.page.model import Page

_LOOK_SECONDS = 20.0  # waiting for turns included
_MOST_BYTES = 64 * 1024  # of an answer that should have none
_HOPS = 3  # from one service to the next
_LONGEST = 2_000  # of an address that is kept
_HEARD_SECONDS = 600.0
_HEARD = 20_000
Gap = tuple[str, str, str]


class ShortLinks:
    """`most` of a page are asked for; 0 none. Only the services of short links themselves are: what stands behind them is a stranger, of
    whose domain the lookout sees what is to be seen. Their looks are counted with those at strangers.
    """

    def __init__(self, frontier: Frontier, beside: Beside, most: int) -> None:
        self._frontier, self._beside, self._most = frontier, beside, most
        self._heard: Kept[str, str] = Kept(_HEARD, _HEARD_SECONDS)

    async def bring(self, errand: Errand, page: Page, leads: dict[str, str]) -> list[Gap]:
        """Fills `leads`. Returns what was not inspected: address, what, reason."""
        gaps: list[Gap] = []
        named = dict.fromkeys(filter(is_short, chain.from_iterable(page.codes.values())))
        for url in islice(named, self._most):
            if not self._heard.fresh(url):
                self._heard.put(url, await self._target(errand, page.domain, url, gaps))
            if target := self._heard.get(url):
                leads[url] = target
        return gaps

    async def _target(self, errand: Errand, site: str, url: str, gaps: list[Gap]) -> str:
        """As the fleet knows it; "" where it leads nowhere, or nobody could find out."""
        name = f"link:{blake2b(url.encode('utf-8', 'replace'), digest_size=16).hexdigest()}"
        (known,) = await patiently(lambda: self._frontier.look(site, [name], 1))
        if known is not None:
            return known
        target = ""
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                target = await self._followed(errand, url)
        except FetchError as fault:
            gaps.append((url, "short link", fault.reason.value))
        except TimeoutError:
            gaps.append((url, "short link", Reason.TIMEOUT.value))
        return await patiently(lambda: self._frontier.saw(name, target))

    async def _followed(self, errand: Errand, url: str) -> str:
        for _ in range(_HOPS):
            fetched = await self._beside.fetch(errand, url, max_bytes=_MOST_BYTES)
            target = resolve(url, fetched.headers["location"].strip()) if is_redirect(fetched) else None
            if target is None or not is_short(target):
                return target if target and len(target) <= _LONGEST else ""
            url = target
        return ""
