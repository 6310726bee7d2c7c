"""A worker for tests and benches: `python tests/crawl/worker_main.py '{"redis": URL, "data_dir": DIR, ...}'` prints one JSON line at its end."""

import ipaddress
import json
import logging
import re
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from govcrawl.crawl.memory import resident_bytes
from govcrawl.crawl.options import FetchLimits, Proxies, VisitLimits, WorkerOptions
from govcrawl.crawl.settings import EXTENSIONS
from govcrawl.crawl.worker import run_worker
from govcrawl.detectors.base import Detector
from govcrawl.findings.model import Category
from govcrawl.frontier.politeness import Politeness
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.store.protocol import Store
from govcrawl.store.server import Server
from govcrawl.store.sqlite import SqliteStore


def work(words: dict, say: Callable[[dict], None]) -> int:
    """Works to the end, then says of itself."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    data_dir = Path(words["data_dir"])
    marks = []

    politeness = Politeness(in_flight=words["in_flight"]) if "in_flight" in words else None
    if "politeness" in words:
        politeness = Politeness(**words["politeness"])
    if "names" in words:
        resolve_by(words["names"])

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
        store=lambda: _store(words, data_dir),
        slots=words.get("slots", 64),
        until_idle=words.get("until_idle", True),
        allow_networks=tuple(map(ipaddress.ip_network, words.get("allow", ["127.0.0.0/8"]))),
        proxies=Proxies(http=words.get("proxy", "")),
        limits=FetchLimits(**words.get("limits", {})),
        visits=VisitLimits(**words.get("visits", {})),
        detectors=detectors(words.get("detectors", "")),
        cloaking_pages=words.get("cloaking_pages", 0),
        strangers=words.get("strangers", 0),
        qr_images=words.get("qr_images", 0),
        probes=words.get("probes", ""),
        health_port=words.get("health_port"),
        **{name: words[name] for name in ("mandate", "memory_bytes", "stuck_seconds", "by_address") if name in words},
        heartbeat_seconds=words.get("heartbeat_seconds", 10.0),
        settings={"EXTENSIONS": {**EXTENSIONS, "tests.crawl.worker_main.LastWords": 0}, **words.get("settings", {})},
    )
    status = run_worker(options)
    (wall, cpu), (wall_end, cpu_end) = marks[0], marks[-1]
    say({"seconds": wall_end - wall, "cpu_seconds": cpu_end - cpu, **LastWords.said})
    return status


async def _store(words: dict, data_dir: Path) -> Store:
    """SQLite, unless `elasticsearch` gives an address and a prefix of indices."""
    if "elasticsearch" not in words:
        return await SqliteStore.open(data_dir)
    # Here: it takes a second to import, and few tests need it.
    from govcrawl.store.elastic import ElasticStore

    url, prefix = words["elasticsearch"]
    return await ElasticStore.open(Server(url), data_dir, prefix)


def detectors(word: str) -> tuple[Detector, ...] | None:
    """None: all of them."""
    return {"": None, "none": (), "stuck": (Stuck(),)}[word]


class Stuck(Detector):
    """Never comes back from some pages: `/turns` leaves the interpreter to others now and then, `/holds` does not."""

    id = "tests/stuck"
    category = Category.DARK_LINK
    title = "Stuck"

    def inspect(self, page, _context):
        while "/turns" in page.url:
            pass
        if "/holds" in page.url:
            re.match(r"(a+)+$", "a" * 64 + "b")
        return iter(())


def resolve_by(names: dict[str, list[str] | int]) -> None:
    """The system's resolver knows these names too: the addresses, or the number of its error."""
    system = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **words):
        if host not in names:
            return system(host, port, *args, **words)
        if isinstance(names[host], int):
            raise socket.gaierror(names[host], "as the test says")
        return [entry for address in names[host] for entry in system(address, port, *args, **words)]

    socket.getaddrinfo = getaddrinfo


def peak_bytes() -> int:
    """The most memory that this process ever held. Not `ru_maxrss`, which begins with what the parent held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


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
            max_held_seconds=scheduler.pulse.max_held_seconds,
            parts=dict(scheduler._services.seconds),
            peak_bytes=peak_bytes(),
            resident_bytes=resident_bytes(),
        )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from tests.crawl.worker_main import work as run

    sys.exit(run(json.loads(sys.argv[1]), lambda said: print(json.dumps(said), flush=True)))
