"""The stores that the contract tests run against, and a real Elasticsearch."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from elasticsearch import AsyncElasticsearch

from govcrawl.store.elastic import ElasticStore
from govcrawl.store.protocol import Store
from govcrawl.store.sqlite import SqliteStore
from tests.services import elasticsearch
from tests.services.java import Missing


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    try:
        with elasticsearch.running() as url:
            yield url
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no Elasticsearch: {missing}")


@pytest_asyncio.fixture
async def prefix(elasticsearch_url: str) -> AsyncIterator[str]:
    """A prefix of index names that nobody else uses; what carries it is removed at the end."""
    name = f"govcrawl{uuid4().hex[:8]}"
    yield name
    async with AsyncElasticsearch(elasticsearch_url, request_timeout=60) as client:
        await client.indices.delete(index=f"{name}-*")
        await client.indices.delete_index_template(name=f"{name}-*")
        await client.options(ignore_status=404).cluster.delete_component_template(name=f"{name}@settings")


@pytest_asyncio.fixture
async def elastic(elasticsearch_url: str, prefix: str, tmp_path: Path) -> AsyncIterator[ElasticStore]:
    opened = await ElasticStore.open(elasticsearch_url, "", tmp_path, prefix)
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
