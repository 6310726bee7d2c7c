"""A host stays with the worker that had its last page, as long as that one keeps up."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from govcrawl.frontier.model import PageClass
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier
from tests.frontier.keyspace import P
from tests.frontier.worker import article, campaign, done, drain, robots, site

STAY = 0.5  # seconds; a busy machine stands still for less
HOSTS = 6


@pytest.fixture
async def workers(valkey_url, redis):
    async with AsyncExitStack() as stack:
        opened = [RedisFrontier.from_url(valkey_url, politeness=Politeness(stay_seconds=STAY)) for _ in range(2)]
        for frontier in opened:
            stack.push_async_callback(frontier.aclose)
        yield opened


async def had(frontier, limit: int = 100) -> set[str]:
    """Claims once, and finishes: each page links to the next one of its host."""
    leases = (await frontier.claim("w", limit)).leases
    await frontier.finish(
        "w", [robots(one) if one.page_class is PageClass.ROBOTS else done(one, article(one, hash(one.url))) for one in leases]
    )
    return {one.host for one in leases}


async def halved(first, second) -> tuple[set[str], set[str]]:
    await first.start(campaign(), [site(n) for n in range(HOSTS)])
    return await had(first, HOSTS // 2), await had(second)


async def test_each_worker_keeps_to_its_hosts_while_they_are_in_time(workers):
    first, second = workers
    ours, theirs = await halved(first, second)
    assert (len(ours), len(theirs)) == (HOSTS // 2, HOSTS // 2)
    for _ in range(3):
        assert await had(first) == ours
        assert await had(second) == theirs


async def test_a_worker_is_told_when_it_may_have_the_hosts_of_another(workers):
    first, second = workers
    ours, theirs = await halved(first, second)
    claim = await second.claim("w", HOSTS)
    assert {lease.host for lease in claim.leases} == theirs
    claim = await second.claim("w", HOSTS)
    assert not claim.leases
    assert 0 < claim.wait_seconds <= STAY
    await asyncio.sleep(claim.wait_seconds + 0.05)
    assert await had(second) == ours
    # From now on it is the one that knows these hosts, all but the part of the first one.
    assert await had(second) == ours
    assert len(await had(first)) == 2


async def test_a_worker_that_has_just_come_takes_its_part_without_waiting(workers):
    first, second = workers
    await first.start(campaign(), [site(n) for n in range(HOSTS)])
    everything = await had(first)
    assert len(everything) == HOSTS
    taken = await had(second)
    assert len(taken) == 2  # most of a half, not all that is due
    assert await had(second) == taken
    assert await had(first) == everything - taken


async def test_of_late_hosts_a_worker_takes_its_own_before_those_that_are_as_late(workers, redis):
    first, second = workers
    ours, theirs = await halved(first, second)
    await set_due(redis, {**dict.fromkeys(ours, 3 * STAY), **dict.fromkeys(theirs, 3.5 * STAY)})
    assert await had(first, len(ours)) == ours
    assert await had(second, 1) <= theirs


async def test_a_worker_that_falls_behind_loses_hosts_to_the_others(workers, redis):
    first, second = workers
    ours, theirs = await halved(first, second)
    latest = min(theirs)
    await set_due(redis, {**dict.fromkeys(ours | theirs, 2 * STAY), latest: 4 * STAY})
    assert await had(first, 1) == {latest}


async def test_own_hosts_are_found_behind_many_of_another_worker(workers, redis):
    first, second = workers
    await first.start(campaign(), [site(n) for n in range(40)])
    ours, theirs = await had(first, 4), await had(second)
    await set_due(redis, {**dict.fromkeys(theirs, STAY / 2), **dict.fromkeys(ours, STAY / 4)})
    assert await had(first, 4) == ours


async def test_without_a_stay_each_host_is_that_of_whoever_comes_first(valkey_url, redis):
    async with AsyncExitStack() as stack:
        workers = [RedisFrontier.from_url(valkey_url, politeness=Politeness(stay_seconds=0)) for _ in range(2)]
        for frontier in workers:
            stack.push_async_callback(frontier.aclose)
        await workers[0].start(campaign(), [site(0)])
        for frontier in workers * 2:
            assert await had(frontier) == {"h0.test"}
    assert not await redis.exists(f"{P}homes", f"{P}keepers")


async def test_a_site_that_ends_is_kept_by_nobody(workers, redis):
    first = workers[0]
    await first.start(campaign(), [site(0)])
    assert len(await drain(first)) == 2
    assert not await redis.exists(f"{P}homes", f"{P}keepers")


async def set_due(redis, late: dict[str, float]) -> None:
    """Hosts that have been due for so many seconds."""
    seconds, micros = await redis.time()
    now = 1000 * seconds + micros // 1000
    await redis.zadd(f"{P}due", {host: now - 1000 * by for host, by in late.items()})
