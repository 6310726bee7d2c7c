"""Whatever the order of claims, results, crashes, expiries and orders, every address is in exactly one place."""

import pytest

from govcrawl.frontier.redis_frontier import RedisFrontier
from tests.frontier.walk import POLITENESS, Walk


@pytest.fixture
async def walked(valkey_url, redis):
    opened = RedisFrontier.from_url(valkey_url, lease_seconds=60, politeness=POLITENESS)
    yield opened
    await opened.aclose()


@pytest.mark.parametrize("seed", range(4))
async def test_every_address_is_in_one_place_after_every_step(redis, walked, seed):
    walk = Walk(redis, walked, seed)
    await walk.run(120)
    assert not walk.keys.members("open")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 200))
async def test_every_address_is_in_one_place_after_every_step_of_long_walks(redis, walked, seed):
    walk = Walk(redis, walked, seed)
    await walk.run(1000)
    assert not walk.keys.members("open")
