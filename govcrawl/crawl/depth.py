"""How far from the home page a crawl goes: calendars, and redirects that never arrive, have no end of their own."""

from msgspec import structs

from govcrawl.crawl.options import VisitLimits
from govcrawl.crawl.visit import Visit
from govcrawl.frontier.model import Outcome, PageClass, Reason


def bound(visit: Visit, limits: VisitLimits) -> None:
    """Takes what lies too deep off the visit, and says so."""
    lease, result = visit.errand.lease, visit.result
    moved = 300 <= result.status < 400
    # Only a redirect leads from a home page to a home page, so the depth of one is its number of redirects.
    most = min(limits.depth, limits.redirects) if moved and lease.page_class is PageClass.HOME else limits.depth
    if lease.depth < most or not result.children:
        return
    visit.result = structs.replace(result, children=())
    if moved:
        visit.result = structs.replace(visit.result, outcome=Outcome.DEAD, reason=Reason.BAD_RESPONSE)
        visit.not_inspected("page", f"redirects on and on, {lease.depth} links and redirects from the home page")
    else:
        visit.not_inspected("links", f"not followed: more than {limits.depth} links from the home page")
