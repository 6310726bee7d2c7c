"""Workers killed at random, then everything at once, then a frontier that stands still: what is lost, doubled or fetched again.

    python -m tests.e2e.kills [--seconds 120] [--pause 30] [--seed 0]

Every page is crawled undisturbed first; ledger and findings of the disturbed crawl must equal that. A page may be fetched again only
where its worker was killed over it: at most one page a slot and kill.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from govcrawl.frontier.model import SiteState
from govcrawl.frontier.redis_frontier import RedisFrontier
from tests.crawl.cluster import Cluster, Worker
from tests.crawl.web import Web
from tests.e2e.outcome import hiding_web, sites_of

HOSTS, SLOTS, WORKERS = 20, 16, 3
LEASES = {"lease_seconds": 8.0, "heartbeat_seconds": 1.0, "slots": SLOTS}
MOST_LAG_SECONDS = 0.1
_DELAY_SECONDS = 0.25
_BETWEEN_KILLS = (2.0, 5.0)  # seconds

Outcome = tuple[dict[str, tuple[str, str, int]], dict[str, tuple[SiteState, int, int]]]


async def outcome(cluster: Cluster) -> Outcome:
    ledger = {line.id: (line.state, line.pages, line.failed_pages) for line in (await cluster.ledger()).values()}
    return await cluster.findings(), ledger


def undisturbed(web: Web, folder: Path) -> Outcome:
    with Cluster.open(folder) as cluster:
        asyncio.run(cluster.start(sites_of(web)))
        cluster.run(slots=SLOTS)
        found = asyncio.run(outcome(cluster))
    web.hits.clear()
    return found


class Crew:
    """Workers that are replaced when they are killed."""

    def __init__(self, cluster: Cluster, dice: random.Random) -> None:
        self._cluster, self._dice = cluster, dice
        self.kills = 0
        self._names = 0
        self.workers = [self._hire() for _ in range(WORKERS)]

    def _hire(self) -> Worker:
        self._names += 1
        return self._cluster.worker(f"w{self._names}", **LEASES)

    def kill_one(self) -> None:
        number = self._dice.randrange(WORKERS)
        self.kill(self.workers[number])
        self.workers[number] = self._hire()

    def kill(self, worker: Worker) -> None:
        try:
            os.killpg(worker.pid, signal.SIGKILL)
        except ProcessLookupError:
            worker.kill()  # so young that it leads no group yet
        worker.wait()
        self.kills += 1


def disturbed(web: Web, folder: Path, seconds: float, seed: int) -> tuple[Outcome, dict[str, int]]:
    dice = random.Random(seed)
    with Cluster.open(folder) as cluster:
        asyncio.run(cluster.start(sites_of(web), delay_seconds=_DELAY_SECONDS))
        crew, until = Crew(cluster, dice), time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(dice.uniform(*_BETWEEN_KILLS))
            crew.kill_one()
        at = len(web.pages)
        cluster.kill_server()
        for worker in crew.workers:
            crew.kill(worker)
        asyncio.run(_hurry(cluster))
        cluster.run(**LEASES)
        return asyncio.run(outcome(cluster)), {"kills": crew.kills, "pages_before_the_last": at}


async def _hurry(cluster: Cluster) -> None:
    frontier = RedisFrontier.from_url(cluster.url)
    await frontier.adjust("c1", delay_seconds=0.0)
    await frontier.aclose()


def paused(web: Web, folder: Path, seconds: float) -> tuple[Outcome, float]:
    """The frontier stands still for so long in the middle of a crawl. Returns the longest that the worker's loop was held, too."""
    web.hits.clear()
    with Cluster.open(folder) as cluster:
        asyncio.run(cluster.start(sites_of(web)))
        worker = cluster.worker(slots=SLOTS)
        web.wait(HOSTS * 2)
        pid = cluster.server_pid()
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(pid, signal.SIGCONT)
        said = cluster.ended(worker)
        return asyncio.run(outcome(cluster)), said["max_held_seconds"]


def differences(one: Outcome, other: Outcome) -> dict[str, int]:
    (findings, ledger), (found, led) = one, other
    return {
        "lost_findings": len(findings.keys() - found.keys()),
        "doubled_findings": len(found.keys() - findings.keys())
        + sum(found[name][2] != findings[name][2] for name in findings.keys() & found.keys()),
        "sites_otherwise": sum(ledger[name] != led.get(name) for name in ledger),
    }


def run(seconds: float, pause: float, pages: int, seed: int, folder: Path) -> dict[str, object]:
    with hiding_web(pages, HOSTS) as web:
        whole = undisturbed(web, folder / "undisturbed")
        after, told = disturbed(web, folder / "kills", seconds, seed)
        fetched = Counter(web.pages)
        standing, held = paused(web, folder / "pause", pause)
        return {
            "pages": HOSTS * pages,
            "findings": len(whole[0]),
            **told,
            **differences(whole, after),
            "lost_pages": HOSTS * pages - len(fetched),
            "fetched_again": fetched.total() - len(fetched),
            "most_again": SLOTS * told["kills"],
            "after_the_pause": sum(differences(whole, standing).values()),
            "loop_held_seconds": round(held, 3),
        }


def faults(said: dict[str, object]) -> list[str]:
    wrong = [
        name for name in ("lost_findings", "doubled_findings", "sites_otherwise", "lost_pages", "after_the_pause") if said[name]
    ]
    wrong += ["fetched_again"] if said["fetched_again"] > said["most_again"] else []
    return wrong + (["loop_held_seconds"] if said["loop_held_seconds"] > MOST_LAG_SECONDS else [])


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.kills", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=120.0, help="of random kills")
    parser.add_argument("--pause", type=float, default=30.0, help="seconds for which the frontier stands still")
    parser.add_argument("--pages", type=int, default=600, help="of each of the 20 hosts")
    parser.add_argument("--seed", type=int, default=0, help="of the kills")
    words = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        said = run(words.seconds, words.pause, words.pages, words.seed, Path(folder))
    wrong = faults(said)
    print(json.dumps({**said, "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
