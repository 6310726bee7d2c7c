"""What the spider makes of one answer, on its way through the item pipelines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import structs

from govcrawl.crawl.errand import Errand
from govcrawl.crawl.notes import Notes
from govcrawl.detectors.inspector import Inspection
from govcrawl.findings.model import NotInspected, Observation
from govcrawl.frontier.model import Child, Result
from govcrawl.kit.clock import utc_now
from govcrawl.page.model import Page
from govcrawl.page.views import View


@dataclass(slots=True)
class Visit:
    """`page` is None where there is nothing to inspect: robots.txt, redirects, failures. `sheets`, `views`, `codes` and `leads` are the
    page's own.

    `left` are addresses that are not followed, and why. `settled` and `loads_settled` are pairs of foreign domain and site: sightings of
    other sites, of links and of scripts, that are stored with this page's notes.
    """

    errand: Errand
    result: Result
    page: Page | None = None
    markup: bool = True
    sheets: dict[str, str] = field(default_factory=dict)
    views: list[View] = field(default_factory=list)
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    leads: dict[str, str] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)
    left: dict[str, str] = field(default_factory=dict)
    settled: list[tuple[str, str]] = field(default_factory=list)
    loads_settled: list[tuple[str, str]] = field(default_factory=list)
    at: datetime = field(default_factory=utc_now)

    def not_inspected(self, what: str, reason: str, url: str = "") -> "Visit":
        """`url` is the page where none is given."""
        lease = self.errand.lease
        self.notes.not_inspected.append(NotInspected(url or lease.url, lease.site, lease.campaign, what, reason, self.at))
        return self

    def note(self, inspection: Inspection, url: str = "") -> None:
        """What was found, and what could not be judged, on the page or on what was fetched for it."""
        label, campaign = self.errand.assignment.label, self.errand.lease.campaign
        self.notes.observations += [Observation(finding, label, campaign, self.at) for finding in inspection.findings]
        for detector, fault in inspection.failed.items():
            self.not_inspected(detector, fault, url)

    def lead(self, children: Sequence[Child]) -> None:
        """Adds to the addresses that the page leads to."""
        known = {child.url for child in self.result.children}
        if more := [child for child in children if child.url not in known]:
            self.result = structs.replace(self.result, children=(*self.result.children, *more))
