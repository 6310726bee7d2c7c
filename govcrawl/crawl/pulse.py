"""What a worker says of itself: a line in the frontier every few seconds, and the lag of its event loop."""

import asyncio
import os
import socket
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from govcrawl.crawl.desk import Desk
from govcrawl.crawl.loops import ended
from govcrawl.crawl.patience import patiently
from govcrawl.frontier.model import WorkerStatus
from govcrawl.kit.clock import cpu_seconds, monotonic, utc_now

_WINDOW_SECONDS = 30.0
_BEAT_SECONDS = 0.02  # how finely the lag is measured


class Backlog(Protocol):
    """What waits for the store."""

    @property
    def waiting(self) -> int: ...

    @property
    def store_away(self) -> bool: ...

    @property
    def spooled_bytes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Mark:
    """The tally of the desk at a moment."""

    at: float
    finished: int = 0
    claims: int = 0
    claiming_seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)


class Pulse:
    """`max_lag_seconds` is the longest time since the start that the loop took to come round, `max_held_seconds` the longest for which
    this process was at work meanwhile: in the loop itself, or in a thread that kept the interpreter from it. On a machine that is busy
    with others, or stands still, the lag says nothing of this process; what it held does, and is never more than the lag.
    """

    def __init__(self, desk: Desk, backlog: Backlog, report_seconds: float) -> None:
        self.desk, self.backlog = desk, backlog
        self.max_lag_seconds = self.max_held_seconds = 0.0
        self.recent_lag_seconds = 0.0
        self._report_seconds = report_seconds
        self._marks: deque[Mark] = deque([Mark(monotonic())])
        self._loops: list[asyncio.Task[None]] = []

    def open(self) -> None:
        self._loops = [asyncio.create_task(loop) for loop in (self._report_loop(), self._lag_loop())]

    @property
    def pages_per_second(self) -> float:
        first, last = self._marks[0], self._marks[-1]
        return (last.finished - first.finished) / (last.at - first.at) if last.at > first.at else 0.0

    async def _report_loop(self) -> None:
        while True:
            self._mark()
            status = self.status()
            self.recent_lag_seconds = 0.0
            await patiently(lambda status=status: self.desk.frontier.report(status))  # type: ignore[misc]
            await asyncio.sleep(self._report_seconds)

    def _mark(self) -> None:
        now, tally = monotonic(), self.desk.tally
        self._marks.append(Mark(now, tally.finished, tally.claims, tally.claiming_seconds, Counter(tally.failures)))
        while len(self._marks) > 2 and now - self._marks[0].at > _WINDOW_SECONDS:
            self._marks.popleft()

    def status(self) -> WorkerStatus:
        first, last = self._marks[0], self._marks[-1]
        return WorkerStatus(
            id=self.desk.worker,
            host=socket.gethostname(),
            pid=os.getpid(),
            seen=utc_now(),
            pages=self.desk.tally.finished,
            pages_per_second=round(self.pages_per_second, 2),
            leased=self.desk.held,
            slots=self.desk.slots,
            fetching=self.desk.fetching,
            storing=self.backlog.waiting,
            recent=last.finished - first.finished,
            failures=dict(last.failures - first.failures),
            claim_seconds=round((last.claiming_seconds - first.claiming_seconds) / max(last.claims - first.claims, 1), 4),
            lag_seconds=round(self.recent_lag_seconds, 2),
            spooled_bytes=self.backlog.spooled_bytes,
            store_away=self.backlog.store_away,
            memory_bytes=resident_bytes(),
        )

    async def _lag_loop(self) -> None:
        while True:
            due, spent = monotonic() + _BEAT_SECONDS, cpu_seconds()
            await asyncio.sleep(_BEAT_SECONDS)
            lag = max(monotonic() - due, 0.0)
            self.max_lag_seconds = max(self.max_lag_seconds, lag)
            self.max_held_seconds = max(self.max_held_seconds, min(lag, cpu_seconds() - spent))
            self.recent_lag_seconds = max(self.recent_lag_seconds, lag)

    async def close(self) -> None:
        await ended(self._loops)


def resident_bytes() -> int:
    """The memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
