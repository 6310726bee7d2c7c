"""Scripts from a host that the site did not load from before."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Detector, Example, SiteView
from govcrawl.detectors.dark_links.services import is_service
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.clock import CHINA
from govcrawl.sites.scripts import ScriptHost

_LEAST_PAGES = 3  # of either sample; of fewer nothing is "most"


def _before(pages: int, *, now: int, on: int, new: bool = True) -> dict[str, tuple[int, int, int, bool]]:
    return {"js.test": (pages, now, on, new)}


class NewHost(Detector):
    """For the unit to say whether it knows of it: a new supplier or a break-in look the same from outside. Told by the first visit that sees
    it, and by no later one.
    """

    id = "foreign-scripts/new-host"
    title = "Scripts from a host that was not there before"
    category = Category.AVAILABILITY
    severity, confidence = Severity.LOW, Confidence.LOW
    flagged = (
        Example("<p>首页", "on every page, where there was none", scripts=_before(10, now=10, on=10)),
        Example("<p>首页", "on most pages of a small site", scripts=_before(4, now=4, on=3)),
    )
    clean = (
        Example("<p>首页", "the first visit of a site knows no before", scripts=_before(0, now=10, on=10)),
        Example("<p>首页", "it was there", scripts=_before(10, now=10, on=10, new=False)),
        Example("<p>首页", "on a few pages: of one article", scripts=_before(10, now=10, on=5)),
        Example("<p>首页", "too few pages to say", scripts=_before(10, now=2, on=2)),
        Example("<p>首页", "a known service", scripts={"jsdelivr.net": (10, 10, 10, True)}),
    )

    def conclude(self, view: SiteView, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        sample = view.scripts
        if min(sample.pages, sample.before) < _LEAST_PAGES:
            return
        for host in sample.hosts:
            if host.new and 2 * host.pages > sample.pages and not is_service(host.domain):
                yield self._stated(view, host)

    def _stated(self, view: SiteView, host: ScriptHost) -> Finding:
        on = f"on {host.pages} of the {view.scripts.pages} pages that were looked at first"
        return self.finding(
            view.site.url,
            f"new host\n{host.domain}",
            f"scripts from {host.domain} {on}",
            reason=f"first seen {host.since.astimezone(CHINA).date()}; none of {view.scripts.before} pages of the visit before had it. "
            f"About {host.sites} inspected sites load scripts from there",
            extra={"domain": mask.text(host.domain), "pages": host.pages, "sites": host.sites},
        )
