"""Scrapy's download handler over aiohttp."""

from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.http import Response

from govcrawl.crawl.errand import errand_of
from govcrawl.crawl.fetching import Fetched
from govcrawl.crawl.revisits import conditions
from govcrawl.crawl.services import Services, services_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class FetchedResponse(Response):
    """`fetched` is the answer as it came, with plain header names: what our own spider reads."""

    fetched: Fetched


class PageDownloadHandler(BaseDownloadHandler):
    # Built with the first request, because an aiohttp session wants the running loop.
    lazy = True

    def __init__(self, crawler: "Crawler", services: Services) -> None:
        super().__init__(crawler)
        self._services, self._fetcher = services, services.fetcher

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        return cls(crawler, services_of(crawler))

    async def download_request(self, request: Request) -> Response:
        errand = errand_of(request)
        # Now, not when it was claimed: the host's delay is counted from what the host sees.
        started = errand.asks(errand.lease.host)
        headers = conditions(errand.lease, self._services.judged_by) if errand.lease.judged_by else None
        errand.conditional = bool(headers)
        fetched = await self._fetcher.fetch(request.url, headers)
        errand.asked[errand.lease.host] = (started, fetched.seconds)
        response = FetchedResponse(fetched.url, fetched.status, dict(fetched.headers), fetched.body, request=request)
        response.fetched = fetched
        return response

    async def close(self) -> None:
        await self._fetcher.aclose()
