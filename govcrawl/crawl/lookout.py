"""A look at the foreign domains that pages link, each once a fleet and day."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain, islice

from govcrawl.crawl.answers import is_markup, is_redirect
from govcrawl.crawl.beside import Beside
from govcrawl.crawl.errand import Errand
from govcrawl.crawl.fetching import FetchError
from govcrawl.crawl.patience import patiently
from govcrawl.crawl.reasons import no_such_name
from govcrawl.crawl.study import Study
from govcrawl.detectors.dark_links.blocks import trusted
from govcrawl.detectors.dark_links.strangers import coded, loaded, seen
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.kept import Kept
from govcrawl.kit.urls import host_of, registrable, resolve
from govcrawl.page.model import Page

_LOOK_SECONDS = 20.0  # waiting for turns included: a stranger must not hold up the page that names it
_MOST_BYTES = 512 * 1024
_HOPS = 2
_MOST_NAMED = 500  # addresses of one page
_HEARD_SECONDS = 600.0
_HEARD = 50_000


class Lookout:
    """`most` domains of a page are looked at, by their home pages; 0 looks at none.

    Robots.txt, private addresses and the pace of a host are heeded as for every other page. Nothing else of a stranger is asked for,
    and no redirect to another domain is followed: its target is a stranger of its own, with a day of its own.
    """

    def __init__(self, frontier: Frontier, beside: Beside, study: Study, most: int) -> None:
        self._frontier, self._beside, self._study, self._most = frontier, beside, study, most
        self._heard: Kept[str, str] = Kept(_HEARD, _HEARD_SECONDS)

    async def verdicts(self, errand: Errand, page: Page) -> Mapping[str, str]:
        """What was seen of the foreign domains that a page links, loads from or has in QR codes, as far as anybody looked; see `Fleet.verdict`."""
        if not self._most:
            return {}
        homes = await self._study.ask(page, partial(_homes, page))
        if news := [domain for domain in homes if not self._heard.fresh(domain)]:
            for domain, verdict in (await self._ask(errand, page.domain, homes, news)).items():
                self._heard.put(domain, verdict)
        return {domain: self._heard.get(domain, "") for domain in homes if domain in self._heard}

    async def _ask(self, errand: Errand, site: str, homes: Mapping[str, str], domains: Sequence[str]) -> Mapping[str, str]:
        answers = await patiently(lambda: self._frontier.look(site, domains, self._most))
        found = {domain: answer or "" for domain, answer in zip(domains, answers, strict=True)}
        ours = [domain for domain, answer in zip(domains, answers, strict=True) if answer is None]
        looked = await asyncio.gather(*(self._seen(errand, site, domain, homes[domain]) for domain in ours))
        return found | dict(zip(ours, looked, strict=True))

    async def _seen(self, errand: Errand, site: str, domain: str, home: str) -> str:
        """The verdict, told to the fleet; "" where nothing can be said, which is no word against the domain."""
        verdict = ""
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                verdict = await self._look(errand, site, domain, home)
        except FetchError as fault:
            verdict = "dead" if no_such_name(fault) else ""
        except TimeoutError:
            return ""
        return await patiently(lambda: self._frontier.saw(domain, verdict))

    async def _look(self, errand: Errand, site: str, domain: str, url: str) -> str:
        if await patiently(lambda: self._frontier.robots(host_of(url))) is not None:
            return ""  # a site of the fleet: its pages are inspected, and its pace is its own
        for _ in range(_HOPS + 1):
            fetched = await self._beside.fetch(errand, url, max_bytes=_MOST_BYTES)
            target = resolve(url, fetched.headers["location"].strip()) if is_redirect(fetched) else None
            if target is None:
                page = Page(url, fetched.body, fetched.status, fetched.headers)
                shown = fetched.status == 200 and is_markup(fetched)
                return await self._study.read(len(page.body), partial(seen, page)) if shown else ""
            if (beyond := registrable(host_of(target))) != domain:
                return await self._beyond(errand, site, beyond, target)
            url = target
        return ""

    async def _beyond(self, errand: Errand, site: str, domain: str, target: str) -> str:
        """A domain that was turned to spam is spam; to be sent elsewhere is an organisation's right."""
        (answer,) = await patiently(lambda: self._frontier.look(site, [domain], 1))
        if answer is None:
            answer = await self._seen(errand, site, domain, _home(target))
        return "spam" if answer == "spam" else "redirected"


def _homes(page: Page) -> dict[str, str]:
    """Where each foreign domain is looked at: the home page of the first of its hosts that the page names; what it loads or has in QR codes comes first."""
    homes: dict[str, str] = {}
    named = chain(loaded(page), (code.url for code in coded(page)), (link.url for link in page.scene.links))
    for url in islice(named, _MOST_NAMED):
        domain = registrable(host_of(url))
        if domain not in homes and not trusted(domain):
            homes[domain] = _home(url)
    return homes


def _home(url: str) -> str:
    return f"{url.partition('://')[0]}://{host_of(url)}/"
