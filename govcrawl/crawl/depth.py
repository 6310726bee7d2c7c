"""How far from the home page a crawl goes: calendars, and redirects that never arrive, have no end of their own."""

from msgspec import structs

from govcrawl.crawl.visit import Visit
from govcrawl.frontier.model import Outcome, PageClass, Reason

# Browsers give up then. Only a redirect leads from a home page to a home page, so the depth of one is its number of redirects.
_HOPS = 20


def bound(visit: Visit, max_depth: int) -> None:
    """Takes what lies too deep off the visit, and says so."""
    lease, result = visit.errand.lease, visit.result
    moved = 300 <= result.status < 400
    most = min(max_depth, _HOPS) if moved and lease.page_class is PageClass.HOME else max_depth
    if lease.depth < most or not result.children:
        return
    visit.result = structs.replace(result, children=())
    if moved:
        visit.result = structs.replace(visit.result, outcome=Outcome.DEAD, reason=Reason.BAD_RESPONSE)
        visit.not_inspected("page", f"redirects on and on, {lease.depth} links and redirects from the home page")
    else:
        visit.not_inspected("links", f"not followed: more than {max_depth} links from the home page")
