"""Pages a second and CPU of one worker against stock scrapy-redis, on the same generated webs in the same run, as JSON.

    python -m tests.bench.crawl [--hosts 40] [--pages 100] [--rounds 3] [--slots 64]

Medians of the rounds; the three crawls of a round take turns, so that a slow minute of the machine hits them alike. The floors are in
floors.toml and held by `python -m tests.bench`.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from govcrawl.frontier.embedded import EmbeddedValkey
from govcrawl.frontier.model import Campaign
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.kit.clock import utc_now
from govcrawl.sites.model import Site
from tests.bench.webs import address

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("stock", "ours_without_detectors", "ours_with_all_detectors")
DRESSED = "ours_on_dressed_pages"  # with all detectors, on pages with style sheets

# Fetched beside the pages; only pages are counted.
_BESIDE = ("/robots.txt", ".css")


class Bench:
    def __init__(self, hosts: int, pages: int, slots: int, port: int) -> None:
        self.hosts, self.pages, self.slots, self.port = hosts, pages, slots, port
        self.seeds = [f"http://{address(host)}:{port}/" for host in range(hosts)]

    def crawl(self, kind: str) -> dict:
        """One crawl of all pages from cold seeds: what it says of itself, and what the server counted."""
        self._ask("/__reset")
        with tempfile.TemporaryDirectory() as folder, EmbeddedValkey.open(Path(folder)) as server:
            command = self._stock(server.url) if kind == "stock" else self._ours(server.url, folder, kind)
            done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError(f"{kind} ended with {done.returncode}: {done.stderr[-2000:]}")
        said = json.loads(done.stdout.splitlines()[-1])
        return {**said, **self._counted()}

    def _stock(self, redis_url: str) -> list[str]:
        # Deprecation warnings are what stock scrapy-redis has many of; printing them would count against it.
        script = str(ROOT / "tests/bench/stock_worker.py")
        return [sys.executable, "-W", "ignore", script, redis_url, str(self.slots), *self.seeds]

    def _ours(self, redis_url: str, folder: str, kind: str) -> list[str]:
        asyncio.run(self._start(redis_url))
        # As many at once on a host as Scrapy's default, which stock runs with; our own default is one.
        words = {"redis": redis_url, "data_dir": folder, "slots": self.slots, "in_flight": 8}
        if kind == "ours_without_detectors":
            words["detectors"] = "none"
        return [sys.executable, str(ROOT / "tests/crawl/worker_main.py"), json.dumps(words)]

    async def _start(self, redis_url: str) -> None:
        frontier = RedisFrontier.from_url(redis_url)
        campaign = Campaign("bench", utc_now(), today="2017-04-01", delay_seconds=0.0)
        await frontier.start(campaign, [Site(f"s{number}", seed) for number, seed in enumerate(self.seeds)])
        await frontier.aclose()

    def _counted(self) -> dict:
        counts = {place: n for place, n in json.loads(self._ask("/__counts")).items() if not place.endswith(_BESIDE)}
        again = sum(n - 1 for n in counts.values())
        return {"pages": sum(counts.values()), "missing": self.hosts * self.pages - len(counts), "fetched_again": again}

    def _ask(self, path: str) -> bytes:
        connection = HTTPConnection(address(0), self.port)
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        finally:
            connection.close()


def summary(rounds: list[dict[str, dict]]) -> dict:
    """Rates, and the medians of the ratios that each round gave by itself."""
    result: dict = {}
    for kind in (*KINDS, DRESSED):
        runs = [measured[kind] for measured in rounds]
        result[kind] = {
            "pages_per_second": round(statistics.median(run["pages"] / run["seconds"] for run in runs), 1),
            "cpu_ms_per_page": round(statistics.median(1000 * run["cpu_seconds"] / run["pages"] for run in runs), 3),
            "missing": max(run["missing"] for run in runs),
            "fetched_again": max(run["fetched_again"] for run in runs),
        }
    for kind in KINDS[1:]:
        for by, measure in (("wall", "seconds"), ("cpu", "cpu_seconds")):
            ratios = [(m["stock"][measure] / m["stock"]["pages"]) / (m[kind][measure] / m[kind]["pages"]) for m in rounds]
            result[kind][f"times_stock_by_{by}"] = round(statistics.median(ratios), 2)
    sheets = [
        m[DRESSED]["cpu_seconds"] / m[DRESSED]["pages"] / (m[KINDS[2]]["cpu_seconds"] / m[KINDS[2]]["pages"]) for m in rounds
    ]
    result[DRESSED]["times_undressed_by_cpu"] = round(statistics.median(sheets), 2)
    result["where_a_page_goes_ms"] = _table([measured["ours_with_all_detectors"] for measured in rounds])
    return result


def _table(runs: list[dict]) -> dict[str, float]:
    """Milliseconds a page by part, as the worker timed them. `waiting` takes no time of the processor; `inspect` holds the detectors;
    `other` is Scrapy, aiohttp, the clients of frontier and store, and the event loop.
    """
    parts = {
        part: statistics.median(1000 * run["parts"].get(part, 0.0) / run["pages"] for run in runs)
        for part in sorted({part for run in runs for part in run["parts"]})
    }
    whole = statistics.median(1000 * run["cpu_seconds"] / run["pages"] for run in runs)
    accounted = sum(parts.get(part, 0.0) for part in ("parse", "inspect"))
    return {
        **{part: round(value, 3) for part, value in parts.items()},
        "other": round(whole - accounted, 3),
        "all": round(whole, 3),
    }


def measure(hosts: int, pages: int, rounds: int, slots: int = 64) -> dict:
    with served(hosts, pages) as port, served(hosts, pages, "dressed") as dressed_port:
        plain, dressed = Bench(hosts, pages, slots, port), Bench(hosts, pages, slots, dressed_port)
        measured = [{**{kind: plain.crawl(kind) for kind in KINDS}, DRESSED: dressed.crawl(DRESSED)} for _ in range(rounds)]
    return {"hosts": hosts, "pages_per_host": pages, "rounds": rounds, **summary(measured)}


@contextmanager
def served(hosts: int, pages: int, *words: str) -> Iterator[int]:
    """The port of a web in a process of its own. Webs have the same addresses, so it is the port that tells them apart."""
    command = [sys.executable, str(ROOT / "tests/bench/webs.py"), str(hosts), str(pages), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def bench(short: bool) -> dict:
    """For `python -m tests.bench`: the figures that have floors, and the rest beside them."""
    result = measure(10, 30, 1) if short else measure(40, 100, 3)
    ours, bare = result["ours_with_all_detectors"], result["ours_without_detectors"]
    return {
        "ratio_wall": ours["times_stock_by_wall"],
        "ratio_cpu": ours["times_stock_by_cpu"],
        "ratio_wall_without_detectors": bare["times_stock_by_wall"],
        "ratio_cpu_without_detectors": bare["times_stock_by_cpu"],
        "dressed_to_undressed_cpu": result[DRESSED]["times_undressed_by_cpu"],
        "pages_missing": max(ours["missing"], bare["missing"], result[DRESSED]["missing"]),
        "pages_fetched_again": max(ours["fetched_again"], bare["fetched_again"]),
        **result,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--pages", type=int, default=100, help="of each host")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slots", type=int, default=64)
    words = parser.parse_args()
    print(json.dumps(measure(words.hosts, words.pages, words.rounds, words.slots), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
