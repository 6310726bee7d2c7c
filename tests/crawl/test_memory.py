"""A worker that has grown too large finishes its pages and asks to be started again."""

import asyncio

from govcrawl.crawl.desk import Tally
from govcrawl.crawl.memory import LEAST_PAGES, Memory, resident_bytes
from govcrawl.crawl.options import AFRESH
from govcrawl.frontier.model import SiteState
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Web

PAGES = 3 * LEAST_PAGES


async def asked(most_bytes: int, finished: int) -> int:
    """How often the worker was asked to end, in three looks."""
    times: list[None] = []
    watch = Memory(most_bytes, Tally(finished=finished), lambda: times.append(None), look_seconds=0.05)
    watch.open()
    await asyncio.sleep(0.3)
    await watch.close()
    return len(times)


async def test_a_worker_is_asked_to_end_once_and_only_beyond_its_memory():
    assert await asked(1, LEAST_PAGES) == 1
    assert await asked(resident_bytes() * 4, LEAST_PAGES) == 0


async def test_a_worker_whose_memory_never_suffices_gets_on_all_the_same():
    assert await asked(1, LEAST_PAGES - 1) == 0


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
