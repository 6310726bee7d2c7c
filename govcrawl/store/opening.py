"""The choice between the two stores."""

from pathlib import Path

from govcrawl.store import dead_letters
from govcrawl.store.mappings import PREFIX
from govcrawl.store.protocol import Store
from govcrawl.store.server import Server
from govcrawl.store.sqlite import SqliteStore


async def open_store(server: Server | None, data_dir: Path) -> Store:
    """Elasticsearch where one is given, else SQLite in the data directory. Raises StoreUnreachable."""
    if server is None:
        return await SqliteStore.open(data_dir)
    # Here, because the client takes most of a second to import and one machine alone never needs it.
    from govcrawl.store.elastic import ElasticStore  # noqa: PLC0415

    return await ElasticStore.open(server, data_dir)


async def provision(server: Server, *, keys: Path | None = None, prefix: str = PREFIX, dry_run: bool) -> list[str]:
    """Makes indices and templates, or brings those of an older version up to this one. Returns what changed, or would.

    `keys` is a folder for API keys, a file each; None makes none. Raises StoreUnreachable.
    """
    from govcrawl.store import elastic_indices  # noqa: PLC0415 - as above
    from govcrawl.store import keys as api_keys  # noqa: PLC0415 - as above
    from govcrawl.store.elastic_client import connect, reachable  # noqa: PLC0415 - as above

    client = connect(server)
    try:
        async with reachable(server.url):
            changes = await elastic_indices.changes(client, prefix)
            if changes and not dry_run:
                await elastic_indices.set_up(client, prefix)
            if keys:
                changes += await api_keys.make(client, keys, prefix, dry_run=dry_run)
    finally:
        await client.close()
    return changes


async def replay(server: Server, data_dir: Path) -> int:
    """Writes the dead letters of this machine again; returns how many were tried. Raises StoreUnreachable, and then keeps them."""
    from govcrawl.store.elastic import ElasticStore  # noqa: PLC0415 - as above

    store = await ElasticStore.open(server, data_dir)
    try:
        letters = [letter for letter in dead_letters.take(data_dir) if letter.kind]
        for letter in letters:
            await store.repeat(letter.write)
        dead_letters.taken(data_dir)
    finally:
        await store.aclose()
    return len(letters)
