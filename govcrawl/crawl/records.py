"""The answers to the data requests of a page, from which its scripts make its list."""

import asyncio
from functools import partial

from govcrawl.crawl.answers import is_redirect, reason_of_status
from govcrawl.crawl.beside import Beside
from govcrawl.crawl.errand import Errand
from govcrawl.crawl.fetching import Fetched, FetchError
from govcrawl.crawl.links import hosts_of
from govcrawl.crawl.study import Study
from govcrawl.frontier.model import PageClass, Reason
from govcrawl.kit.urls import host_of
from govcrawl.page.decode import decode
from govcrawl.page.model import Page
from govcrawl.page.recordsets import records_in, says_empty

MAX_BYTES = 1024 * 1024
MAX_FETCHES = 2  # for one page: the best two of the addresses in its scripts
_PAGE_SECONDS = 120.0  # waiting for turns included
_ENOUGH = 3  # dated entries in the page itself: then nothing is asked for
_ASKING = (PageClass.HOME, PageClass.COLUMN, PageClass.OTHER)
_WHAT = "list data"
Gap = tuple[str, str, str]


class ListData:
    """Asked for at the pace of the host and within its robots.txt, like everything beside a page; on the site's own hosts only."""

    def __init__(self, beside: Beside, study: Study) -> None:
        self._beside, self._study = beside, study

    async def bring(self, errand: Errand, page: Page) -> tuple[dict[str, str], list[Gap]]:
        """Answers by address, up to the first that can be read as a list; and what was not inspected: address, what, reason."""
        answers: dict[str, str] = {}
        gaps: list[Gap] = []
        if not (wanted := await self._study.ask(page, partial(_wanted, errand, page))):
            return answers, gaps
        try:
            async with asyncio.timeout(_PAGE_SECONDS):
                for url in wanted:
                    text, reason = await self._ask(errand, url, page.encoding)
                    if reason:
                        gaps.append((url, _WHAT, reason))
                        continue
                    answers[url] = text
                    if records_in(text, page.today) or says_empty(text):
                        break
        except TimeoutError:
            gaps.append((page.url, _WHAT, Reason.TIMEOUT.value))
        return answers, gaps

    async def _ask(self, errand: Errand, url: str, page_encoding: str) -> tuple[str, str]:
        """The text, or why there is none."""
        try:
            fetched = await self._beside.fetch(errand, url, max_bytes=MAX_BYTES)
        except FetchError as fault:
            return "", fault.reason.value
        if is_redirect(fetched) or fetched.status != 200:
            return "", reason_of_status(fetched.status).value
        return _text(fetched, page_encoding), ""


def _wanted(errand: Errand, page: Page) -> list[str]:
    """Nothing where the page shows its entries itself, and nothing for articles: what they ask for are counters."""
    if errand.lease.page_class not in _ASKING or not page.data_requests:
        return []
    if sum(item.dated is not None for item in page.items) >= _ENOUGH:
        return []
    hosts = hosts_of(errand.lease, errand.assignment)
    return [url for url in page.data_requests if host_of(url) in hosts][:MAX_FETCHES]


def _text(fetched: Fetched, page_encoding: str) -> str:
    labels = [fetched.headers.get("content-type", ""), f"charset={page_encoding}"]
    body = fetched.body
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return decode(body, "; ".join(labels)).text
