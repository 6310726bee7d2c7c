"""Scrapy's download handler over aiohttp."""

from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Response

from govcrawl.crawl.errand import errand_of
from govcrawl.crawl.fetching import Fetched, Fetcher
from govcrawl.crawl.identity import user_agent
from govcrawl.crawl.services import services_of
from govcrawl.kit.clock import monotonic

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class FetchedResponse(Response):
    """`fetched` is the answer as it came, with plain header names: what our own spider reads."""

    fetched: Fetched


class PageDownloadHandler(BaseDownloadHandler):
    # Built with the first request, because an aiohttp session wants the running loop.
    lazy = True

    def __init__(self, crawler: "Crawler", fetcher: Fetcher) -> None:
        super().__init__(crawler)
        self._fetcher = fetcher

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        options = services_of(crawler).options
        fetcher = Fetcher(
            user_agent(options.contact), options.limits, options.proxies, options.allow_networks, slots=options.slots
        )
        return cls(crawler, fetcher)

    async def download_request(self, request: Request) -> Response:
        # Now, not when it was claimed: the host's delay is counted from what the host sees.
        errand_of(request).started = monotonic()
        fetched = await self._fetcher.fetch(request.url)
        response = FetchedResponse(fetched.url, fetched.status, dict(fetched.headers), fetched.body, request=request)
        response.fetched = fetched
        return response

    async def close(self) -> None:
        await self._fetcher.aclose()
