"""Whatever the order of claims, results, crashes, expiries and orders, every address is in exactly one place."""

import pytest

from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier
from tests.frontier.walk import Walk


async def walk(redis, url, seed, length, *, calm=False):
    """One request to a host at a time, as in production, or two; now and then with a delay for addresses."""
    in_flight, address_seconds = 1 + seed % 2, 30.0 if seed % 3 == 0 else 0.0
    politeness = Politeness(
        in_flight=in_flight, patience=2, retry_seconds=0.0, address_seconds=address_seconds, alike=2 if seed % 2 else 0
    )
    frontier = RedisFrontier.from_url(url, lease_seconds=60, politeness=politeness)
    try:
        walked = Walk(redis, frontier, seed, in_flight, calm=calm)
        await walked.run(length)
        assert not walked.keys.members("open")
        return walked
    finally:
        await frontier.aclose()


@pytest.mark.parametrize("seed", range(6))
async def test_every_address_is_in_one_place_after_every_step(redis, valkey_url, seed):
    await walk(redis, valkey_url, seed, 120)


async def test_every_address_is_in_one_place_over_the_rounds_of_a_standing_campaign(redis, valkey_url):
    rounds, conditional = 0, 0
    for seed in (10, 11, 12):
        walked = await walk(redis, valkey_url, seed, 600, calm=True)
        rounds, conditional = max(rounds, *walked.rounds.values()), conditional + walked.conditional
        await redis.flushall()
    assert rounds > 2
    assert conditional > 5


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 250))
async def test_every_address_is_in_one_place_over_the_rounds_of_long_calm_walks(redis, valkey_url, seed):
    await walk(redis, valkey_url, seed, 1000, calm=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 200))
async def test_every_address_is_in_one_place_after_every_step_of_long_walks(redis, valkey_url, seed):
    await walk(redis, valkey_url, seed, 1000)
