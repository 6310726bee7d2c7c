"""What the fleet knows of the foreign domains on a page, asked and told in one call."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

import msgspec

from govcrawl.crawl.loads import Loads
from govcrawl.crawl.lookout import Lookout
from govcrawl.crawl.patience import patiently
from govcrawl.crawl.study import Study
from govcrawl.crawl.visit import Visit
from govcrawl.detectors.base import Context, Loading
from govcrawl.detectors.dark_links.analysis import analysis
from govcrawl.detectors.dark_links.blocks import trusted
from govcrawl.detectors.inspector import Inspector
from govcrawl.findings.model import Finding, Observation
from govcrawl.frontier.model import Acquaintance
from govcrawl.frontier.protocol import Frontier
from govcrawl.kit.kept import Kept
from govcrawl.page.model import Page

# A footer is on all pages of a site: what was heard of a domain for one page serves the next ones.
_HEARD_SECONDS = 600.0
_HEARD = 20_000
_MOST_HIDDEN, _MOST_SHOWN = 20, 60  # domains of one page; a page with more is a farm by itself
_MOST_CHARS = 16_384  # of a sighting
_MOST_FINDINGS = 100  # more would not fit


@dataclass(frozen=True, slots=True)
class Known:
    """A Fleet: what was heard of the domains of a page, what was seen of them, and who loads scripts from them."""

    domains: Mapping[str, Acquaintance] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)
    loads: Mapping[str, Loading] = field(default_factory=dict)

    def hidden_on(self, domain: str) -> int:
        return self.domains[domain].hidden_on if domain in self.domains else 0

    def linked_by(self, domain: str) -> int:
        return self.domains[domain].linked_by if domain in self.domains else 0

    def verdict(self, domain: str) -> str:
        return self.verdicts.get(domain, "")

    def loading(self, domain: str) -> Loading:
        return self.loads.get(domain, Loading())


@dataclass(frozen=True, slots=True)
class _Suspecting:
    """A Fleet in which one domain is known as spam: what would be found if it were."""

    domain: str

    def hidden_on(self, domain: str) -> int:  # noqa: ARG002 - the Protocol's shape
        return 0

    def linked_by(self, domain: str) -> int:  # noqa: ARG002
        return 0

    def verdict(self, domain: str) -> str:
        return "spam" if domain == self.domain else ""

    def loading(self, domain: str) -> Loading:  # noqa: ARG002
        return Loading()


class Strangers:
    """Keeps the frontier's answers for a while, so that most pages ask nothing."""

    def __init__(self, frontier: Frontier, inspector: Inspector, study: Study, lookout: Lookout, loads: Loads) -> None:
        self._frontier, self._study, self._lookout, self._loads = frontier, study, lookout, loads
        self._inspector = inspector.of("dark-links/hidden-by")
        self._heard: Kept[tuple[str, str, bool], Acquaintance] = Kept(_HEARD, _HEARD_SECONDS)

    async def known(self, item: Visit, page: Page) -> Context:
        """The context with what the fleet knows. What other sites hide of a domain that has just become suspect goes into the notes."""
        context = item.errand.assignment.context
        domains = await self._study.go_on(page, partial(_domains, page))
        if news := [key for key in domains if not self._heard.fresh((page.domain, *key))]:
            await self._ask(item, page, news)
        heard = (self._heard.get((page.domain, *key)) for key in domains)
        known = {entry.domain: entry for entry in heard if entry}
        verdicts = await self._lookout.verdicts(item.errand, page)
        loads = self._loads.known(page)
        return replace(context, fleet=Known(known, verdicts, loads)) if known or verdicts or loads else context

    async def _ask(self, item: Visit, page: Page, news: list[tuple[str, bool]]) -> None:
        unseen = [domain for domain, unseen in news if unseen]
        hidden = await self._study.ask(page, partial(self._sightings, item, page, unseen)) if unseen else {}
        shown = [domain for domain, unseen in news if not unseen]
        answers = await patiently(lambda: self._frontier.meet(page.domain, hidden, shown))
        for answer in answers:
            self._heard.put((page.domain, answer.domain, answer.domain in hidden), replace(answer, others=()))
            for site, sighting in answer.others:
                item.notes.observations += _read(sighting)
                item.settled.append((answer.domain, site))

    async def settle(self, item: Visit) -> None:
        """Once the notes are stored: the sightings that were among them are needed no more."""
        if item.settled and item.page:
            domain = item.page.domain
            await patiently(lambda: self._frontier.meet(domain, {}, (), tuple(item.settled)))

    def _sightings(self, item: Visit, page: Page, domains: Iterable[str]) -> dict[str, str]:
        return {domain: self._sighting(item, page, domain) for domain in domains}

    def _sighting(self, item: Visit, page: Page, domain: str) -> str:
        """What this page would be found to have if the domain were known as spam, for whoever learns so."""
        context = item.errand.assignment.context
        plain = {_name(finding) for finding in self._inspector.inspect(page, context).findings}
        suspected = self._inspector.inspect(page, replace(context, fleet=_Suspecting(domain))).findings
        found = [finding for finding in suspected if _name(finding) not in plain]
        if len(found) > _MOST_FINDINGS:
            return ""
        lease, label = item.errand.lease, item.errand.assignment.label
        # Escaped to ASCII: what scripts decode may hold halves of characters.
        written = json.dumps(msgspec.to_builtins([Observation(finding, label, lease.campaign, item.at) for finding in found]))
        return written if found and len(written) < _MOST_CHARS else ""


def _read(sighting: str) -> list[Observation]:
    return msgspec.convert(json.loads(sighting), list[Observation])


def _name(finding: Finding) -> tuple[str, str]:
    return finding.rule.id, finding.subject


def _domains(page: Page) -> list[tuple[str, bool]]:
    """Foreign domains, and whether all links to them are out of sight for good; each once."""
    links = [entry.link for entry in analysis(page).links if not trusted(entry.link.domain)]
    shown = _few((link.domain for link in links if link.hidden is None), _MOST_SHOWN)
    hidden = _few((link.domain for link in links if link.hidden and not link.hidden.revealed), _MOST_HIDDEN)
    return [*((domain, False) for domain in shown), *((domain, True) for domain in hidden if domain not in shown)]


def _few(domains: Iterable[str], most: int) -> list[str]:
    return list(islice(dict.fromkeys(domains), most))
