"""The stores that the contract tests run against, and a real Elasticsearch."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from uuid import uuid4

import pytest
import pytest_asyncio
from elasticsearch import AsyncElasticsearch, Elasticsearch

from govcrawl.store import elastic_indices
from govcrawl.store.elastic import ElasticStore
from govcrawl.store.protocol import Store
from govcrawl.store.server import Server
from govcrawl.store.sqlite import SqliteStore
from tests.services import elasticsearch
from tests.services.java import Missing

_SERVER_CLOCK_SECONDS = 0.2  # thread_pool.estimated_time_interval, as it is by default


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    try:
        with elasticsearch.running() as url:
            yield url
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no Elasticsearch: {missing}")


@pytest.fixture(scope="session")
def indices(elasticsearch_url: str) -> Iterator[str]:
    """The prefix of a set of indices that all tests share: to make one takes a small machine many seconds."""
    with own_prefix(elasticsearch_url) as (client, name):
        asyncio.run(set_up(elasticsearch_url, name))
        # A deleted document leaves its version behind for so long, and the next test writes the same ids again.
        client.indices.put_settings(index=f"{name}-*", settings={"index.gc_deletes": "0s"})
        yield name


@pytest.fixture
def prefix(elasticsearch_url: str, indices: str) -> Iterator[str]:
    """The prefix of indices that are empty."""
    yield indices
    with Elasticsearch(elasticsearch_url, request_timeout=300) as client:
        client.indices.refresh(index=f"{indices}-*")
        client.delete_by_query(index=f"{indices}-*", query={"match_all": {}}, refresh=True)
        # Versions of what was deleted are dropped by a refresh, once the clock that the server reads has gone on.
        sleep(2 * _SERVER_CLOCK_SECONDS)
        client.indices.refresh(index=f"{indices}-*")


@pytest.fixture
def fresh_prefix(elasticsearch_url: str) -> Iterator[str]:
    """A prefix that no index has yet."""
    with own_prefix(elasticsearch_url) as (_, name):
        yield name


@contextmanager
def own_prefix(url: str) -> Iterator[tuple[Elasticsearch, str]]:
    """A prefix of index names that nobody else uses; what carries it is removed at the end."""
    name = f"govcrawl{uuid4().hex[:8]}"
    with Elasticsearch(url, request_timeout=300) as client:
        yield client, name
        client.indices.delete(index=f"{name}-*")
        client.options(ignore_status=404).indices.delete_index_template(name=f"{name}-*")
        client.options(ignore_status=404).cluster.delete_component_template(name=f"{name}@settings")


async def set_up(url: str, name: str) -> None:
    async with AsyncElasticsearch(url, request_timeout=300) as client:
        await elastic_indices.set_up(client, name)


@pytest_asyncio.fixture
async def elastic(elasticsearch_url: str, prefix: str, tmp_path: Path) -> AsyncIterator[ElasticStore]:
    opened = await ElasticStore.open(Server(elasticsearch_url), tmp_path, prefix)
    yield opened
    await opened.aclose()


@pytest_asyncio.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = await SqliteStore.open(tmp_path)
    yield opened
    await opened.aclose()


@pytest.fixture(params=["sqlite", "elastic"])
def store(request: pytest.FixtureRequest) -> Store:
    return request.getfixturevalue(request.param)
