"""The stores that the contract tests run against."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from govcrawl.store.protocol import Store
from govcrawl.store.sqlite import SqliteStore


@pytest_asyncio.fixture(params=["sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    opened = await SqliteStore.open(tmp_path)
    yield opened
    await opened.aclose()
