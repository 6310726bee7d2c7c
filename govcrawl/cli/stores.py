"""The store that the configuration names, opened for one command."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from govcrawl.cli.faults import Fault
from govcrawl.config import Config
from govcrawl.store.opening import open_store
from govcrawl.store.protocol import FindingQuery, Store
from govcrawl.store.sqlite import FILE_NAME


def place(config: Config) -> str:
    """Where the findings lie, in words."""
    return config.shown()["GOVCRAWL_ELASTICSEARCH_URL"] or str(config.data_dir / FILE_NAME)


def has_data(data_dir: Path) -> bool:
    return (data_dir / FILE_NAME).is_file()


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Store]:
    """For a crawl: what is missing is made."""
    store = await open_store(config.server, config.data_dir)
    try:
        yield store
    finally:
        await store.aclose()


@asynccontextmanager
async def stored(config: Config) -> AsyncIterator[Store]:
    """For reading and reviewing. A data directory without findings is a Fault, lest a typo in its name looks like a clean web."""
    if not config.elasticsearch_url and not has_data(config.data_dir):
        raise Fault(f"{config.data_dir}: nothing was stored there; run `govcrawl crawl`, or name another --data-dir")
    async with opened(config) as store:
        yield store


async def counted(config: Config, query: FindingQuery, by: str) -> Mapping[str, int]:
    """Counts of findings; nothing where nothing was stored yet."""
    if not config.elasticsearch_url and not has_data(config.data_dir):
        return {}
    async with opened(config) as store:
        return await store.count_findings(query, by)
