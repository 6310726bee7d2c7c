"""A small web that hides links, and what a crawl of it leaves in a store: all but the times."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery, Store
from govcrawl.store.sqlite import SqliteStore
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web

HIDDEN = '<div style="display:none"><a href="http://bet{n}.test/">澳门赌场 时时彩 开户</a><a href="http://b.test/">彩票投注平台</a></div>'


@dataclass(frozen=True)
class Found:
    findings: dict[str, tuple[str, str, int]]
    events: Counter[str]
    sites: dict[str, tuple[str, int, dict[str, int]]]
    gaps: Counter[tuple[str, str, str]]


def hiding_web(pages: int, hosts: int) -> Web:
    def answer(host: str, path: str) -> Answer | None:
        """Each page leads to three others, every third one hides links."""
        if path == "/robots.txt":
            return None
        number = int(path.strip("/") or 0)
        links = "".join(f'<a href="/{n % pages or ""}">x</a>' for n in (number + 1, number * 3 + 1, number * 7 + 2))
        return Answer(f"<title>{host}{number}</title>{links}{HIDDEN.format(n=number) if number % 3 == 0 else ''}", seconds=0.05)

    return Web(answer, hosts=hosts)


def sites_of(web: Web) -> list[Site]:
    return [Site(f"s{number}", web.url(number)) for number in range(len(web.addresses))]


async def found(store: Store, campaign: str = "c1") -> Found:
    records = [one async for one in store.findings(FindingQuery(campaign=campaign))]
    return Found(
        {one.id: (one.finding.rule.id, one.site.id, one.occurrences) for one in records},
        Counter([event.action for one in records async for event in store.history(one.id)]),
        {one.site.id: (one.state, one.pages, dict(one.findings)) async for one in store.sites(campaign)},
        Counter([(one.url, one.what, one.reason) async for one in store.not_inspected(campaign)]),
    )


def undisturbed(web: Web, folder: Path, slots: int = 16) -> tuple[Found, int]:
    """What one worker finds whom nothing comes in between, and the most memory that it held; the web forgets its visits."""

    async def read() -> Found:
        store = await SqliteStore.open(folder)
        seen = await found(store)
        await store.aclose()
        return seen

    with Cluster.open(folder) as cluster:
        asyncio.run(cluster.start(sites_of(web)))
        said = cluster.run(slots=slots)
    web.hits.clear()
    return asyncio.run(read()), said["peak_bytes"]
