"""Scripts from a host that is not there any more."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Detector, Example, NoFleet
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page

_COUNTER = '<script src="http://cdn.counter.test/c.js"></script>'


class LostHost(Detector):
    """Only with what the fleet saw on several days: one name server that fails is no sign. Whoever gets hold of the name runs code on the
    page; until then the script is merely dead.
    """

    id = "foreign-scripts/lost-host"
    title = "Script from a host that no longer exists"
    category = Category.AVAILABILITY
    severity, confidence = Severity.LOW, Confidence.MEDIUM
    flagged = (
        Example(_COUNTER, "a visitor counter that went out of business", verdicts={"cdn.counter.test": "gone"}),
        Example(f"<p>首页</p>{_COUNTER}{_COUNTER}", "told once a page", verdicts={"cdn.counter.test": "gone"}),
    )
    clean = (
        Example(_COUNTER, "nobody looked"),
        Example(_COUNTER, "not found today", verdicts={"cdn.counter.test": "dead"}),
        Example('<a href="http://cdn.counter.test/">x</a>', "a dead link runs nothing", verdicts={"cdn.counter.test": "gone"}),
        Example('<script src="http://cdn.counter.test/c.js" integrity="sha384-x"></script>', "the browser takes no other code", verdicts={"cdn.counter.test": "gone"}),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:
        if isinstance(context.fleet, NoFleet):
            return
        told: set[str] = set()
        for script in page.foreign_scripts:
            if script.domain not in told and not script.pinned and context.fleet.verdict(script.domain) == "gone":
                told.add(script.domain)
                yield self.finding(
                    page.url,
                    f"lost host\n{script.domain}",
                    f"loads {defanged(script.url)}",
                    reason="on several days nobody could find the name; whoever registers it has visitors run what he likes",
                    target=script.url,
                    locator="script[src]",
                    extra={"domain": mask.text(script.domain)},
                )
