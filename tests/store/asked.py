"""What tests of a store ask of it, and what the crawl does with one."""

from govcrawl.findings.model import SiteLabel
from govcrawl.store.protocol import FindingQuery, SiteReport
from tests.findings.observed import SITE, after

OTHER = SiteLabel("1100000002", "另一市人民政府")
EVERYTHING = FindingQuery()


def page(name: object) -> str:
    return f"http://www.example.gov.cn/{name}"


async def found(store, query=EVERYTHING):
    await store.flush()
    return [record async for record in store.findings(query)]


async def only(store, query=EVERYTHING):
    records = await found(store, query)
    assert len(records) == 1
    return records[0]


async def conclude(store, campaign="2026-q1", minutes=30, site=SITE):
    """What the crawl does at the end of a complete site."""
    await store.record_site(SiteReport(site, page(""), campaign, "complete", "", 3, 0, after(minutes), {"dark_link": 1}))
    return await store.resolve_unseen(site.id, campaign, after(minutes))
