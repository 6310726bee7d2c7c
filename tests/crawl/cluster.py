"""A real Valkey and real worker processes for the tests of the crawl."""

import multiprocessing
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from redis import Redis

from govcrawl.cli.crew import end_with_parent
from govcrawl.frontier.embedded import EmbeddedValkey
from govcrawl.frontier.model import Campaign, CampaignStatus, SiteStatus
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.kit.clock import utc_now
from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery
from govcrawl.store.sqlite import SqliteStore
from tests.crawl import worker_main

ROOT = Path(__file__).resolve().parents[2]
# As `govcrawl crawl` starts its workers: Python, Scrapy and the data of the detectors are loaded once.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["govcrawl.cli.nursery", "tests.crawl.worker_main"])


class Worker:
    """A worker process. It leads a group of its own, so that a kill of the whole group reaches what it started, too."""

    def __init__(self, words: dict) -> None:
        self._said, said = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(target=_work, args=(words, said))
        self._process.start()
        said.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> None:
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("a worker", timeout)

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        if self.returncode is None:
            self._process.kill()

    def said(self) -> dict:
        """What it said of itself at its end."""
        return self._said.recv()

    def close(self) -> None:
        self.kill()
        self._process.join()
        self._process.close()
        self._said.close()


def _work(words: dict, said: Connection) -> None:
    os.setpgid(0, 0)
    threading.Thread(target=end_with_parent, daemon=True).start()
    status = worker_main.work(words, said.send)
    raise SystemExit(status)


class Cluster:
    def __init__(self, data_dir: Path, held: ExitStack) -> None:
        self.url, self.data_dir, self._held = "", data_dir, held
        self._workers: list[Worker] = []

    @classmethod
    @contextmanager
    def open(cls, data_dir: Path) -> Iterator["Cluster"]:
        with ExitStack() as held:
            cluster = cls(data_dir, held)
            cluster.start_server()
            try:
                yield cluster
            finally:
                for worker in cluster._workers:
                    worker.close()

    def start_server(self) -> None:
        self.url = self._held.enter_context(EmbeddedValkey.open(self.data_dir)).url

    def server_pid(self) -> int:
        with Redis.from_url(self.url) as client:
            return client.info("server")["process_id"]

    def kill_server(self) -> None:
        """Kills the server without a warning and starts it again on what it had written."""
        os.kill(self.server_pid(), signal.SIGKILL)
        self._held.close()
        self.start_server()

    def worker(self, name: str = "w1", **words: object) -> Worker:
        worker = Worker({"redis": self.url, "data_dir": str(self.data_dir), "worker": name, **words})
        self._workers.append(worker)
        return worker

    def run(self, timeout: float = 900, **words: object) -> dict:
        """One worker to its end; what it said of itself."""
        return self.ended(self.worker(**words), timeout)

    def ended(self, worker: Worker, timeout: float = 900) -> dict:
        try:
            worker.wait(timeout)
        finally:
            worker.kill()
        assert worker.returncode == 0
        return worker.said()

    async def start(self, sites: Sequence[Site], campaign: str = "c1", **words: object) -> None:
        frontier = RedisFrontier.from_url(self.url)
        await frontier.start(Campaign(campaign, utc_now(), **{"today": "2017-04-01", "delay_seconds": 0.0, **words}), sites)
        await frontier.aclose()

    async def ledger(self, campaign: str = "c1") -> dict[str, SiteStatus]:
        frontier = RedisFrontier.from_url(self.url)
        lines = {line.id: line async for line in frontier.ledger(campaign)}
        await frontier.aclose()
        return lines

    async def campaign(self, campaign: str = "c1") -> CampaignStatus:
        frontier = RedisFrontier.from_url(self.url)
        status = await frontier.campaign(campaign)
        await frontier.aclose()
        return status

    async def findings(self) -> dict[str, tuple[str, str, int]]:
        store = await SqliteStore.open(self.data_dir)
        found = {r.id: (r.finding.rule.id, r.site.id, r.occurrences) async for r in store.findings(FindingQuery())}
        await store.aclose()
        return found

    async def not_inspected(self, campaign: str = "c1") -> set[tuple[str, str, str]]:
        store = await SqliteStore.open(self.data_dir)
        found = {(r.url, r.what, r.reason) async for r in store.not_inspected(campaign)}
        await store.aclose()
        return found
