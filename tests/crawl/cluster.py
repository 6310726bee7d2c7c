"""A real Valkey and real worker processes for the tests of the crawl."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from redis import Redis

from govcrawl.frontier.embedded import EmbeddedValkey
from govcrawl.frontier.model import Campaign, CampaignStatus, SiteStatus
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.kit.clock import utc_now
from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery
from govcrawl.store.sqlite import SqliteStore

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "tests" / "crawl" / "worker_main.py"


class Cluster:
    def __init__(self, data_dir: Path, held: ExitStack) -> None:
        self.url, self.data_dir, self._held = "", data_dir, held
        self._workers: list[subprocess.Popen[str]] = []

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
                    if worker.poll() is None:
                        worker.kill()
                    worker.wait()
                    worker.stdout.close()
                    worker.stdin.close()

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

    def worker(self, name: str = "w1", **words: object) -> subprocess.Popen[str]:
        words = {"redis": self.url, "data_dir": str(self.data_dir), "worker": name, **words}
        # A session of its own, so that a kill of the whole group reaches the worker and what it started.
        process = subprocess.Popen(
            [sys.executable, str(MAIN), json.dumps(words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            cwd=ROOT,
        )
        self._workers.append(process)
        return process

    def run(self, timeout: float = 300, **words: object) -> dict:
        """One worker to its end; what it said of itself."""
        return self.ended(self.worker(**words), timeout)

    def ended(self, worker: subprocess.Popen[str], timeout: float = 300) -> dict:
        # Not `communicate`, which would close stdin, and the worker with it.
        try:
            worker.wait(timeout)
        finally:
            worker.kill()
        out = worker.stdout.read()
        assert worker.returncode == 0
        return json.loads(out.splitlines()[-1])

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
