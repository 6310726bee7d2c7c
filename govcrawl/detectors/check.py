"""Every detector against its own examples."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from govcrawl.detectors.base import Context, Detector, Directory, Example, Loading, NoFleet, SiteView
from govcrawl.detectors.directories import Gathering
from govcrawl.detectors.registry import all_detectors
from govcrawl.findings.lifecycle import opened
from govcrawl.findings.model import Finding, Observation, Record, SiteLabel
from govcrawl.kit.urls import directory_of
from govcrawl.page.columns import column_of
from govcrawl.page.earlier import Earlier, remembered
from govcrawl.page.later_pages import later_page
from govcrawl.page.model import Page
from govcrawl.page.views import View
from govcrawl.sites.model import Column, Site
from govcrawl.sites.scripts import ScriptHost, ScriptHosts
from govcrawl.sites.whole import whole


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An example that the detector does not judge as written. `kind` is flagged, clean or misses; `number` counts from 1."""

    detector: str
    kind: str
    number: int
    reason: str
    said: str


@dataclass(frozen=True, slots=True)
class _Told:
    """A fleet that only saw some domains, and who loads from some."""

    verdicts: Mapping[str, str]
    loads: Mapping[str, tuple[int, int, int, int, int]]

    def hidden_on(self, domain: str) -> int:  # noqa: ARG002 - the Protocol's shape
        return 0

    def linked_by(self, domain: str) -> int:  # noqa: ARG002
        return 0

    def verdict(self, domain: str) -> str:
        return self.verdicts.get(domain, "")

    def loading(self, domain: str) -> Loading:
        return Loading(*self.loads.get(domain, ()))


def page_of(example: Example) -> Page:
    body = example.html if isinstance(example.html, bytes) else example.html.encode()
    views = [View(who, Page(example.url, html.encode(), today=example.now)) for who, html in example.views.items()]
    return Page(
        example.url,
        body,
        example.status,
        example.headers,
        example.now,
        sheets=example.sheets,
        views=views,
        codes=example.codes,
        leads=example.leads,
        tls=example.tls,
        earlier=_earlier(example),
    )


def _earlier(example: Example) -> Earlier | None:
    """What the visits before leave for that of the example's page, each for the next."""
    left = None
    for day, html in example.earlier.items():
        left = remembered(Page(example.url, html.encode(), today=day, earlier=left))
    return left


def judge(detector: Detector, example: Example) -> list[Finding]:
    """What the detector says of the example's page, and of a site that is this page and the `others`."""
    page = page_of(example)
    site = Site(id=page.host, url=page.url)
    told = example.verdicts or example.loads
    context = Context(site, example.now, fleet=_Told(example.verdicts, example.loads) if told else NoFleet())
    pages = [page, *(page_of(replace(example, url=url, html=html)) for url, html in example.others.items())]
    columns = whole(column for one in pages if (column := column_of(one) or later_page(one)))
    directories = _directories(detector, pages, columns, context) if detector.builds_on else ()
    view = SiteView(site, columns, len(pages), directories=directories, scripts=_sample(example))
    return [*detector.inspect(page, context), *detector.conclude(view, context)]


def _sample(example: Example) -> ScriptHosts:
    """Of whichever domain was sampled most."""
    since = datetime.combine(example.now, time(), UTC)
    hosts = tuple(ScriptHost(domain, on, 1, since, new) for domain, (_before, _now, on, new) in example.scripts.items())
    before, now, *_ = max(example.scripts.values(), default=(0, 0))
    return ScriptHosts(now, before, hosts)


def _directories(detector: Detector, pages: Iterable[Page], columns: Iterable[Column], context: Context) -> tuple[Directory, ...]:
    gathering, label = Gathering(context.site, columns), SiteLabel(context.site.id)
    seen_at = datetime.combine(context.today, time(), UTC)
    shown: dict[str, tuple[Record, list[str]]] = {}
    for page in pages:
        for one in all_detectors():
            for finding in one.inspect(page, context) if one.id in detector.builds_on else ():
                record = opened(Observation(finding, label, context.campaign, seen_at))
                shown.setdefault(record.id, (record, []))[1].append(page.url)
    for record, urls in shown.values():
        gathering.add(record, urls)
    return gathering.directories(Counter(directory_of(page.url) for page in pages)) if gathering else ()


def disagreements(detectors: Iterable[Detector]) -> Iterator[Disagreement]:
    """A known gap that is found by now is a disagreement too: it belongs among the flagged then."""
    for detector in detectors:
        for kind, expected in (("flagged", True), ("clean", False), ("misses", False)):
            for number, example in enumerate(getattr(detector, kind), 1):
                found = judge(detector, example)
                if bool(found) is not expected:
                    said = "; ".join(finding.evidence.snippet for finding in found) or "nothing"
                    yield Disagreement(detector.id, kind, number, example.reason, said)
