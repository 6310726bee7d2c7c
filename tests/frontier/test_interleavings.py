"""Whatever the order of claims, results, crashes, expiries and orders, every address is in exactly one place."""

import pytest

from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier
from tests.frontier.walk import Walk


async def walk(redis, url, seed, length):
    """One request to a host at a time, as in production, or two."""
    in_flight = 1 + seed % 2
    politeness = Politeness(in_flight=in_flight, patience=2, retry_seconds=0.0)
    frontier = RedisFrontier.from_url(url, lease_seconds=60, politeness=politeness)
    try:
        walked = Walk(redis, frontier, seed, in_flight)
        await walked.run(length)
        assert not walked.keys.members("open")
    finally:
        await frontier.aclose()


@pytest.mark.parametrize("seed", range(6))
async def test_every_address_is_in_one_place_after_every_step(redis, valkey_url, seed):
    await walk(redis, valkey_url, seed, 120)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 200))
async def test_every_address_is_in_one_place_after_every_step_of_long_walks(redis, valkey_url, seed):
    await walk(redis, valkey_url, seed, 1000)
