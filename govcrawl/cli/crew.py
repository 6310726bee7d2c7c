"""The worker processes of one crawl."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from govcrawl.cli.faults import UNREACHABLE, Fault, Unreachable
from govcrawl.kit.clock import monotonic

LOG = "workers.log"
_DRAIN_SECONDS = 45.0  # longer than a fetch may take
_MAX_RESTARTS = 20


class Crew:
    """Starts workers, replaces those that die, and sends them home.

    Each holds the reading end of a pipe: when this process is gone, however it went, the pipe closes and they end too.
    """

    def __init__(self, size: int, environ: Mapping[str, str], log: Path) -> None:
        self._size, self._environ, self._log = size, environ, log
        self._processes: list[subprocess.Popen[bytes]] = []
        self._sink: IO[bytes] | None = None
        self._restarts = 0

    def start(self) -> None:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._sink = self._log.open("ab")
        self._processes = [self._hire() for _ in range(self._size)]

    def _hire(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "govcrawl", "worker", "--tied"],
            env={**os.environ, **self._environ},
            stdin=subprocess.PIPE,
            stdout=self._sink,
            stderr=self._sink,
            # Ctrl-C is for us; the workers hear of it by SIGTERM, once.
            process_group=0,
        )

    def tend(self) -> None:
        """Replaces workers that died. A Fault once that happens again and again, or a service is gone."""
        for at, process in enumerate(self._processes):
            status = process.poll()
            if status is None:
                continue
            if status == UNREACHABLE:
                raise Unreachable(f"a worker cannot reach its services; see {self._log}")
            self._restarts += 1
            if self._restarts > _MAX_RESTARTS:
                raise Fault(f"workers ended {_MAX_RESTARTS} times, last with status {status}; see {self._log}")
            _close(process)
            self._processes[at] = self._hire()

    def stop(self) -> None:
        """SIGTERM, time to finish the pages under way, then SIGKILL: their leases expire and nothing is lost."""
        for process in self._processes:
            process.terminate()
        until = monotonic() + _DRAIN_SECONDS
        for process in self._processes:
            try:
                process.wait(max(0.0, until - monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _close(process)
        self._processes = []
        if self._sink:
            self._sink.close()


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
