"""How long a host is left alone, whoever asks."""

import pytest

from govcrawl.frontier.model import Child, Outcome, PageClass, Reason, Result
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.kit.clock import monotonic
from tests.frontier.worker import article, at_once, campaign, dead, done, pages, retry, robots, site


@pytest.fixture
async def strict(valkey_url, redis):
    """A frontier as it is by default."""
    opened = RedisFrontier.from_url(valkey_url)
    yield opened
    await opened.aclose()


async def fetched_home(frontier, redis, delay=0.0, **facts):
    """The lease of a home page; robots.txt has been had long ago."""
    await frontier.start(campaign(delay=delay), [site(1, **facts)])
    (asked,) = (await frontier.claim("w", 1)).leases
    await frontier.finish("w", [robots(asked)])
    await at_once(redis)
    (home,) = (await frontier.claim("w", 1)).leases
    return home


async def wait(frontier):
    claim = await frontier.claim("w", 1)
    assert claim.leases == ()
    return claim.wait_seconds


async def test_a_host_rests_for_its_delay_counted_from_the_start_of_a_fetch(strict, redis):
    home = await fetched_home(strict, redis, delay=50.0)
    await strict.finish("w", [Result(home, Outcome.DONE, status=200, children=(article(home, 1),), started=monotonic())])
    assert 49 < await wait(strict) <= 50


async def test_a_site_may_ask_for_its_own_delay(strict, redis):
    home = await fetched_home(strict, redis, delay=1.0, delay_seconds=30.0)
    await strict.finish("w", [done(home, article(home, 1))])
    assert 28 < await wait(strict) <= 30


async def test_without_a_delay_the_next_page_is_due_at_once(strict, redis):
    home = await fetched_home(strict, redis)
    result = Result(home, Outcome.DONE, status=200, response_seconds=3.0, children=(article(home, 1),))
    await strict.finish("w", [result])
    assert len((await strict.claim("w", 1)).leases) == 1


async def test_a_slow_host_is_asked_less_often(strict, redis):
    home = await fetched_home(strict, redis, delay=1.0)
    result = Result(home, Outcome.DONE, status=200, response_seconds=4.0, children=(article(home, 1),), started=monotonic())
    await strict.finish("w", [result])
    assert 6 < await wait(strict) <= 8


async def test_a_throttled_host_rests_as_long_as_it_asked(strict, redis):
    home = await fetched_home(strict, redis)
    await strict.finish("w", [retry(home, Reason.THROTTLED, 429, after=30.0)])
    assert 28 < await wait(strict) <= 30


async def test_a_host_that_throttles_again_rests_twice_as_long(strict, redis):
    home = await fetched_home(strict, redis)
    await strict.finish("w", [retry(home, Reason.THROTTLED, 429)])
    assert 55 < await wait(strict) <= 66
    await at_once(redis)
    (home,) = (await strict.claim("w", 1)).leases
    await strict.finish("w", [retry(home, Reason.THROTTLED, 429)])
    assert 115 < await wait(strict) <= 132


async def test_a_page_that_robots_txt_forbids_costs_the_host_no_rest(strict, redis):
    await strict.start(campaign(delay=60.0), [site(1, url="http://one.test/a"), site(2, url="http://one.test/b")])
    (asked,) = (await strict.claim("w", 1)).leases
    await strict.finish("w", [robots(asked)])
    await at_once(redis, "one.test")
    (lease,) = (await strict.claim("w", 1)).leases
    await strict.finish("w", [dead(lease, Reason.ROBOTS)])
    assert len((await strict.claim("w", 1)).leases) == 1


async def test_a_slow_host_holds_up_no_other(strict, redis):
    await strict.start(campaign(), [site(n) for n in range(8)])
    slow, *others = (await strict.claim("w", 8)).leases
    await strict.finish("w", [robots(lease) for lease in others])
    assert {lease.host for lease in (await strict.claim("w", 8)).leases} == {lease.host for lease in others}
    assert slow.host not in {lease.host for lease in others}


# With a budget of two, the page under way holds all that is left of it.
@pytest.mark.parametrize("max_pages", [None, 2])
async def test_a_host_out_of_reach_is_given_up_with_all_its_queue(valkey_url, redis, max_pages):
    frontier = RedisFrontier.from_url(valkey_url, politeness=Politeness(retry_seconds=0.0, patience=4))
    await frontier.start(campaign(max_pages=max_pages), [site(1)])
    (home,) = await pages(frontier)
    await frontier.finish("w", [done(home, *(Child(f"http://h1.test/{n}", PageClass.OTHER) for n in range(50)))])
    for _ in range(4):
        (lease,) = (await frontier.claim("w", 1)).leases
        await frontier.finish("w", [retry(lease, Reason.TIMEOUT)])
    claim = await frontier.claim("w", 1)
    assert claim.leases == ()
    (closing,) = claim.closing
    assert (closing.state, closing.reason, closing.pages) == ("partial", Reason.TIMEOUT, 1)
    await frontier.aclose()
