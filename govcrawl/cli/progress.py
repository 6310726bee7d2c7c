"""Progress of a campaign on stderr: a live line on a terminal, a plain one now and then elsewhere."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from govcrawl.cli.output import say
from govcrawl.frontier.model import CampaignStatus, SiteState
from govcrawl.kit.clock import monotonic

_PLAIN_EVERY_SECONDS = 10.0
_FINAL = (SiteState.COMPLETE, SiteState.PARTIAL, SiteState.FAILED)


class CampaignProgress:
    """Shown once a campaign takes longer than two seconds."""

    def __init__(self, quiet_seconds: float = 2.0) -> None:
        console = Console(stderr=True)
        self._bar = (
            Progress(
                TextColumn("{task.completed}/{task.total} sites"),
                BarColumn(),
                TextColumn("{task.description}"),
                TimeElapsedColumn(),
                console=console,
                transient=True,
            )
            if console.is_terminal
            else None
        )
        self._task = self._bar.add_task("", total=None) if self._bar else None
        self._started = self._told = monotonic()
        self._quiet_seconds = quiet_seconds
        self._pages_before: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, status: CampaignStatus) -> None:
        seconds = monotonic() - self._started
        if self._pages_before is None:
            self._pages_before = status.pages
        if seconds < self._quiet_seconds:
            return
        done, total = sum(status.sites.get(state, 0) for state in _FINAL), sum(status.sites.values())
        words = f"{status.pages} pages, {(status.pages - self._pages_before) / seconds:.1f}/s, {status.queued} queued, {status.leased} under way"
        if self._bar and self._task is not None:
            self._bar.start()
            self._bar.update(self._task, completed=done, total=total, description=words)
        elif monotonic() - self._told >= _PLAIN_EVERY_SECONDS:
            self._told = monotonic()
            say(f"{seconds:.0f} s: {done} of {total} sites, {words}")
