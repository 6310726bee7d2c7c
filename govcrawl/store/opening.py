"""The choice between the two stores."""

from pathlib import Path

from govcrawl.store import dead_letters
from govcrawl.store.protocol import Store
from govcrawl.store.sqlite import SqliteStore


async def open_store(elasticsearch_url: str, api_key: str, data_dir: Path) -> Store:
    """Elasticsearch where an address is given, else SQLite in the data directory. Raises StoreUnreachable."""
    if not elasticsearch_url:
        return await SqliteStore.open(data_dir)
    # Here, because the client takes most of a second to import and one machine alone never needs it.
    from govcrawl.store.elastic import ElasticStore  # noqa: PLC0415

    return await ElasticStore.open(elasticsearch_url, api_key, data_dir)


async def provision(elasticsearch_url: str, api_key: str, *, dry_run: bool) -> list[str]:
    """Makes indices and templates, or brings those of an older version up to this one. Returns what changed, or would.

    Raises StoreUnreachable.
    """
    from govcrawl.store import elastic_indices  # noqa: PLC0415 - as above
    from govcrawl.store.elastic_client import connect, reachable  # noqa: PLC0415 - as above

    client = connect(elasticsearch_url, api_key)
    try:
        async with reachable(elasticsearch_url):
            changes = await elastic_indices.changes(client)
            if changes and not dry_run:
                await elastic_indices.set_up(client)
    finally:
        await client.close()
    return changes


async def replay(elasticsearch_url: str, api_key: str, data_dir: Path) -> int:
    """Writes the dead letters of this machine again; returns how many were tried. Raises StoreUnreachable, and then keeps them."""
    from govcrawl.store.elastic import ElasticStore  # noqa: PLC0415 - as above

    store = await ElasticStore.open(elasticsearch_url, api_key, data_dir)
    try:
        letters = [letter for letter in dead_letters.take(data_dir) if letter.kind]
        for letter in letters:
            await store.repeat(letter.write)
        dead_letters.taken(data_dir)
    finally:
        await store.aclose()
    return len(letters)
