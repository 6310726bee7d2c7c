"""One SQLite file, used from one thread of this process and open to other processes at the same time.

No cursor may leave that thread: CPython resets the statement of a cursor where the cursor is freed, and another write of the same SQL
may be using the same cached statement at that moment ("bad parameter or other API misuse", seen in a crawl). The cursor of `rows` is
alone on a connection of its own.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import TypeVar

from govcrawl.kit.clock import monotonic
from govcrawl.store.protocol import StoreUnreachable
from govcrawl.store.sqlite_schema import SCHEMA

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

# A batch holds the write lock for milliseconds; a minute means that another process hangs.
BUSY_TIMEOUT_SECONDS = 60.0
_LOOK_AGAIN_SECONDS = 0.01
_PORTION = 500


class Database:
    """Work runs in a thread of its own, so that the event loop never waits for the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")
        self._connection: sqlite3.Connection | None = None

    async def create(self) -> None:
        """Creates the file and the tables where they are missing."""

        def made(connection: sqlite3.Connection) -> None:
            connection.executescript(SCHEMA)

        await self.read(made)

    async def read(self, work: Work[T]) -> T:
        """Runs `work` outside a transaction. Raises TypeError where it returns a cursor."""
        return await self._in_thread(lambda: _without_cursor(work(self._connected())))

    async def write(self, work: Work[T]) -> T:
        """Runs `work` as one transaction: all of it is on the disk on return, or nothing of it.

        Raises TypeError, and writes nothing, where `work` returns a cursor.
        """
        return await self._in_thread(lambda: _transaction(self._connected(), work))

    async def rows(self, sql: str, values: Sequence[object]) -> AsyncGenerator[tuple[str, ...], None]:
        """Rows of one snapshot, read in portions: writers go on meanwhile, and the memory stays small."""
        reader = await self._in_thread(self._connect)
        try:
            cursor = await self._in_thread(lambda: reader.execute(sql, values))
            while portion := await self._in_thread(lambda: cursor.fetchmany(_PORTION)):
                for row in portion:
                    yield row
        finally:
            await self._in_thread(reader.close)

    async def close(self) -> None:
        if self._connection:
            await self._in_thread(self._connection.close)
            self._connection = None
        self._thread.shutdown(wait=True)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        with self._translated():
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # No implicit transactions: `write` says where one begins and ends.
        connection = sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
        _write_ahead(connection)
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as fault:
            raise StoreUnreachable(
                f"{self._path}: {fault}; check that the data directory can be written and has room, or name another with --data-dir"
            ) from fault


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Sets the journal mode of the file, once.

    Where another process is at that, SQLite says SQLITE_BUSY at once instead of waiting for the timeout of the connection.
    """
    until = monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
            sleep(_LOOK_AGAIN_SECONDS)
        else:
            return


def _without_cursor(outcome: T) -> T:
    if isinstance(outcome, sqlite3.Cursor):
        raise TypeError("a cursor may not leave the thread of its connection; return what was read from it")
    return outcome


def _transaction(connection: sqlite3.Connection, work: Work[T]) -> T:
    # IMMEDIATE: a transaction that begins by reading could not wait for another writer later.
    connection.execute("BEGIN IMMEDIATE")
    try:
        outcome = _without_cursor(work(connection))
    except BaseException:
        if connection.in_transaction:  # a full disk has rolled back already
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return outcome
