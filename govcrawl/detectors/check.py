"""Every detector against its own examples."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from govcrawl.detectors.base import Context, Detector, Example, NoFleet, SiteView
from govcrawl.findings.model import Finding
from govcrawl.page.columns import column_of
from govcrawl.page.model import Page
from govcrawl.page.views import View
from govcrawl.sites.model import Site


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
    """A fleet that only saw some domains."""

    verdicts: Mapping[str, str]

    def hidden_on(self, domain: str) -> int:  # noqa: ARG002 - the Protocol's shape
        return 0

    def linked_by(self, domain: str) -> int:  # noqa: ARG002
        return 0

    def verdict(self, domain: str) -> str:
        return self.verdicts.get(domain, "")


def page_of(example: Example) -> Page:
    body = example.html if isinstance(example.html, bytes) else example.html.encode()
    views = [View(who, Page(example.url, html.encode(), today=example.now)) for who, html in example.views.items()]
    return Page(
        example.url, body, example.status, example.headers, example.now, sheets=example.sheets, views=views, tls=example.tls
    )


def judge(detector: Detector, example: Example) -> list[Finding]:
    """What the detector says of the example's page, and of a site that is this one page."""
    page = page_of(example)
    site = Site(id=page.host, url=page.url)
    context = Context(site, example.now, fleet=_Told(example.verdicts) if example.verdicts else NoFleet())
    column = column_of(page)
    view = SiteView(site, (column,) if column else (), pages=1)
    return [*detector.inspect(page, context), *detector.conclude(view, context)]


def disagreements(detectors: Iterable[Detector]) -> Iterator[Disagreement]:
    """A known gap that is found by now is a disagreement too: it belongs among the flagged then."""
    for detector in detectors:
        for kind, expected in (("flagged", True), ("clean", False), ("misses", False)):
            for number, example in enumerate(getattr(detector, kind), 1):
                found = judge(detector, example)
                if bool(found) is not expected:
                    said = "; ".join(finding.evidence.snippet for finding in found) or "nothing"
                    yield Disagreement(detector.id, kind, number, example.reason, said)
