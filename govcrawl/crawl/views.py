"""A few pages of each site, fetched once more as other visitors see them."""

import asyncio
from collections.abc import MutableSequence
from dataclasses import replace

from govcrawl.crawl.answers import is_markup, is_redirect, reason_of_status
from govcrawl.crawl.beside import Beside
from govcrawl.crawl.errand import Errand
from govcrawl.crawl.fetching import FetchError
from govcrawl.crawl.links import hosts_of
from govcrawl.crawl.patience import patiently
from govcrawl.frontier.model import PageClass
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.kept import Kept
from govcrawl.kit.urls import host_of, resolve
from govcrawl.page.model import Page
from govcrawl.page.views import View

_SEARCH = "https://www.baidu.com/link?url=5fTq"  # what a click in its result list sends: an opaque token
_DESKTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.0.0 Safari/537.36"
_MOBILE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1"
)
_SPIDER = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)"
# The first is the crawler itself once more: how much the page differs from itself.
PROFILES: tuple[tuple[str, dict[str, str]], ...] = (
    ("the crawler again", {}),
    ("Baiduspider", {"User-Agent": _SPIDER}),
    ("a mobile browser", {"User-Agent": _MOBILE}),
    ("a desktop browser from a search", {"User-Agent": _DESKTOP, "Referer": _SEARCH}),
    ("a mobile browser from a search", {"User-Agent": _MOBILE, "Referer": _SEARCH}),
)
_SAMPLED = (PageClass.HOME, PageClass.COLUMN)
_PAGE_SECONDS = 240.0  # waiting for turns included
_HOPS = 2
_REMEMBERED = 50_000
_WHAT = "cloaking"
Gap = tuple[str, str, str]


class Views:
    """`pages` of a site are sampled, over all workers; each costs a request a profile, and a hop or two where one is redirected.

    What hosts show by address (IP, region) cannot be seen from one place.
    """

    def __init__(self, frontier: Frontier, beside: Beside, pages: int) -> None:
        self._frontier, self._beside, self._pages = frontier, beside, pages
        self._finished: Kept[tuple[str, str], bool] = Kept(_REMEMBERED)

    async def bring(self, errand: Errand, page: Page, views: MutableSequence[View]) -> list[Gap]:
        """Fills `views`, the baseline first. Returns what was not inspected: address, what, reason."""
        if not self._pages or errand.lease.page_class not in _SAMPLED or not await self._drawn(errand):
            return []
        gaps: list[Gap] = []
        try:
            async with asyncio.timeout(_PAGE_SECONDS):
                await self._look(errand, page, views, gaps)
        except TimeoutError:
            gaps.append((page.url, _WHAT, "timeout"))
        return gaps

    async def _drawn(self, errand: Errand) -> bool:
        site = (errand.lease.campaign, errand.lease.site)
        if site in self._finished:
            return False
        if await patiently(lambda: self._frontier.draw(errand.lease, self._pages)):
            return True
        self._finished.put(site, True)
        return False

    async def _look(self, errand: Errand, page: Page, views: MutableSequence[View], gaps: list[Gap]) -> None:
        for who, headers in PROFILES:
            # Without a baseline there is nothing to compare with.
            if errand.lease.host in errand.closed or (gaps and not views):
                break
            try:
                views.append(await self._view(errand, page, who, headers))
            except FetchError as fault:
                gaps.append((page.url, _WHAT, f"{who}: {fault}"))

    async def _view(self, errand: Errand, page: Page, who: str, headers: dict[str, str]) -> View:
        hosts, url, arrived = hosts_of(errand.lease, errand.assignment), page.url, ""
        for hop in range(_HOPS + 1):
            fetched = await self._beside.fetch(errand, url, headers)
            target = resolve(url, fetched.headers["location"].strip()) if is_redirect(fetched) else None
            if target is None and fetched.status == 200 and is_markup(fetched):
                seen = replace(page, url=url, body=fetched.body, headers=fetched.headers, views=())
                return View(who, seen, arrived)
            if target is None:
                # A visitor in disguise who is turned away says nothing about the page.
                raise FetchError(reason_of_status(fetched.status), f"http {fetched.status}")
            url = arrived = target
            if host_of(target) not in hosts or hop == _HOPS:
                break
        # Where it leads off the site nobody follows: the address is what is judged.
        return View(who, replace(page, body=b"", views=()), arrived)
