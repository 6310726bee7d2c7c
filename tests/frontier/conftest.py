"""A real Valkey for the tests of the frontier."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from govcrawl.frontier.embedded import EmbeddedValkey
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedValkey.open(Path(tmp_path_factory.mktemp("valkey"))) as server:
        yield server.url


@pytest.fixture
async def redis(valkey_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey_url)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
async def frontier(valkey_url: str, redis: Redis) -> AsyncIterator[RedisFrontier]:
    opened = RedisFrontier.from_url(valkey_url, lease_seconds=60, politeness=Politeness(retry_seconds=0.0))
    yield opened
    await opened.aclose()
