"""A worker that has grown too large finishes its pages and asks to be started again."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from govcrawl.crawl.desk import Tally
from govcrawl.crawl.memory import LEAST_PAGES, Memory
from govcrawl.crawl.options import AFRESH
from govcrawl.frontier.model import SiteState
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Web

PAGES = 3 * LEAST_PAGES


@asynccontextmanager
async def watched(most_bytes: int, finished: int):
    """A watch over this process, and the event of its call."""
    called = asyncio.Event()
    watch = Memory(most_bytes, Tally(finished=finished), called.set, look_seconds=0.05)
    watch.open()
    yield called
    await watch.close()


async def test_a_worker_beyond_its_memory_is_asked_to_end():
    async with watched(1, LEAST_PAGES) as called:
        await asyncio.wait_for(called.wait(), 60)


@pytest.mark.parametrize(("most_bytes", "finished"), [(2**50, LEAST_PAGES), (1, LEAST_PAGES - 1)], ids=["room", "a bad limit"])
async def test_a_worker_that_has_room_or_has_only_begun_goes_on(most_bytes, finished):
    async with watched(most_bytes, finished) as called:
        await asyncio.sleep(0.5)
        assert not called.is_set()


async def test_no_page_is_lost_when_workers_start_afresh(tmp_path):
    def page(_: str, path: str) -> str | None:
        if path == "/":
            return "".join(f'<a href="/a/{number}.html">x</a>' for number in range(PAGES))
        return "<p>text" if path.startswith("/a/") else None

    with Web(page) as web, Cluster.open(tmp_path) as cluster:
        await cluster.start([Site("s0", web.url())])
        statuses, pages = [AFRESH], 0
        while statuses[-1] == AFRESH:
            worker = cluster.worker(f"w{len(statuses)}", memory_bytes=1)
            worker.wait(600)
            statuses.append(worker.returncode)
            pages += worker.said()["pages"]
        ledger = await cluster.ledger()
    assert statuses.count(AFRESH) > 1
    assert statuses[-1] == 0
    assert (ledger["s0"].state, ledger["s0"].pages) == (SiteState.COMPLETE, PAGES + 1)
    assert len(web.pages) == PAGES + 1
