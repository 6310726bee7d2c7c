"""What a worker says of itself: a line in the frontier every few seconds, and the lag of its event loop."""

import asyncio
import os
import socket
from collections import deque

from govcrawl.crawl.desk import Desk
from govcrawl.crawl.loops import ended
from govcrawl.crawl.patience import patiently
from govcrawl.frontier.model import WorkerStatus
from govcrawl.kit.clock import cpu_seconds, monotonic, utc_now

_WINDOW_SECONDS = 30.0
_BEAT_SECONDS = 0.02  # how finely the lag is measured


class Pulse:
    """`max_lag_seconds` is the longest time since the start that the loop took to come round, `max_held_seconds` the longest for which
    this process was at work meanwhile: in the loop itself, or in a thread that kept the interpreter from it. On a machine that is busy
    with others, or stands still, the lag says nothing of this process; what it held does, and is never more than the lag.
    """

    def __init__(self, desk: Desk, report_seconds: float) -> None:
        self.desk = desk
        self.max_lag_seconds = self.max_held_seconds = 0.0
        self.recent_lag_seconds = 0.0
        self._report_seconds = report_seconds
        self._marks: deque[tuple[float, int]] = deque([(monotonic(), 0)])
        self._loops: list[asyncio.Task[None]] = []

    def open(self) -> None:
        self._loops = [asyncio.create_task(loop) for loop in (self._report_loop(), self._lag_loop())]

    @property
    def pages_per_second(self) -> float:
        (first, before), (last, now) = self._marks[0], self._marks[-1]
        return (now - before) / (last - first) if last > first else 0.0

    async def _report_loop(self) -> None:
        while True:
            self._mark()
            status = self._status()
            await patiently(lambda status=status: self.desk.frontier.report(status))  # type: ignore[misc]
            await asyncio.sleep(self._report_seconds)

    def _mark(self) -> None:
        now = monotonic()
        self._marks.append((now, self.desk.tally.finished))
        while len(self._marks) > 2 and now - self._marks[0][0] > _WINDOW_SECONDS:
            self._marks.popleft()
        self.recent_lag_seconds = 0.0

    def _status(self) -> WorkerStatus:
        return WorkerStatus(
            id=self.desk.worker,
            host=socket.gethostname(),
            pid=os.getpid(),
            seen=utc_now(),
            pages=self.desk.tally.finished,
            pages_per_second=round(self.pages_per_second, 2),
            leased=self.desk.held,
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
