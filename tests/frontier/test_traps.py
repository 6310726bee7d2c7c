"""Addresses without end: so many of a pattern are visited, and the rest is told."""

import pytest
from msgspec.structs import replace

from govcrawl.frontier.model import Child, PageClass, SiteState
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier
from tests.frontier.keyspace import P
from tests.frontier.worker import addresses, campaign, done, drain, ledger, robots, site

PATTERN = "h1.test/cal?month=*-*"
MOST = 5


@pytest.fixture
async def frontier(valkey_url, redis):
    opened = RedisFrontier.from_url(valkey_url, politeness=Politeness(alike=MOST))
    yield opened
    await opened.aclose()


def months(*numbers: int, pattern: str = PATTERN) -> tuple[Child, ...]:
    return tuple(
        Child(f"http://h1.test/cal?month={2000 + n // 12}-{1 + n % 12}", PageClass.OTHER, pattern=pattern) for n in numbers
    )


def calendar(lease):
    """Each month leads to the next twenty; an article leads nowhere."""
    if lease.page_class is PageClass.ROBOTS:
        return robots(lease)
    return done(lease, *months(*range(20)), Child("http://h1.test/a/1.html", PageClass.ARTICLE))


async def closed(frontier):
    """Works to the end; the closing of the site."""
    for _ in range(100):
        claim = await frontier.claim("w", 10)
        if claim.closing:
            return claim.closing[0]
        await frontier.finish("w", [calendar(lease) for lease in claim.leases])
    raise AssertionError("the site never closes")


async def test_so_many_of_a_trap_are_visited_and_the_site_is_complete_with_the_rest_told(frontier):
    await frontier.start(campaign(), [site(1)])
    closing = await closed(frontier)
    assert (closing.state, closing.left_out) == (SiteState.COMPLETE, {PATTERN: 15})
    assert await frontier.conclude("w", closing)
    line = (await ledger(frontier))["s1"]
    assert (line.state, line.left_out, line.pages) == (SiteState.COMPLETE, 15, 1 + MOST + 1)


async def test_patterns_and_sites_are_counted_apart(frontier):
    await frontier.start(campaign(), [site(1), site(2, url="http://h1.test/other")])
    both = (*months(*range(8)), *months(*range(20, 28), pattern="h1.test/two"))
    asked = await drain(frontier, lambda lease: robots(lease) if lease.page_class is PageClass.ROBOTS else done(lease, *both))
    assert len(addresses(asked)) == 2 * (1 + 2 * MOST)
    assert [line.left_out for line in (await ledger(frontier)).values()] == [6, 6]


async def test_workers_share_the_count_and_a_link_found_twice_counts_once(frontier, valkey_url):
    other = RedisFrontier.from_url(valkey_url, politeness=Politeness(alike=MOST))
    await frontier.start(campaign(), [site(1)])
    answers = iter([months(0, 1, 2), months(0, 1, 2, 3), months(2, 3, 4, 5, 6)])
    asked = await drain(frontier, lambda lease: robots(lease) if lease.page_class is PageClass.ROBOTS else done(lease))
    assert len(addresses(asked)) == 1
    await frontier.start(campaign("d"), [site(1)])
    for one in (frontier, other, frontier):
        while not (leases := (await one.claim("w", 1)).leases):
            pass
        await one.finish("w", [done(lease, *next(answers)) for lease in leases])
    await drain(other)
    assert (await ledger(frontier, "d"))["s1"].left_out == 2
    await other.aclose()


async def test_no_limit_leaves_nothing_out(valkey_url, redis):
    frontier = RedisFrontier.from_url(valkey_url, politeness=Politeness(alike=0))
    await frontier.start(campaign(), [site(1)])
    assert len(addresses(await drain(frontier, calendar))) == 22
    assert await redis.exists(f"{P}traps:1.1") == 0
    await frontier.aclose()


async def test_patterns_of_a_hostile_site_are_bounded(frontier, redis):
    await frontier.start(campaign(), [site(1)])
    hostile = [Child(f"http://h1.test/{n}", PageClass.OTHER, pattern=f"h1.test/{n}") for n in range(1500)]
    home = lambda lease: done(lease, *(hostile if lease.page_class is PageClass.HOME else ()))  # noqa: E731 - two lines of test
    await drain(frontier, lambda lease: robots(lease) if lease.page_class is PageClass.ROBOTS else home(lease), rounds=3000)
    assert await redis.hlen(f"{P}traps:1.1") <= 1001


async def test_a_round_does_not_count_again_what_the_one_before_left_out(frontier, redis):
    signed = lambda lease: replace(calendar(lease), signature="00000000000000aa")  # noqa: E731 - one line of test
    await frontier.start(campaign(every=86_400.0), [site(1)])
    await drain(frontier, signed)
    for _ in range(2):
        await redis.zadd(f"{P}resting", {"1.1": 0})
        await drain(frontier, signed)
        line = (await ledger(frontier))["s1"]
        assert (line.left_out, line.state) == (15, SiteState.COMPLETE)


async def test_a_site_that_is_reset_counts_anew(frontier):
    await frontier.start(campaign(), [site(1)])
    await drain(frontier, calendar)
    assert await frontier.reset_site("c", "s1")
    await drain(frontier, calendar)
    assert (await ledger(frontier))["s1"].left_out == 15
