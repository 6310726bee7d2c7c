"""Writes of many tasks joined into few: while one is under way, the next ones wait together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

# A thousand findings are some megabytes of JSON, well under what one bulk request may hold.
MAX_ITEMS = 1000


class Batches(Generic[T]):
    """A task that puts items in goes on when they are written; a failed write fails all that wait for it."""

    def __init__(self, write: Callable[[list[T]], Awaitable[object]]) -> None:
        self._write = write
        self._waiting: list[tuple[Sequence[T], asyncio.Future[None]]] = []
        self._work: asyncio.Task[None] | None = None

    async def put(self, items: Sequence[T]) -> None:
        if not items:
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((items, done))
        if self._work is None:
            self._work = asyncio.create_task(self._drain())
        await asyncio.shield(done)

    async def _drain(self) -> None:
        try:
            while self._waiting:
                taken = self._take()
                outcome = await asyncio.gather(
                    self._write([item for items, _ in taken for item in items]), return_exceptions=True
                )
                for _, done in taken:
                    _settle(done, outcome[0])
        finally:
            self._work = None

    def _take(self) -> list[tuple[Sequence[T], "asyncio.Future[None]"]]:
        count = items = 0
        while count < len(self._waiting) and (count == 0 or items + len(self._waiting[count][0]) <= MAX_ITEMS):
            items += len(self._waiting[count][0])
            count += 1
        taken, self._waiting = self._waiting[:count], self._waiting[count:]
        return taken


def _settle(done: "asyncio.Future[None]", outcome: object) -> None:
    if done.done():
        return
    if isinstance(outcome, BaseException):
        done.set_exception(outcome)
    else:
        done.set_result(None)
