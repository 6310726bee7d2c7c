"""Links to a domain that its owner lost, and code from one: sold to spam, or waiting for a buyer."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Detector, Example, NoFleet
from govcrawl.detectors.dark_links.blocks import trusted
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.dark_links.strangers import SAID, loaded
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.urls import host_of, registrable
from govcrawl.page.model import Page

_FRIENDS = '<p>友情链接 <a href="http://www.oldschool.test/">实验小学</a> <a href="http://map.test/">地图</a></p>'


class LostDomain(Detector):
    """Only with what the fleet saw of the domains that a page links; it looks at each by its home page, once a day. Time-outs, errors and
    redirects say nothing against a domain.
    """

    id = "dark-links/lost-domain"
    title = "Link to or code from a domain that changed hands"
    category = Category.DARK_LINK
    severity, confidence = Severity.HIGH, Confidence.MEDIUM
    indicators = ("V1",)
    flagged = (
        Example(_FRIENDS, "an old friend's domain was sold to a casino", verdicts={"www.oldschool.test": "spam"}),
        Example(_FRIENDS, "an old friend's domain is for sale", verdicts={"www.oldschool.test": "parked"}),
        Example('<script src="http://cdn.counter.test/c.js"></script>', "a visitor counter that went out of business", verdicts={"cdn.counter.test": "parked"}),
    )  # fmt: skip
    clean = (
        Example(_FRIENDS, "nobody looked"),
        Example(_FRIENDS, "a friend who moved", verdicts={"www.oldschool.test": "redirected", "map.test": "ok"}),
        Example(_FRIENDS, "a host that was down", verdicts={"www.oldschool.test": "", "map.test": "dead"}),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:
        if isinstance(context.fleet, NoFleet):
            return
        told: set[str] = set()
        for url in loaded(page):
            domain = registrable(host_of(url))
            if (verdict := context.fleet.verdict(domain)) in SAID and domain not in told:
                told.add(domain)
                yield self._stated(page, url, verdict, f"loads from {defanged(url)}", "script or frame", Severity.CRITICAL)
        for link in page.scene.links:
            verdict = "" if link.domain in told or trusted(link.domain) else context.fleet.verdict(link.domain)
            if verdict in SAID:
                told.add(link.domain)
                severity = Severity.HIGH if verdict == "spam" else Severity.LOW
                place = page.scene.concealments.place(link.node)
                yield self._stated(page, link.url, verdict, f"{link.text} → {defanged(link.url)}", place, severity)

    def _stated(  # noqa: PLR0917 - two calls, which pass what they have at hand
        self, page: Page, url: str, verdict: str, block: str, place: str, severity: Severity
    ) -> Finding:
        domain = registrable(host_of(url))
        return self.finding(
            page.url,
            f"lost\n{domain}",
            block,
            reason=SAID[verdict],
            target=url,
            locator=place,
            severity=severity,
            extra={"technique": mask.text("lost-domain"), "verdict": mask.text(verdict), "block": mask.text(block, 600)},
        )
