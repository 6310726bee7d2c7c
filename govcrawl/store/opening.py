"""The choice between the two stores."""

from pathlib import Path

from govcrawl.store.protocol import Store
from govcrawl.store.sqlite import SqliteStore


async def open_store(elasticsearch_url: str, api_key: str, data_dir: Path) -> Store:
    """Elasticsearch where an address is given, else SQLite in the data directory. Raises StoreUnreachable."""
    if not elasticsearch_url:
        return await SqliteStore.open(data_dir)
    # Here, because the client takes most of a second to import and one machine alone never needs it.
    from govcrawl.store.elastic import ElasticStore  # noqa: PLC0415

    return await ElasticStore.open(elasticsearch_url, api_key, data_dir)
