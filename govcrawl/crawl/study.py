"""The one thread in which pages are read and judged, so that the event loop goes on meanwhile."""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from govcrawl.kit.clock import monotonic
from govcrawl.page.cascade import sheet_of
from govcrawl.page.model import Page

T = TypeVar("T")

# How long the thread may keep the interpreter from the loop. Python's 5 ms would be paid at every turn of the loop: some hundred times
# a second where many hosts answer at once.
_SWITCH_SECONDS = 0.001
# Done in the loop's own thread: the way to the other one and back, with two that want the interpreter, costs as much as most of it. The loop
# must not be held for a tenth of a second. A parser may take that for 30 KB of broken tags; the judgement of what it made of 64 KB takes 65 ms
# at most on a slow machine, and what `ask` is for 0.05 to 0.4 ms on the median page, 13 ms on 466 KB.
_READ_BYTES, _SMALL_BYTES, _ASKED_BYTES = 16 * 1024, 64 * 1024, 512 * 1024
# Of such reading in one turn of the loop: where many small pages come at once, the others wait for the next.
_TURN_SECONDS = 0.02


class Study:
    """One job at a time: the caches behind pages and detectors were written for one reader, and two would share one interpreter anyway.

    A job gets values and returns one; frontier, store, notes and counters are the loop's.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "study")
        self._seat, self._door = asyncio.Lock(), asyncio.Lock()
        self._spent = 0.0
        self._began: float | None = None

    async def read(self, size: int, job: Callable[[], T]) -> T:
        """Of a page of so many bytes that is new here. It comes in behind the pages that were begun: a parsed page is ten times its bytes."""
        if size < _READ_BYTES:
            return await self._here(job)
        async with self._door:
            return await self._seated(job)

    async def go_on(self, page: Page, job: Callable[[], T]) -> T:
        """What takes as long as reading the page, which was read: its judgement, or whether its links can be seen."""
        return await (self._here(job) if _is_small(page, _SMALL_BYTES) else self._seated(job))

    async def ask(self, page: Page, job: Callable[[], T]) -> T:
        """A question that is answered by a look at the page, which was read: where it leads, what it needs."""
        return await (self._here(job) if _is_small(page, _ASKED_BYTES) else self._seated(job))

    async def _seated(self, job: Callable[[], T]) -> T:
        async with self._seat:
            self._began = monotonic()
            try:
                return await asyncio.get_running_loop().run_in_executor(self._thread, job)
            finally:
                self._began = None

    def busy_seconds(self) -> float:
        """How long the job in the thread has taken so far."""
        return 0.0 if self._began is None else monotonic() - self._began

    async def _here(self, job: Callable[[], T]) -> T:
        if self._seat.locked() or self._spent > _TURN_SECONDS:
            async with self._seat:
                while self._spent > _TURN_SECONDS:  # noqa: ASYNC110 - a turn of the loop has no event
                    await asyncio.sleep(0)
                return self._timed(job)
        return self._timed(job)

    def _timed(self, job: Callable[[], T]) -> T:
        if not self._spent:
            asyncio.get_running_loop().call_soon(self._turned)
        started = monotonic()
        try:
            return job()
        finally:
            self._spent += monotonic() - started

    def _turned(self) -> None:
        self._spent = 0.0

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


def _is_small(page: Page, most: int) -> bool:
    """With what was fetched for it and is read with it: the sheets of most pages were read with others. The text of a document may be any
    number of times its bytes.
    """
    new = sum(len(text) for text in page.sheets.values() if text not in sheet_of) + sum(map(len, page.answers.values()))
    return not page.is_document and new < _SMALL_BYTES and len(page.body) + new < most


def share_the_interpreter() -> None:
    """For the whole process."""
    sys.setswitchinterval(_SWITCH_SECONDS)
