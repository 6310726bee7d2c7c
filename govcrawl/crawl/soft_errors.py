"""Pages that say "not found" with status 200, known by what their host says to an address that cannot exist."""

import asyncio
from dataclasses import replace
from functools import partial
from hashlib import blake2b
from urllib.parse import urlsplit

from msgspec import structs

from govcrawl.crawl.answers import is_markup
from govcrawl.crawl.beside import Beside
from govcrawl.crawl.errand import Errand
from govcrawl.crawl.fetching import FetchError
from govcrawl.crawl.patience import patiently
from govcrawl.crawl.revisits import signature
from govcrawl.crawl.study import Study
from govcrawl.crawl.visit import Visit
from govcrawl.frontier.model import Outcome, PageClass, Reason, StoredSheet
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.kept import Kept
from govcrawl.page.model import Page
from govcrawl.page.values import PageKind

_NONE = "-"  # a host that tells by the status, or could not be asked
_SECONDS = 120.0  # waiting for the host's turn included
_KEPT = 20_000
_TELLING = 5  # characters of a path that stand for nothing else on a page


class SoftErrors:
    """Asks a host once a campaign, over all workers, and only where a page of it reads like an error. Home pages are what they are."""

    def __init__(self, frontier: Frontier, beside: Beside, study: Study) -> None:
        self._frontier, self._beside, self._study = frontier, beside, study
        self._known: Kept[str, str] = Kept(_KEPT)

    async def judge(self, visit: Visit) -> None:
        """Makes a page of the visit that is one of these a page that is not there; what was found on it stays."""
        page, lease, result = visit.page, visit.errand.lease, visit.result
        if (
            page is None
            or result.outcome is not Outcome.DONE
            or lease.page_class is PageClass.HOME
            or page.kind is not PageKind.ERROR
        ):
            return
        said = await self._study.ask(page, partial(_says, page))
        if said == await self._baseline(visit.errand, page):
            visit.notes.columns.clear()
            visit.result = structs.replace(result, outcome=Outcome.DEAD, reason=Reason.HTTP_4XX, status=404, children=())

    async def _baseline(self, errand: Errand, page: Page) -> str:
        url = _nowhere(errand)
        if known := self._known.get(url):
            return known
        (stored,) = await patiently(lambda: self._frontier.sheets(errand.lease, [url]))
        if stored is None or stored.pending:
            stored = await self._asked(errand, page, url)
        said = stored.text or _NONE
        self._known.put(url, said)
        return said

    async def _asked(self, errand: Errand, page: Page, url: str) -> StoredSheet:
        held = await patiently(lambda: self._frontier.hold_sheet(errand.lease, url))
        if held is not None:
            return StoredSheet(text=_NONE)
        said = StoredSheet(text=await self._said(errand, page, url))
        await patiently(lambda: self._frontier.put_sheet(errand.lease, url, said))
        return said

    async def _said(self, errand: Errand, page: Page, url: str) -> str:
        try:
            async with asyncio.timeout(_SECONDS):
                fetched = await self._beside.fetch(errand, url)
        except (FetchError, TimeoutError):
            return _NONE
        if fetched.status != 200 or not is_markup(fetched):
            return _NONE
        other = replace(page, url=url, body=fetched.body, headers=fetched.headers, sheets={}, views=(), answers={})
        return await self._study.read(len(fetched.body), partial(_says, other))


def _nowhere(errand: Errand) -> str:
    """An address that no site has, the same for all workers of a campaign."""
    lease = errand.lease
    word = blake2b(f"{lease.campaign}\0{lease.host}".encode(), digest_size=8).hexdigest()
    return f"{urlsplit(lease.url).scheme}://{lease.host}/{word}.html"


def _says(page: Page) -> str:
    """The page without the address that it was asked for, which many repeat, and with its links as they would lead from the root."""
    parts = urlsplit(page.url)
    text = page.html.replace(page.url, "")
    if len(parts.path) >= _TELLING:
        text = text.replace(parts.path, "")
    headers = {"content-type": "text/html; charset=utf-8"}
    return signature(
        replace(page, url=f"{parts.scheme}://{parts.netloc}/", body=text.encode("utf-8", "surrogatepass"), headers=headers)
    )
