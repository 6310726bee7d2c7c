"""What a page leaves behind, on its way into the store in batches."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from govcrawl.crawl.loops import ended, endless
from govcrawl.crawl.patience import patiently
from govcrawl.findings.model import NotInspected, Observation
from govcrawl.store.protocol import ColumnRecord, Store


@dataclass(slots=True)
class Notes:
    observations: list[Observation] = field(default_factory=list)
    columns: list[ColumnRecord] = field(default_factory=list)
    not_inspected: list[NotInspected] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.observations or self.columns or self.not_inspected)


class Notebook:
    """One writer for the whole worker: while a batch is on its way, the next one gathers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._gathered: list[tuple[Notes, asyncio.Future[None]]] = []
        self._news = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self.waiting = 0  # pages whose notes are not durable yet
        self.store_away = False

    @property
    def spooled_bytes(self) -> int:
        """What waits on this machine for a store that takes no writes."""
        return self._store.spooled_bytes

    def open(self) -> None:
        self._loop = endless(self._write_loop())

    async def put(self, notes: Notes) -> None:
        """Returns once the notes are durable, however long that takes."""
        if not notes:
            return
        stored = asyncio.get_running_loop().create_future()
        self._gathered.append((notes, stored))
        self._news.set()
        self.waiting += 1
        try:
            await stored
        finally:
            self.waiting -= 1

    async def _write_loop(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            batch, self._gathered = self._gathered, []
            await self._write([notes for notes, _ in batch])
            for _, stored in batch:
                if not stored.done():
                    stored.set_result(None)

    async def _write(self, batch: Iterable[Notes]) -> None:
        batch = list(batch)
        observations = [one for notes in batch for one in notes.observations]
        columns = [one for notes in batch for one in notes.columns]
        not_inspected = [one for notes in batch for one in notes.not_inspected]
        if observations:
            await patiently(lambda: self._store.record(observations), self._outage)
        if columns:
            await patiently(lambda: self._store.record_columns(columns), self._outage)
        if not_inspected:
            await patiently(lambda: self._store.record_not_inspected(not_inspected), self._outage)

    def _outage(self, begins: bool) -> None:
        self.store_away = begins

    async def close(self) -> None:
        if self._loop:
            await ended([self._loop])
