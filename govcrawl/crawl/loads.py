"""The foreign domains from which sites load scripts, told to the fleet once a page was judged."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

import msgspec

from govcrawl.crawl.patience import patiently
from govcrawl.crawl.visit import Visit
from govcrawl.detectors.base import Loading
from govcrawl.detectors.dark_links.services import is_service
from govcrawl.detectors.dark_links.shared_script import SharedScript, suspicious
from govcrawl.detectors.inspector import Inspector
from govcrawl.findings import mask
from govcrawl.findings.model import Finding, Observation, Severity, SiteLabel
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.kept import Kept
from govcrawl.page.model import Page

T = TypeVar("T")

# Scripts are those of the template, on all pages of a site: what was heard for one page serves the next ones.
_HEARD_SECONDS = 600.0
_HEARD = 50_000
_MOST_DOMAINS = 30  # of one page
_WHOLE = ""  # no domain: the site itself, counted whatever it loads
_GRAVE = (Severity.CRITICAL, Severity.HIGH)
_JUDGE = SharedScript()
# What is found because of a script says nothing new of it.
_BY_FLEET = ("dark-links/shared-script", "dark-links/lost-domain")


class _Sighting(msgspec.Struct, frozen=True):
    """A page that loads a script, as whoever learns that the script is bad needs it. Its address is masked."""

    page: str
    script: str
    label: SiteLabel
    campaign: str
    at: datetime


class Loads:
    """Keeps the frontier's answers for a while, and counts the first pages of each visit of a site."""

    def __init__(self, frontier: Frontier, inspector: Inspector) -> None:
        self._frontier, self._accepted = frontier, inspector.accepted
        self._judges = any(detector.id == _JUDGE.id for detector in inspector.detectors)
        self._heard: Kept[tuple[str, str], tuple[bool, Loading]] = Kept(_HEARD, _HEARD_SECONDS)
        self._sampled: Kept[tuple[str, str], bool] = Kept(_HEARD)

    def known(self, page: Page) -> Mapping[str, Loading]:
        """What was heard of the domains of this page when another one of its site was told of. Nothing is asked."""
        heard = ((domain, self._heard.get((page.domain, domain))) for domain in _domains(page))
        return {domain: entry[1] for domain, entry in heard if entry}

    async def tell(self, item: Visit, page: Page, findings: Sequence[Finding]) -> None:
        """After the page was judged. What other sites have of a script that has just become suspicious goes into the notes, too."""
        domains = _domains(page)
        await self._sample(item, page, list(domains))
        tainted = any(map(_taints, findings))
        strangers = {domain: url for domain, url in domains.items() if not is_service(domain)}
        news = any(self._is_news(page, domain, tainted) for domain in (*strangers, _WHOLE))
        # Pages that a break-in adds are copies of somebody else's, with his scripts: only the home page speaks for the site.
        if not (self._judges and page.is_home and news):
            return
        seen = {domain: _sighting(item, page, url) for domain, url in strangers.items()}
        found = await self._ask(page, seen, tainted, item.loads_settled)
        # Of this page they may have been heard before it was judged.
        told = {*self._accepted, *(finding.identity(item.errand.lease.site) for finding in findings)}
        item.notes.observations += [one for one in found if one.id not in told]

    async def _sample(self, item: Visit, page: Page, domains: list[str]) -> None:
        lease = item.errand.lease
        visit = lease.campaign, lease.site
        if visit in self._sampled:
            return
        if not await patiently(lambda: self._frontier.sample(lease.site, lease.campaign, page.domain, domains)):
            self._sampled.put(visit, True)

    def _is_news(self, page: Page, domain: str, tainted: bool) -> bool:
        told_tainted, _ = self._heard.get((page.domain, domain), (False, None))
        return not self._heard.fresh((page.domain, domain)) or (tainted and not told_tainted)

    async def _ask(
        self, page: Page, seen: Mapping[str, _Sighting], tainted: bool, settled: list[tuple[str, str]]
    ) -> list[Observation]:
        """What is found on this page and on those of other sites, by what the fleet knows now."""
        found: list[Observation] = []
        self._heard.put((page.domain, _WHOLE), (tainted, Loading()))
        written = {domain: msgspec.json.encode(sighting).decode() for domain, sighting in seen.items()}
        for answer in await patiently(lambda: self._frontier.load(page.domain, written, tainted=tainted)):
            loading = Loading(answer.loaded_on, answer.tainted_on, answer.linked_by, answer.fleet, answer.fleet_tainted)
            self._heard.put((page.domain, answer.domain), (tainted, loading))
            if suspicious(answer.domain, loading):
                others = (msgspec.json.decode(sighting, type=_Sighting) for _site, sighting in answer.others)
                found += [_observed(one, loading) for one in (seen[answer.domain], *others)]
                settled += [(answer.domain, site) for site, _sighting in answer.others]
        return found

    async def settle(self, item: Visit) -> None:
        """Once the notes are stored: the sightings that were among them are needed no more."""
        if item.loads_settled and item.page:
            domain = item.page.domain
            await patiently(lambda: self._frontier.load(domain, {}, tainted=False, stored=item.loads_settled))


def _sighting(item: Visit, page: Page, script: str) -> _Sighting:
    errand = item.errand
    return _Sighting(mask.url(page.url), mask.url(script), errand.assignment.label, errand.lease.campaign, item.at)


def _observed(seen: _Sighting, loading: Loading) -> Observation:
    return Observation(_JUDGE.stated(seen.page, seen.script, loading), seen.label, seen.campaign, seen.at)


def _domains(page: Page) -> dict[str, str]:
    """With the first script from each."""
    first: dict[str, str] = {}
    for script in page.foreign_scripts:
        first.setdefault(script.domain, script.url)
    return dict(islice(first.items(), _MOST_DOMAINS))


def _taints(finding: Finding) -> bool:
    return finding.rule.id.startswith("dark-links/") and finding.severity in _GRAVE and finding.rule.id not in _BY_FLEET
