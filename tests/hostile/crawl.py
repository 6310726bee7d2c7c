"""The hostile web crawled by two real workers, and what came of it."""

import asyncio
import contextlib
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from govcrawl.frontier.model import CampaignStatus, DeadLetter, SiteState, SiteStatus
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster, Worker
from tests.hostile.behaviour import DONE, Behaviour
from tests.hostile.server import Host, HostileWeb

# Short, so that what hangs does not hold up the test; far above what the others need, also where the machine stops for seconds.
# Sizes are those of the product.
LIMITS = {"total_seconds": 24.0, "connect_seconds": 16.0, "read_seconds": 18.0}
POLITENESS = {"retry_seconds": 0.3, "throttle_seconds": 0.2, "throttle_cap_seconds": 0.5, "patience": 99}
WORKERS = 2
SLOTS = 100
MAX_DEPTH = 12
HANG_SECONDS = 1200
MOST_BYTES = 400 * 2**20  # of memory, ever held by a worker
MOST_STALL_SECONDS = 0.25


@dataclass(frozen=True)
class Came:
    """What became of one host."""

    behaviour: Behaviour
    word: str
    tries: int
    faults: tuple[str, ...]


@dataclass
class Report:
    came: list[Came] = field(default_factory=list)
    said: list[dict] = field(default_factory=list)
    seconds: float = 0.0
    crashes: int = 0
    hangs: int = 0
    accounts: dict[str, int] = field(default_factory=dict)

    @property
    def wrong(self) -> list[Came]:
        return [one for one in self.came if one.faults]

    @property
    def peak_bytes(self) -> int:
        return max((said["peak_bytes"] for said in self.said), default=0)

    @property
    def stall_seconds(self) -> float:
        """The longest time that a loop came round late while its own process was at work (crawl/pulse.py): what the pages did to it. The
        lag itself grows with whatever else the machine has to do, and with what its host takes from it; a stop of seconds was seen.
        """
        return self._longest("max_held_seconds")

    def _longest(self, name: str) -> float:
        return max((said[name] for said in self.said), default=0.0)

    def faults(self) -> list[str]:
        """What of the acceptance does not hold, beside pages that came out otherwise than expected."""
        ends = self.accounts["sites"] - self.accounts["sites_with_an_end"]
        held = {
            f"{self.crashes} crashes, {self.hangs} hangs": self.crashes + self.hangs == 0,
            f"{len(self.wrong)} behaviours did not come out as expected": not self.wrong,
            f"{ends} sites without an end, {self.accounts['unaccounted']} pages unaccounted for": not ends
            + self.accounts["unaccounted"],
            f"a worker took more than {MOST_BYTES >> 20} MiB": self.peak_bytes <= MOST_BYTES,
            f"a loop stood still for more than {MOST_STALL_SECONDS} s": self.stall_seconds <= MOST_STALL_SECONDS,
            "a worker said nothing at its end": len(self.said) == WORKERS,
        }
        return [fault for fault, holds in held.items() if not holds]

    def figures(self) -> dict[str, object]:
        return {
            "behaviours": len(self.came),
            "as_expected": len(self.came) - len(self.wrong),
            "workers": WORKERS,
            "crashes": self.crashes,
            "hangs": self.hangs,
            **self.accounts,
            "peak_mib_of_a_worker": round(self.peak_bytes / 2**20),
            "longest_stall_ms": round(self.stall_seconds * 1000),
            "longest_lag_ms_of_this_machine": round(self._longest("max_lag_seconds") * 1000),
            "seconds": round(self.seconds, 1),
            "seconds_at_work": round(max((said["seconds"] for said in self.said), default=0.0), 1),
            "cpu_seconds_at_work": round(sum(said["cpu_seconds"] for said in self.said), 1),
        }


def crawl(behaviours: Sequence[Behaviour], folder: Path) -> Report:
    with HostileWeb(behaviours, folder) as web, Cluster.open(folder) as cluster:
        report = Report()
        sites = {f"h{number:03d}": host for number, host in enumerate(web.hosts)}
        asyncio.run(cluster.start([Site(name, host.url) for name, host in sites.items()]))
        began = time.monotonic()
        workers = [cluster.worker(f"w{number}", **_words(web.hosts)) for number in range(WORKERS)]
        for worker in workers:
            _wait(cluster, worker, report)
        report.seconds = time.monotonic() - began
        asyncio.run(_judge(cluster, web, sites, report))
        return report


def _words(hosts: Sequence[Host]) -> dict:
    names = {host.behaviour.host: host.names for host in hosts if host.behaviour.names}
    return {
        "limits": LIMITS, "politeness": POLITENESS, "slots": SLOTS, "names": names, "visits": {"depth": MAX_DEPTH}, "allow": ["127.8.0.0/16", "127.99.0.0/16", "::1/128"],
    }  # fmt: skip


def _wait(cluster: Cluster, worker: Worker, report: Report) -> None:
    try:
        report.said.append(cluster.ended(worker, HANG_SECONDS))
    except subprocess.TimeoutExpired:
        report.hangs += 1
    except (AssertionError, EOFError):
        report.crashes += 1


async def _judge(cluster: Cluster, web: HostileWeb, sites: dict[str, Host], report: Report) -> None:
    ledger, status = await cluster.ledger(), await cluster.campaign()
    letters = defaultdict(list)
    frontier = RedisFrontier.from_url(cluster.url)
    async for letter in frontier.dead_letters("c1"):
        letters[letter.site].append(letter)
    await frontier.aclose()
    warned = {site for rule, site, _ in (await cluster.findings()).values() if rule == "availability/insecure-tls"}
    gaps = defaultdict(set)
    with contextlib.suppress(FileNotFoundError):
        for url, what, reason in await cluster.not_inspected():
            gaps[url.split("/")[2]].add((what, reason))
    for name, host in sites.items():
        hits = web.hits[host.address, "/"]
        faults = tuple(_faults(host.behaviour, ledger[name], letters[name], hits, gaps[host.place]))
        # All certificates of the hostile web are made by the host itself.
        if (name in warned) != bool(host.behaviour.tls and host.behaviour.word == DONE):
            faults += ("its TLS is a finding" if name in warned else "its TLS is no finding",)
        report.came.append(Came(host.behaviour, _word(ledger[name]), hits, faults))
    report.accounts = _accounts(ledger, status)


def _word(line: SiteStatus) -> str:
    if line.state in (SiteState.COMPLETE, SiteState.PARTIAL):
        return DONE
    return line.reason.value if line.reason else line.state.value


def _faults(
    behaviour: Behaviour, line: SiteStatus, letters: Sequence[DeadLetter], hits: int, gaps: set[tuple[str, str]]
) -> Iterator[str]:
    had = behaviour.word == DONE
    if (word := _word(line)) != behaviour.word:
        yield f"word {word}"
    if (line.pages, line.failed_pages) != (had + behaviour.extra, (not had) + behaviour.failed):
        yield f"{line.pages} pages, {line.failed_pages} failed"
    if len(letters) != (not had) + behaviour.failed:
        yield f"{len(letters)} dead letters"
    # Half of a handshake is counted for robots.txt, too. A busy machine may give up a try before the server saw it.
    most = behaviour.tries + (behaviour.scheme == "https" and not behaviour.tls)
    if not had and (hits > most or (letters and letters[0].attempts != max(behaviour.tries, 1))):
        yield f"{hits} tries, {letters[0].attempts if letters else 0} attempts"
    reasons = {reason for _, reason in gaps}
    if missing := [gap for gap in behaviour.gaps if not any(gap in reason for reason in reasons)]:
        yield f"not told: {', '.join(missing)}; told: {sorted(gaps)}"
    # The name of an exception is what the isolation of detectors and pages leaves of a crash.
    if crashed := [f"{what}: {reason}" for what, reason in gaps if reason.endswith(("Error", "Exception", "Warning"))]:
        yield f"broke: {', '.join(sorted(crashed))}"


def _accounts(ledger: dict[str, SiteStatus], status: CampaignStatus) -> dict[str, int]:
    return {
        "sites": len(ledger),
        "sites_with_an_end": sum(line.state not in (SiteState.WAITING, SiteState.RUNNING) for line in ledger.values()),
        "pages": status.pages,
        "failed_pages": status.failed_pages,
        "unaccounted": status.queued + status.leased,
    }
