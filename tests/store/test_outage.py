"""The real server is killed in the middle of bulk requests, or stopped for two minutes, while a crawl writes to it.

python -m tests.services.elasticsearch python -m pytest tests/store/test_outage.py -m slow     # the two minutes
"""

import asyncio
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from govcrawl.frontier.model import SiteState
from govcrawl.store.elastic import ElasticStore
from govcrawl.store.protocol import FindingQuery, SiteReport
from govcrawl.store.server import Server
from tests.crawl.cluster import Cluster
from tests.crawl.web import Web
from tests.e2e.outcome import Found, found, hiding_web, sites_of, undisturbed
from tests.findings.observed import SITE, after, observation
from tests.services import elasticsearch
from tests.services.java import Missing
from tests.store.conftest import own_prefix, set_up
from tests.store.test_contract import page

HOSTS, SLOTS = 6, 16
LEASES = {"lease_seconds": 8.0, "heartbeat_seconds": 1.0}
# More than a worker holds whom no server keeps waiting: the client of Elasticsearch, and the pages that may wait, 6 a slot.
MORE_BYTES = 80 << 20


_PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class Course:
    """What happens to the server, with how many pages a site, at which pace. `within` is the least that is fetched meanwhile."""

    end: str
    seconds: float
    pages: int
    delay_seconds: float
    within: int


KILLED = Course("kill", 0, 40, 0.0, 100)
STOPPED = Course("stop", 120, 300, 0.5, 600)


@dataclass(frozen=True)
class Outcome:
    expected: Found
    found: Found
    ledger: dict[str, tuple[SiteState, int, int]]
    fetched: Counter[tuple[str, str]]
    fetched_meanwhile: int
    peak_bytes: int
    undisturbed_peak_bytes: int
    left_on_disk: list[Path]
    stormed: "Stormed"


@dataclass(frozen=True)
class Stormed:
    """What somebody wrote who did nothing else: batches acknowledged, and what the store then had of them."""

    batches: int
    behind_the_outage: int
    findings: int
    occurrences: Counter[int]
    events: int


class Storm:
    """Bulk requests without a pause, so that the server dies in the middle of one. Each batch has new findings, on two pages each."""

    FINDINGS = 200

    def __init__(self, url: str, prefix: str, data_dir: Path) -> None:
        self._place = (Server(url), data_dir, prefix)
        self._client = Elasticsearch(url, request_timeout=300)
        self._prefix = prefix
        self._end = threading.Event()
        self.batches = 0

    def run(self, outage: threading.Event) -> Stormed:
        with self._client:
            return asyncio.run(self._run(outage))

    def wait(self, batches: int) -> None:
        until = time.monotonic() + 300
        while self.batches < batches:
            if time.monotonic() > until:
                raise TimeoutError(f"only {self.batches} batches were written")
            time.sleep(0.005)

    def end(self) -> None:
        self._end.set()

    async def _run(self, outage: threading.Event) -> Stormed:
        store = await ElasticStore.open(*self._place)
        behind = 0
        while not self._end.is_set():
            subjects = [f"http://bet{self.batches}-{number}.test/" for number in range(self.FINDINGS)]
            await store.record([observation(page(place), subject) for subject in subjects for place in ("a", "b")])
            self.batches += 1
            behind += outage.is_set()
            # What gathers in two minutes without a pause takes the server longer than that to write.
            await asyncio.sleep(_PAUSE_SECONDS if outage.is_set() else 0)
        await _until_written(self._place[1])
        await store.record_site(SiteReport(SITE, page(""), "2026-q1", "partial", "budget", 2, 0, after(30)))
        await store.flush()
        occurrences = Counter([one.occurrences async for one in store.findings(FindingQuery(site=SITE.id))])
        await store.aclose()
        told = self._client.count(index=f"{self._prefix}-events", query={"term": {"site.id": SITE.id}})["count"]
        return Stormed(self.batches, behind, occurrences.total(), occurrences, told)


async def _until_written(data_dir: Path) -> None:
    """The store writes what waits by itself, within half a minute after the server is back."""
    async with asyncio.timeout(300):
        while list((data_dir / "spool").glob("*.jsonl")):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)


def _disturbed(server: elasticsearch.Server, web: Web, course: Course, folder: Path) -> Outcome:
    expected, peak_before = undisturbed(web, folder / "undisturbed", SLOTS)
    with own_prefix(server.url) as (_, prefix), Cluster.open(folder / "worker") as cluster, ThreadPoolExecutor(1) as aside:
        asyncio.run(set_up(server.url, prefix))
        asyncio.run(cluster.start(sites_of(web), delay_seconds=course.delay_seconds))
        storm, outage = Storm(server.url, prefix, folder / "storm"), threading.Event()
        stormed = aside.submit(storm.run, outage)
        try:
            storm.wait(2)
            worker = cluster.worker(slots=SLOTS, elasticsearch=(server.url, prefix), **LEASES)
            web.wait(60)
            before = len(web.pages)
            getattr(server, course.end)()
            outage.set()
            stopped = time.monotonic()
            web.wait(before + course.within)
            storm.wait(storm.batches + 2)
            time.sleep(max(stopped + course.seconds - time.monotonic(), 0.0))
            meanwhile = len(web.pages) - before
        finally:
            storm.end()
            server.start()
        peak = cluster.ended(worker)["peak_bytes"]
        storms = stormed.result()
        ledger = {line.id: (line.state, line.pages, line.failed_pages) for line in asyncio.run(cluster.ledger()).values()}
        seen = asyncio.run(_read(server.url, prefix, folder / "reader"))
        left = [path for name in ("worker", "storm") for path in (folder / name / "spool").glob("*")]
        return Outcome(expected, seen, ledger, Counter(web.pages), meanwhile, peak, peak_before, left, storms)


async def _read(url: str, prefix: str, folder: Path) -> Found:
    store = await ElasticStore.open(Server(url), folder, prefix)
    await store.flush()
    seen = await found(store)
    await store.aclose()
    return seen


@pytest.fixture(scope="module", params=[KILLED, pytest.param(STOPPED, marks=pytest.mark.slow)], ids=lambda course: course.end)
def course(request: pytest.FixtureRequest) -> Course:
    return request.param


@pytest.fixture(scope="module")
def outcome(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    try:
        with elasticsearch.stoppable() as server, hiding_web(course.pages, HOSTS) as web:
            yield _disturbed(server, web, course, tmp_path_factory.mktemp("outage"))
    except Missing as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no Elasticsearch that may be stopped: {missing}")


def test_the_crawl_goes_on_while_the_server_is_away(outcome, course):
    assert outcome.fetched_meanwhile >= course.within


def test_no_finding_of_the_crawl_is_lost_and_none_is_doubled(outcome):
    assert len(outcome.expected.findings) >= HOSTS
    assert outcome.found == outcome.expected
    assert not outcome.left_on_disk


def test_every_page_is_visited_once_and_every_site_is_complete(outcome, course):
    assert set(outcome.ledger.values()) == {(SiteState.COMPLETE, course.pages, 0)}
    assert outcome.fetched.most_common(1)[0][1] == 1


def test_the_worker_does_not_hold_in_memory_what_it_cannot_write(outcome):
    assert outcome.peak_bytes < outcome.undisturbed_peak_bytes + MORE_BYTES


def test_what_was_in_a_bulk_request_when_the_server_went_is_there_once(outcome):
    stormed = outcome.stormed
    assert stormed.behind_the_outage
    assert stormed.findings == stormed.batches * Storm.FINDINGS
    assert stormed.occurrences == {2: stormed.findings}
    assert stormed.events == stormed.findings
