"""A campaign whose partitions lie on three nodes."""

import asyncio
from collections import Counter

import pytest

from govcrawl.frontier.keys import partition_of
from govcrawl.frontier.model import CampaignState, PageClass, SiteState
from govcrawl.frontier.protocol import FrontierUnreachable
from govcrawl.frontier.redis_frontier import RedisFrontier
from tests.frontier.nodes import cluster
from tests.frontier.worker import addresses, article, campaign, done, ledger, plain, site

PARTITIONS, SITES, ARTICLES = 8, 16, 12


async def patiently(call, outages):
    """As a worker does: said again until it is heard."""
    while True:
        try:
            return await call()
        except FrontierUnreachable:
            outages.append(call)
            await asyncio.sleep(0.2)


def answer(lease):
    if lease.page_class is not PageClass.HOME:
        return plain(lease)
    return done(lease, *(article(lease, n) for n in range(ARTICLES)))


class Worker:
    def __init__(self, frontier):
        self.frontier, self.done, self.outages = frontier, Counter(), []

    async def claim_alone(self):
        """What the living nodes hand out is fetched and handed back while another is dead."""
        claim = await patiently(lambda: self.frontier.claim("w", 5), self.outages)
        await self.frontier.finish("w", [answer(lease) for lease in claim.leases])
        self.done.update(addresses(claim.leases))

    async def turn(self):
        """False once no campaign is running."""
        claim = await patiently(lambda: self.frontier.claim("w", 5), self.outages)
        results = [answer(lease) for lease in claim.leases]
        await patiently(lambda: self.frontier.finish("w", results), self.outages)
        self.done.update(addresses(claim.leases))
        for closing in claim.closing:
            await patiently(lambda closing=closing: self.frontier.conclude("w", closing), self.outages)
        if not claim.leases:
            await asyncio.sleep(0.05)
        return claim.running > 0


@pytest.fixture
def nodes(tmp_path):
    with cluster(tmp_path) as started:
        yield started


@pytest.fixture
async def frontier(nodes):
    opened = RedisFrontier.from_url(
        f"redis://127.0.0.1:{nodes[0].port}", cluster=True, partitions=PARTITIONS, lease_seconds=3, timeout_seconds=5
    )
    yield opened
    await opened.aclose()


async def test_a_campaign_comes_to_its_end_though_a_node_is_killed_and_started_again(nodes, frontier):
    sites = [site(n) for n in range(SITES)]
    assert len({partition_of(one.url, PARTITIONS) for one in sites}) > 3
    await frontier.start(campaign(), sites)
    worker = Worker(frontier)
    for _ in range(12):
        await worker.turn()
    nodes[2].kill()
    before = sum(worker.done.values())
    for _ in range(10):
        await worker.claim_alone()
    assert sum(worker.done.values()) > before
    nodes[2].start()
    while await worker.turn():
        pass
    status = await frontier.campaign("c")
    assert (status.state, status.pages) == (CampaignState.FINISHED, SITES * (ARTICLES + 1))
    assert status.sites == {SiteState.COMPLETE: SITES}
    assert {line.pages for line in (await ledger(frontier)).values()} == {ARTICLES + 1}
