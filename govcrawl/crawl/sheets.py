"""The style sheets of a page, brought before it is inspected."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from govcrawl.crawl.answers import is_redirect, reason_of_status
from govcrawl.crawl.beside import Beside
from govcrawl.crawl.errand import Errand
from govcrawl.crawl.fetching import Fetched, FetchError
from govcrawl.crawl.links import hosts_of
from govcrawl.crawl.patience import patiently
from govcrawl.crawl.sheet_cache import SheetCache
from govcrawl.crawl.study import Study
from govcrawl.frontier.model import Reason, StoredSheet
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.urls import host_of, resolve
from govcrawl.page.condensed import condensed
from govcrawl.page.decode import decode
from govcrawl.page.linked_sheets import imported_sheets, linked_sheets
from govcrawl.page.model import Page

MAX_BYTES = 512 * 1024
MAX_FETCHES = 8  # for one page; a site with more has the others with its next pages
MAX_SHEETS = 24  # of one page, of which the workers have most already
_PAGE_SECONDS = 120.0  # waiting for turns included: two sheets at the longest crawl-delay
_LOOK_AGAIN_SECONDS = 0.25
_HOPS = 3
_GONE = (404, 410)
_CHARSET = re.compile(rb"""\s*@charset\s+["']([\w.:-]{2,40})["']""", re.IGNORECASE)
_WHAT = "style sheet"
# Of this page or this minute, not of the sheet: the next page may look again.
_PASSING = (Reason.BUDGET, Reason.THROTTLED, Reason.LEASE_EXPIRED)


@dataclass(slots=True)
class Wanted:
    """One page that waits for its sheets."""

    errand: Errand
    page: Page
    hosts: frozenset[str]
    texts: dict[str, str]
    fetches_left: int = MAX_FETCHES
    left_out: bool = False
    missing: dict[str, Reason] = field(default_factory=dict)  # failures that this worker just learned of

    def ours(self, urls: Iterable[str]) -> list[str]:
        room = max(0, MAX_SHEETS - len(self.texts) - len(self.missing))
        return [url for url in dict.fromkeys(urls) if host_of(url) in self.hosts and url not in self.texts][:room]


class Sheets:
    """Each address is fetched once a campaign, by one worker; what could not be had is told and holds up nothing."""

    def __init__(self, frontier: Frontier, beside: Beside, study: Study, cache: SheetCache | None = None) -> None:
        self._frontier, self._beside, self._study = frontier, beside, study
        self._cache = cache or SheetCache()

    async def bring(self, errand: Errand, page: Page, texts: dict[str, str]) -> list[tuple[str, str, str]]:
        """Fills `texts` by address. Returns what was not inspected for it: address, what, reason."""
        links = await self._study.ask(page, partial(linked_sheets, page))
        wanted = Wanted(errand, page, hosts_of(errand.lease, errand.assignment), texts) if links else None
        if wanted is None or not (urls := wanted.ours(links)):
            return []
        # Most pages have the sheets of those before them.
        unknown = self._unknown(wanted, urls) or self._unknown(wanted, wanted.ours(_imports(texts)))
        if not unknown:
            return self._gaps(wanted)
        try:
            async with asyncio.timeout(_PAGE_SECONDS):
                await self._bring(wanted, unknown)
                await self._bring(wanted, self._unknown(wanted, wanted.ours(_imports(texts))))
        except TimeoutError:
            return self._gaps(wanted, Reason.TIMEOUT.value)
        return self._gaps(wanted)

    def _gaps(self, wanted: Wanted, cut: str = "") -> list[tuple[str, str, str]]:
        site = wanted.errand.assignment.site
        budget = Reason.BUDGET in wanted.missing.values()
        gaps = [(url, _WHAT, reason.value) for url, reason in wanted.missing.items() if reason is not Reason.BUDGET]
        # Once for the site: where every page has an address of its own, a line each would be as many as there are pages.
        gaps += [(site.url, _WHAT, "more style sheets than a site may have fetched")] if budget else []
        if cut or wanted.left_out:
            gaps.append((wanted.page.url, _WHAT, cut or "more style sheets than are fetched for one page"))
        return gaps

    def _unknown(self, wanted: Wanted, urls: Sequence[str]) -> list[str]:
        """Those of the addresses that this worker has not met; the texts of the others are the page's."""
        return [url for url in urls if not self._from_cache(wanted, url)]

    async def _bring(self, wanted: Wanted, unknown: Sequence[str]) -> None:
        lease = wanted.errand.lease
        if not unknown:
            return
        stored = await patiently(lambda: self._frontier.sheets(lease, unknown))
        for url, sheet in zip(unknown, stored, strict=True):
            if sheet or wanted.fetches_left:
                self._learn(wanted, url, sheet or await self._had(wanted, url))
            else:
                wanted.left_out = True

    def _from_cache(self, wanted: Wanted, url: str) -> bool:
        sheet = self._cache.get(wanted.errand.lease.campaign, url)
        if sheet is not None and sheet.text is not None:
            wanted.texts[url] = sheet.text
        return sheet is not None

    def _learn(self, wanted: Wanted, url: str, sheet: StoredSheet) -> None:
        if sheet.reason not in _PASSING:
            self._cache.put(wanted.errand.lease.campaign, url, sheet)
        if sheet.reason is not None:
            wanted.missing[url] = sheet.reason
        elif not self._from_cache(wanted, url):
            wanted.texts[url] = sheet.text or ""

    async def _had(self, wanted: Wanted, url: str) -> StoredSheet:
        """Fetched by us, or waited for while another worker fetches it."""
        lease = wanted.errand.lease
        while True:
            held = await patiently(lambda: self._frontier.hold_sheet(lease, url))
            if held is None:
                return await self._fetch(wanted, url)
            if not held.pending:
                return held
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            (stored,) = await patiently(lambda: self._frontier.sheets(lease, [url]))
            if stored is not None:
                return stored

    async def _fetch(self, wanted: Wanted, url: str) -> StoredSheet:
        wanted.fetches_left -= 1
        try:
            text = _read(await self._follow(wanted, url), wanted.page.encoding)
            sheet = StoredSheet(await self._study.read(len(text), partial(condensed, text)))
        except FetchError as fault:
            sheet = StoredSheet(reason=fault.reason)
        await patiently(lambda: self._frontier.put_sheet(wanted.errand.lease, url, sheet))
        return sheet

    async def _follow(self, wanted: Wanted, url: str) -> Fetched:
        for _ in range(_HOPS):
            fetched = await self._beside.fetch(wanted.errand, url, max_bytes=MAX_BYTES)
            if not is_redirect(fetched):
                return fetched
            url = resolve(url, fetched.headers["location"].strip()) or ""
            if host_of(url) not in wanted.hosts:
                break
        raise FetchError(Reason.BAD_RESPONSE)


def _imports(texts: dict[str, str]) -> list[str]:
    return [imported for url, text in texts.items() for imported in imported_sheets(text, url)]


def _read(fetched: Fetched, page_encoding: str) -> str:
    if fetched.status in _GONE:
        # A browser has none either: the page looks as it does without.
        return ""
    if fetched.status != 200:
        raise FetchError(reason_of_status(fetched.status))
    declared = _CHARSET.match(fetched.body)
    labels = [fetched.headers.get("content-type", ""), f"charset={declared[1].decode('ascii')}" if declared else ""]
    text = decode(fetched.body, "; ".join([*labels, f"charset={page_encoding}"])).text
    # An error page under status 200.
    return "" if text.lstrip()[:1] == "<" and "<!--" not in text[:100] else text
