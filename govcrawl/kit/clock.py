"""The one place that reads the time."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")


def utc_now() -> datetime:
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds since an arbitrary moment; only differences mean anything."""
    return time.monotonic()


def cpu_seconds() -> float:
    """What all threads of this process have computed since its start: it stands still while the machine is busy with others."""
    return time.process_time()


def thread_seconds() -> float:
    """As `cpu_seconds`, of the calling thread alone."""
    return time.thread_time()


class Turn:
    """Seconds of the processor that one thread takes for the laps of a work, against a limit.

    To ask for them is a system call, ten times as dear as the time of the wall, which is never less: so the limit is looked at only once
    as much has gone by on the wall, and what the laps took together is shared out among them as they took it there.
    """

    def __init__(self, most: float) -> None:
        self._most, self._laps = most, dict[str, float]()
        self._computed, self._began = thread_seconds(), time.perf_counter()
        self._last = self._began

    def over(self) -> bool:
        """Whether the limit has been reached."""
        return self._over(time.perf_counter())

    def lap(self, name: str) -> bool:
        """What was done since the lap before is told under this name. Returns whether the limit has been reached."""
        now = time.perf_counter()
        self._laps[name] = now - self._last
        self._last = now
        return self._over(now)

    def _over(self, now: float) -> bool:
        return now - self._began >= self._most and thread_seconds() - self._computed >= self._most

    def seconds(self) -> dict[str, float]:
        """What each lap took of the processor."""
        share = (thread_seconds() - self._computed) / ((self._last - self._began) or 1.0)
        return {name: share * wall for name, wall in self._laps.items()}


def china_today() -> date:
    """The calendar day in China, where the pages are dated."""
    return datetime.now(CHINA).date()


def iso(moment: datetime) -> str:
    """UTC with milliseconds and a Z, as Elasticsearch's date type and the JSON lines carry it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
