"""Processes die and services stop answering in the middle of a crawl: nothing is lost, nothing is doubled."""

import asyncio
import os
import signal
from collections import Counter

import pytest

from govcrawl.frontier.model import SiteState
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Web
from tests.e2e import kills
from tests.e2e.outcome import hiding_web

HOSTS, PAGES, SLOTS = 6, 25, 16
# A page is given up where its worker was lost three times: on a busy machine a living worker, too, may be late by seconds.
LEASES = {"lease_seconds": 8.0, "heartbeat_seconds": 1.0}
PAUSE_SECONDS = 8  # less than the patience of one command


def sites_of(web: Web) -> list[Site]:
    return [Site(f"s{number}", web.url(number)) for number in range(HOSTS)]


async def outcome(cluster: Cluster) -> tuple[set[str], dict[str, tuple[str, str, int]], dict[str, tuple[SiteState, int, int]]]:
    findings = await cluster.findings()
    ledger = {line.id: (line.state, line.pages, line.failed_pages) for line in (await cluster.ledger()).values()}
    return set(findings), findings, ledger


@pytest.fixture(scope="module")
def web():
    with hiding_web(PAGES, HOSTS) as served:
        yield served


@pytest.fixture(scope="module")
def undisturbed(web, tmp_path_factory):
    web.hits.clear()
    with Cluster.open(tmp_path_factory.mktemp("undisturbed")) as cluster:
        asyncio.run(cluster.start(sites_of(web)))
        cluster.run(slots=SLOTS)
        ids, findings, ledger = asyncio.run(outcome(cluster))
    assert len(ids) >= HOSTS
    assert set(ledger.values()) == {(SiteState.COMPLETE, PAGES, 0)}
    assert Counter(web.pages).most_common(1)[0][1] == 1
    return ids, findings, ledger


async def test_a_killed_worker_loses_no_page_and_doubles_no_finding(web, undisturbed, tmp_path):
    web.hits.clear()
    with Cluster.open(tmp_path) as cluster:
        await cluster.start(sites_of(web))
        for pages in (20, 60):
            worker = cluster.worker(slots=SLOTS, **LEASES)
            web.wait(pages)
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        cluster.run(slots=SLOTS, **LEASES)
        assert await outcome(cluster) == undisturbed
    again = Counter(web.pages).total() - HOSTS * PAGES
    assert 0 <= again <= 2 * SLOTS


async def test_a_frontier_that_pauses_stalls_no_loop_and_loses_nothing(web, undisturbed, tmp_path):
    web.hits.clear()
    with Cluster.open(tmp_path) as cluster:
        await cluster.start(sites_of(web))
        worker = cluster.worker(slots=SLOTS)
        web.wait(20)
        pid = cluster.server_pid()
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(PAUSE_SECONDS)
        os.kill(pid, signal.SIGCONT)
        said = cluster.ended(worker)
        assert await outcome(cluster) == undisturbed
    # What blocks on the frontier stalls for all of the pause; a second or two is a machine with too much to do.
    assert said["max_lag_seconds"] < PAUSE_SECONDS / 2
    assert Counter(web.pages).most_common(1)[0][1] == 1


async def test_a_frontier_that_is_killed_and_started_again_loses_nothing(web, undisturbed, tmp_path):
    web.hits.clear()
    with Cluster.open(tmp_path) as cluster:
        await cluster.start(sites_of(web))
        worker = cluster.worker(slots=SLOTS, **LEASES)
        web.wait(20)
        cluster.kill_server()
        cluster.ended(worker)
        assert await outcome(cluster) == undisturbed


def test_workers_killed_at_random_then_everything_at_once_lose_nothing(tmp_path):
    """The short form of `python -m tests.e2e.kills`. How long the loop is held is told there: a busy machine holds it, too."""
    said = kills.run(seconds=8.0, pause=3.0, pages=30, seed=0, folder=tmp_path)
    assert said["kills"] >= 4
    assert set(kills.faults(said)) <= {"loop_held_seconds"}
