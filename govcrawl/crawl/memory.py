"""The memory of a worker: what was let go is given back to the system, and one that has grown too large starts afresh."""

import asyncio
import ctypes
import gc
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from govcrawl.crawl.desk import Tally
from govcrawl.crawl.loops import ended

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_GROWN = 1.1  # since the last time: then there may be something to give back
# However small the limit, so much is done between two starts.
LEAST_PAGES = 200
_STATM = Path("/proc/self/statm")


def resident_bytes() -> int:
    return int(_STATM.read_text().split()[1]) * 4096


class Memory:
    """`full` is called once, when `most_bytes` are exceeded although everything was given back."""

    def __init__(self, most_bytes: int, tally: Tally, full: Callable[[], None], look_seconds: float = _LOOK_SECONDS) -> None:
        self._most, self._tally, self._full, self._look_seconds = most_bytes, tally, full, look_seconds
        self._settled = 0
        self._loop: asyncio.Task[None] | None = None
        # glibc keeps what the many threads of a worker freed, each in a heap of its own; where it is another library, nothing is trimmed.
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)

    def open(self) -> None:
        self._loop = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            if await self._look():
                break
            await asyncio.sleep(self._look_seconds)
        log.warning("more memory than allowed; the worker finishes its pages and starts afresh", extra={"bytes": self._settled})
        self._full()

    async def _look(self) -> bool:
        """Whether the worker has to end."""
        if resident_bytes() > self._settled * _GROWN and self._trim:
            await asyncio.to_thread(self._trim, 0)
        self._settled = resident_bytes()
        if self._settled <= self._most or self._tally.finished < LEAST_PAGES:
            return False
        gc.collect()
        if self._trim:
            await asyncio.to_thread(self._trim, 0)
        self._settled = resident_bytes()
        return self._settled > self._most

    async def close(self) -> None:
        if self._loop:
            with suppress(asyncio.CancelledError):
                await ended([self._loop])
