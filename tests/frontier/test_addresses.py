"""Hosts that share an IP address take turns."""

import asyncio
import itertools

import pytest
from msgspec.structs import replace

from govcrawl.frontier.model import Child, Lease, PageClass
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.kit.clock import monotonic
from tests.frontier.keyspace import P
from tests.frontier.worker import campaign, done, robots, site

DELAY = 0.4  # seconds; a busy machine stands still for less
HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
async def frontier(valkey_url, redis):
    opened = RedisFrontier.from_url(valkey_url, politeness=Politeness(address_seconds=DELAY))
    yield opened
    await opened.aclose()


def at(lease: Lease, address: str, *children: Child):
    result = robots(lease) if lease.page_class is PageClass.ROBOTS else done(lease, *children)
    return replace(result, address=address, started=monotonic())


async def known(frontier, redis, here: int, there: int = 0) -> None:
    """So many hosts at each address, whose robots.txt was fetched; the addresses have rested."""
    await frontier.start(campaign(), [site(n) for n in range(here + there)])
    claim = await frontier.claim("w", 1000)
    await frontier.finish("w", [at(lease, HERE if int(lease.host[1:].split(".")[0]) < here else THERE) for lease in claim.leases])
    await redis.delete(f"{P}turns")


async def visited(frontier, seconds: float, workers: int = 2, address: str = HERE) -> list[tuple[float, str]]:
    """Moments at which workers that do nothing but ask were given a page, and its host."""
    given = []

    async def work() -> None:
        until = monotonic() + seconds
        while monotonic() < until:
            claim = await frontier.claim("w", 8)
            given.extend((monotonic(), lease.host) for lease in claim.leases)
            links = [(Child(f"{lease.url}x"),) for lease in claim.leases]
            await frontier.finish("w", [at(lease, address, *link) for lease, link in zip(claim.leases, links, strict=True)])
            await asyncio.sleep(0.005)

    await asyncio.gather(*(work() for _ in range(workers)))
    return given


async def test_hosts_of_one_address_are_given_one_after_the_other(frontier, redis):
    await known(frontier, redis, here=20)
    given = await visited(frontier, 6 * DELAY)
    moments = sorted(moment for moment, _ in given)
    # What the server says when it answers is heard a little later: never sooner.
    assert all(later - sooner > 0.8 * DELAY for sooner, later in itertools.pairwise(moments))
    assert len({host for _, host in given}) == len(given) > 2


async def test_hosts_of_other_addresses_do_not_wait(frontier, redis):
    await known(frontier, redis, here=30, there=1)
    first = (await frontier.claim("w", 4)).leases
    assert {lease.host for lease in first} >= {"h30.test"}
    assert len(first) == 2


async def test_each_host_is_put_off_once_a_turn(frontier, redis):
    await known(frontier, redis, here=12)
    claim = await frontier.claim("w", 50)
    assert len(claim.leases) == 1
    slots = sorted(int(slot) for slot in (await redis.hvals(f"{P}granted")))
    assert len(slots) == 11
    assert {later - sooner for sooner, later in itertools.pairwise(slots)} == {1000 * DELAY}
    assert (await frontier.claim("w", 50)).leases == ()
    assert sorted(map(int, await redis.hvals(f"{P}granted"))) == slots


async def test_hosts_whose_turn_nobody_took_do_not_go_all_at_once(frontier, redis):
    await known(frontier, redis, here=5)
    await frontier.claim("w", 50)
    for host in await redis.hkeys(f"{P}granted"):
        await redis.hset(f"{P}granted", host, 1)
        await redis.zadd(f"{P}due", {host: 1})
    await redis.delete(f"{P}turns")
    assert len((await frontier.claim("w", 50)).leases) == 1


async def test_a_request_that_began_late_counts_from_its_beginning(frontier, redis):
    await known(frontier, redis, here=2)
    (lease,) = (await frontier.claim("w", 5)).leases
    await asyncio.sleep(DELAY / 2)
    began = monotonic()
    await frontier.finish("w", [at(lease, HERE)])
    ((moment, host),) = (await visited(frontier, 5 * DELAY, workers=1))[:1]
    assert moment - began > 0.9 * DELAY
    assert host != lease.host


async def test_what_is_fetched_beside_a_page_has_its_turn_too(frontier, redis):
    await known(frontier, redis, here=3)
    (lease,) = (await frontier.claim("w", 5)).leases
    wait = await frontier.reserve(lease, lease.host, longest_seconds=60)
    # Behind the two hosts that were given their moments.
    assert 2 * DELAY < wait <= 3 * DELAY
    assert await frontier.reserve(lease, lease.host, longest_seconds=DELAY) is None


async def test_without_a_delay_for_addresses_nothing_is_kept_of_them(valkey_url, redis):
    frontier = RedisFrontier.from_url(valkey_url)
    await known(frontier, redis, here=5)
    assert len((await frontier.claim("w", 50)).leases) == 5
    assert await redis.exists(f"{P}at", f"{P}turns", f"{P}granted") == 0
    await frontier.aclose()
