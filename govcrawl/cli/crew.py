"""The worker processes of one crawl."""

import multiprocessing
import os
import sys
import threading
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from govcrawl.cli import main
from govcrawl.cli.faults import UNREACHABLE, Fault, Unreachable
from govcrawl.crawl.options import AFRESH
from govcrawl.kit.clock import monotonic

LOG = "workers.log"
_DRAIN_SECONDS = 45.0  # longer than a fetch may take
_MAX_RESTARTS = 20


# Loads Python, Scrapy and the detectors' data once, however many workers there are, and shares the memory among them.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["govcrawl.cli.nursery"])


class Crew:
    """Starts workers, replaces those that die, and sends them home.

    When this process is gone, however it went, they end too.
    """

    def __init__(self, size: int, environ: Mapping[str, str], log: Path) -> None:
        self._size, self._environ, self._log = size, {**os.environ, **environ}, log
        self._processes: list[ForkServerProcess] = []
        self._restarts = 0

    def start(self) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._processes = [self._hire() for _ in range(self._size)]

    def _hire(self) -> ForkServerProcess:
        process = _FORKS.Process(target=_work, args=(self._environ, self._log))
        process.start()
        return process

    def tend(self) -> None:
        """Replaces workers that died. A Fault once that happens again and again, or a service is gone."""
        for at, process in enumerate(self._processes):
            status = process.exitcode
            if status is None:
                continue
            if status == UNREACHABLE:
                raise Unreachable(f"a worker cannot reach its services; see {self._log}")
            # Its memory was full: it has done a good deal of work, and there is nothing wrong.
            self._restarts += status != AFRESH
            if self._restarts > _MAX_RESTARTS:
                raise Fault(f"workers ended {_MAX_RESTARTS} times, last with status {status}; see {self._log}")
            process.close()
            self._processes[at] = self._hire()

    def stop(self) -> None:
        """SIGTERM, time to finish the pages under way, then SIGKILL: their leases expire and nothing is lost."""
        for process in self._processes:
            process.terminate()
        until = monotonic() + _DRAIN_SECONDS
        for process in self._processes:
            process.join(max(0.0, until - monotonic()))
            if process.exitcode is None:
                process.kill()
                process.join()
            process.close()
        self._processes = []


def _work(environ: Mapping[str, str], log: Path) -> None:
    """One worker, in a process of its own."""
    # Ctrl-C is for the crawl; its workers hear of it by SIGTERM, once.
    os.setpgid(0, 0)
    sink = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(sink, sys.stdout.fileno())
    os.dup2(sink, sys.stderr.fileno())
    os.environ.clear()
    os.environ.update(environ)
    threading.Thread(target=end_with_parent, daemon=True).start()
    sys.exit(main.run(["worker"]))


def end_with_parent() -> None:
    """Ends this process at once when the one that started it is gone: nothing is lost by it, the leases of a worker expire."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
