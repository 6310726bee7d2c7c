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


def china_today() -> date:
    """The calendar day in China, where the pages are dated."""
    return datetime.now(CHINA).date()


def iso(moment: datetime) -> str:
    """UTC with milliseconds and a Z, as Elasticsearch's date type and the JSON lines carry it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
