"""Many sites on one server: the delay of its address holds over all of them, and over two workers."""

import itertools
import statistics

import pytest

from govcrawl.crawl.fetching import Fetcher
from govcrawl.crawl.options import FetchLimits, Proxies
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Web

DELAY = 0.2
LINKS = "".join(f'<a href="/{number}">x</a>' for number in range(3))


@pytest.fixture
def cluster(tmp_path):
    with Cluster.open(tmp_path) as opened:
        yield opened


async def test_the_delay_of_an_address_holds_over_its_hosts_and_two_workers(cluster):
    with Web(lambda _, path: LINKS if path != "/robots.txt" else None, hosts=2) as web:
        shared = [f"a{number}.test" for number in range(8)]
        names = {name: [web.addresses[0]] for name in shared} | {"alone.test": [web.addresses[1]]}
        await cluster.start([Site(name, f"http://{name}:{web.port}/") for name in names])
        words = {"names": names, "politeness": {"address_seconds": DELAY}, "by_address": True}
        for worker in [cluster.worker(f"w{number}", **words) for number in range(2)]:
            cluster.ended(worker)
        moments = [
            hit.at
            for hit in web.hits
            if hit.host.startswith("a") and not hit.host.startswith("alone") and hit.path != "/robots.txt"
        ]
        gaps = [later - sooner for sooner, later in itertools.pairwise(moments)]
        alone = [hit.at for hit in web.hits if hit.host.startswith("alone") and hit.path != "/robots.txt"]
    assert len(moments) == 8 * 4
    # A stalled machine bunches two visits by holding up the first; neither mean nor median can be too small.
    assert statistics.median(gaps) > 0.9 * DELAY
    assert statistics.mean(gaps) > 0.95 * DELAY
    # The site with an address of its own is through long before.
    assert alone[-1] < statistics.median(moments)


async def test_behind_a_proxy_nobody_knows_the_address():
    fetcher = Fetcher("test", FetchLimits(), Proxies("http://127.0.0.1:9", "", "b.test"))
    try:
        assert fetcher.address_of("http://127.0.7.1/") == ""
        assert fetcher.address_of("https://[::1]:8443/x") == "::1"
        assert fetcher.address_of("http://b.test/") == ""
    finally:
        await fetcher.aclose()
