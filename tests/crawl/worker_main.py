"""A worker process for tests: `python tests/crawl/worker_main.py '{"redis": URL, "data_dir": DIR, ...}'`.

Prints one JSON line about itself at its end.
"""

import ipaddress
import json
import logging
import os
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar

from govcrawl.crawl.options import FetchLimits, Proxies, WorkerOptions
from govcrawl.crawl.settings import EXTENSIONS
from govcrawl.crawl.worker import run_worker
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.store.sqlite import SqliteStore


def main(words: dict) -> int:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    if words.get("tied", True):
        threading.Thread(target=end_with_parent, daemon=True).start()
    data_dir = Path(words["data_dir"])
    marks = []

    politeness = Politeness(in_flight=words["in_flight"]) if "in_flight" in words else None

    async def frontier() -> RedisFrontier:
        found = RedisFrontier.from_url(words["redis"], lease_seconds=words.get("lease_seconds", 60.0), politeness=politeness)
        finish = found.finish

        async def marked(worker, results):
            answer = await finish(worker, results)
            marks.append((time.perf_counter(), time.process_time()))
            return answer

        claim = found.claim

        async def first(worker, limit):
            # The work begins with the first claim: what starts before it, starts once.
            if not marks:
                marks.append((time.perf_counter(), time.process_time()))
            return await claim(worker, limit)

        found.finish, found.claim = marked, first
        return found

    options = WorkerOptions(
        worker=words.get("worker", "w1"),
        frontier=frontier,
        store=lambda: SqliteStore.open(data_dir),
        slots=words.get("slots", 64),
        until_idle=words.get("until_idle", True),
        allow_networks=(ipaddress.ip_network("127.0.0.0/8"),),
        proxies=Proxies(http=words.get("proxy", "")),
        limits=FetchLimits(**words.get("limits", {})),
        detectors=() if words.get("detectors") == "none" else None,
        cloaking_pages=words.get("cloaking_pages", 0),
        health_port=words.get("health_port"),
        heartbeat_seconds=words.get("heartbeat_seconds", 10.0),
        settings={"EXTENSIONS": {**EXTENSIONS, "tests.crawl.worker_main.LastWords": 0}, **words.get("settings", {})},
    )
    status = run_worker(options)
    (wall, cpu), (wall_end, cpu_end) = marks[0], marks[-1]
    print(json.dumps({"seconds": wall_end - wall, "cpu_seconds": cpu_end - cpu, **LastWords.said}), flush=True)
    return status


def end_with_parent() -> None:
    """A test that is cut off leaves no worker behind."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(1)


class LastWords:
    """A Scrapy extension that keeps the worker's own figures."""

    said: ClassVar[dict] = {}

    @classmethod
    def from_crawler(cls, crawler):
        from scrapy import signals

        self = cls()
        self.crawler = crawler
        crawler.signals.connect(self.closed, signals.spider_closed)
        return self

    def closed(self):
        scheduler = self.crawler.engine.scheduler
        LastWords.said.update(
            pages=scheduler.desk.tally.finished,
            claims=scheduler.desk.tally.claims,
            lost=scheduler.desk.tally.lost,
            max_lag_seconds=scheduler.pulse.max_lag_seconds,
            parts=dict(scheduler._services.seconds),
        )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from tests.crawl.worker_main import main as run

    sys.exit(run(json.loads(sys.argv[1])))
