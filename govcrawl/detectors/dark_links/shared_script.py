"""A script that hacked sites have in common."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Detector, Example, Loading, NoFleet
from govcrawl.detectors.dark_links.blocks import weights
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.dark_links.services import is_service
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.urls import host_of, registrable
from govcrawl.page.model import Page

_HEAD = '<title>青山区林业局</title><script type="text/javascript" src="https://oldsite.test/js/kb.js"></script>'
_WRITTEN = "<script>document.write('<script src=\"https://oldsite.test/js/kb.js\"><\\/script>')</script>"


def _loaded(
    sites: int, tainted: int, *, shown: int = 0, fleet: int = 400, fleet_tainted: int = 30, domain: str = "oldsite.test"
) -> dict[str, tuple[int, int, int, int, int]]:
    return {domain: (sites, tainted, shown, fleet, fleet_tainted)}


class SharedScript(Detector):
    """A readable script tells nothing by itself, and what it does changes from visitor to visitor. But spammers who run many sites load the
    same one everywhere. Only the fleet sees that: half of the sites that load it carry dark links, few others do, none names its owner, no
    service is known there. One bad site among many proves nothing, nor does a supplier of sites, whose name stands at their foot.
    """

    id = "dark-links/shared-script"
    title = "Script that hacked sites have in common"
    category = Category.DARK_LINK
    severity, confidence = Severity.HIGH, Confidence.LOW
    indicators = ("V1",)
    flagged = (
        Example(_HEAD, "a spammer's own network: 23 of its 48 sites show what they are", loads=_loaded(48, 23)),
        Example(_HEAD, "a few sites, nearly all of them hacked", loads=_loaded(6, 5)),
        Example(_WRITTEN, "written by another script", loads=_loaded(20, 12, shown=2)),
    )
    clean = (
        Example(_HEAD, "nobody knows of others"),
        Example(_HEAD, "two hacked sites have it: chance", loads=_loaded(2, 2)),
        Example(_HEAD, "a widget that sites have, some of them hacked", loads=_loaded(200, 9)),
        Example(
            _HEAD, "every other site of this fleet is hacked, whatever it loads", loads=_loaded(12, 6, fleet=90, fleet_tainted=45)
        ),
        Example(_HEAD, "of the sites without it too few were seen", loads=_loaded(8, 6, fleet=20, fleet_tainted=6)),
        Example(
            _HEAD, "the supplier of these sites, named at their foot: hacked through its software", loads=_loaded(10, 8, shown=7)
        ),
        Example(
            '<script src="https://cdn.jsdelivr.net/npm/a.js"></script>',
            "a known service",
            loads=_loaded(9, 9, domain="jsdelivr.net"),
        ),
        Example(
            '<script src="https://www.jsj.gov.cn/jiucuo.js"></script>', "an office", loads=_loaded(9, 9, domain="jsj.gov.cn")
        ),
        Example('<a href="https://oldsite.test/">实验小学</a>', "a link is no script", loads=_loaded(48, 23)),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:
        if isinstance(context.fleet, NoFleet):
            return
        told: set[str] = set()
        for script in page.foreign_scripts:
            if script.domain not in told and suspicious(script.domain, loading := context.fleet.loading(script.domain)):
                told.add(script.domain)
                yield self.stated(page.url, script.url, loading)

    def stated(self, page: str, script: str, loading: Loading) -> Finding:
        """What is to be said of the page at this address, also by whoever did not read it."""
        domain = registrable(host_of(script))
        others, others_tainted = _others(loading)
        sure = loading.tainted >= weights()["scripts"]["sure"]
        return self.finding(
            page,
            f"shared\n{domain}",
            f"loads {defanged(script)}",
            reason=f"the home pages of about {loading.sites} sites load scripts from there, and {loading.tainted} of them carry dark links; of "
            f"{others} that do not, {others_tainted} carry some. No public service is known there",
            target=script,
            locator="script[src]",
            confidence=Confidence.MEDIUM if sure else None,
            extra={"technique": mask.text("shared-script"), "sites": loading.sites, "tainted_sites": loading.tainted},
        )


def suspicious(domain: str, loading: Loading) -> bool:
    values = weights()["scripts"]
    others, others_tainted = _others(loading)
    return bool(
        loading.tainted >= values["tainted_on"]
        and loading.tainted >= values["tainted_share"] * loading.sites
        and others >= values["least_others"]
        and loading.tainted * others >= values["times"] * others_tainted * loading.sites
        and loading.shown < values["shown_share"] * loading.sites
        and not is_service(domain)
    )


def _others(loading: Loading) -> tuple[int, int]:
    """The sites that do not load from the domain, and the tainted ones among them. Both are estimates, and may be off by some."""
    return max(0, loading.fleet - loading.sites), max(0, loading.fleet_tainted - loading.tainted)
