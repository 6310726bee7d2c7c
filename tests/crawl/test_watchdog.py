"""A page from which a detector never comes back costs the worker, and is given up in the end; every other page is inspected."""

import pytest

from govcrawl.frontier.model import Reason, SiteState
from govcrawl.frontier.redis_frontier import RedisFrontier
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Web

LONG = "<p>text</p>" * 4_000  # read in the thread; a short page is read in the loop
WORDS = {"detectors": "stuck", "stuck_seconds": 3.0, "lease_seconds": 2.0, "heartbeat_seconds": 0.5}


@pytest.mark.parametrize(("path", "body"), [("/turns", LONG), ("/turns", "x"), ("/holds", LONG)])
async def test_a_page_that_never_ends_is_given_up(tmp_path, path, body):
    pages = {"/": f'<a href="{path}">x</a><a href="/a">a</a><a href="/b">b</a>', path: body, "/a": "a", "/b": "b"}
    with Web(lambda _, asked: pages.get(asked)) as web, Cluster.open(tmp_path) as cluster:
        await cluster.start([Site("s0", web.url())])
        statuses: list[int] = []
        while not statuses or statuses[-1]:
            worker = cluster.worker(f"w{len(statuses)}", **WORDS)
            worker.wait(120)
            statuses.append(worker.returncode)
            assert len(statuses) < 9
        line = (await cluster.ledger())["s0"]
        frontier = RedisFrontier.from_url(cluster.url)
        letters = [(letter.url, letter.reason) async for letter in frontier.dead_letters("c1")]
        await frontier.aclose()
    assert letters == [(web.url(path=path), Reason.LEASE_EXPIRED)]
    assert (line.state, line.pages, line.failed_pages) == (SiteState.PARTIAL, 3, 1)
    assert len(statuses) > 1
