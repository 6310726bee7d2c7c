import asyncio
import itertools
import os
import signal
import statistics
import subprocess
import sys

import pytest

from govcrawl.frontier.model import Reason, SiteState
from govcrawl.sites.model import Site
from tests.crawl.cluster import ROOT, Cluster
from tests.crawl.web import Answer, Web

HIDDEN = (
    '<div style="display:none"><a href="http://bet.test/">澳门赌场 时时彩 开户</a><a href="http://b.test/">彩票投注平台</a></div>'
)
PLAIN = {"Content-Type": "text/plain"}
PAGES = {
    "/robots.txt": Answer("User-agent: *\nDisallow: /secret/", headers=PLAIN),
    "/": "<title>青山区人民政府</title>"
    + "".join(
        f'<a href="{href}">x</a>'
        for href in ("/a/1.html", "/secret/x", "/move", "http://off.test/", "p.jpg", "/big", "/gone", "/logout")
    ),
    "/a/1.html": HIDDEN + '<a href="/">home</a><a href="/b/">b</a><a href="/">home</a>',
    "/b/": "<p>text</p>",
    "/move": Answer(status=302, headers={"Location": "/b/"}),
    "/big": Answer(b"x" * 300_000),
}


@pytest.fixture
def cluster(tmp_path):
    with Cluster.open(tmp_path) as opened:
        yield opened


def sites_of(web: Web) -> list[Site]:
    return [Site(f"s{number}", web.url(number)) for number in range(len(web.addresses))]


async def test_an_official_inspection_passes_over_robots_where_it_is_mandated(cluster):
    with Web(lambda _, path: PAGES.get(path), hosts=2) as web:
        await cluster.start(sites_of(web))
        cluster.run(limits={"max_bytes": 100_000}, mandate="127.0.7.2")
    assert [host.partition(":")[0] for host, path in web.pages if path == "/secret/x"] == ["127.0.7.2"]


async def test_a_page_leads_to_so_many_others_and_no_more(cluster):
    with Web(lambda _, path: PAGES.get(path)) as web:
        await cluster.start(sites_of(web))
        cluster.run(limits={"max_bytes": 100_000}, visits={"links": 2})
    assert [path for _, path in web.pages] == ["/", "/a/1.html", "/b/"]
    told = {reason for _, what, reason in await cluster.not_inspected() if what == "link"}
    assert "not followed: 3 of its links, which are too many" in told


async def test_a_worker_visits_each_page_of_each_site_once_and_concludes_it(cluster):
    with Web(lambda _, path: PAGES.get(path), hosts=3) as web:
        await cluster.start(sites_of(web))
        said = cluster.run(limits={"max_bytes": 100_000})
    ledger = await cluster.ledger()
    assert {line.state for line in ledger.values()} <= {SiteState.COMPLETE, SiteState.PARTIAL}
    assert said["lost"] == 0
    per_host = sorted(path for host, path in web.pages if host.startswith("127.0.7.1:"))
    assert per_host == ["/", "/a/1.html", "/b/", "/big", "/gone", "/move"]
    assert len(web.pages) == 3 * len(per_host)
    assert {(url.rpartition("/")[2], what, reason) for url, what, reason in await cluster.not_inspected()} == {
        ("big", "page", "too_large"),
        ("logout", "link", "not followed: would end a session"),
    }
    found = await cluster.findings()
    assert {site for rule, site, _ in found.values() if rule.startswith("dark-links/")} == {"s0", "s1", "s2"}


async def test_a_worker_that_finds_nothing_to_do_ends(cluster):
    assert cluster.run(timeout=600)["pages"] == 0


async def test_a_site_that_is_not_there_fails_with_its_reason(cluster):
    await cluster.start([Site("s0", "http://nowhere.invalid/")])
    cluster.run()
    line = (await cluster.ledger())["s0"]
    assert (line.state, line.reason) == (SiteState.FAILED, Reason.DNS)


async def test_a_home_page_that_leaves_the_site_is_recorded(cluster):
    with Web(lambda _, path: Answer(status=301, headers={"Location": "http://bet.test/"}) if path == "/" else None) as web:
        await cluster.start(sites_of(web))
        cluster.run()
    line = (await cluster.ledger())["s0"]
    assert line.state is SiteState.FAILED
    assert await cluster.not_inspected() == {(web.url(), "home", "redirects off the site to http://bet.test/")}


async def test_a_worker_that_is_told_to_stop_finishes_its_pages_and_hands_back_the_rest(cluster):
    links = "".join(f'<a href="/{number}">x</a>' for number in range(40))
    pages = lambda _, path: Answer(links, seconds=0.3) if path != "/robots.txt" else None  # noqa: E731 - two lines of test
    with Web(pages, hosts=4) as web:
        await cluster.start(sites_of(web))
        worker = cluster.worker(until_idle=False)
        web.wait(12)
        worker.send_signal(signal.SIGTERM)
        said = cluster.ended(worker)
        status = await cluster.campaign()
        assert said["pages"] == len(web.hits)
        assert (status.leased, status.pages) == (0, len(web.pages))
        cluster.run()
    assert sorted(web.pages) == sorted(set(web.pages))
    assert len(web.pages) == 4 * 41


async def test_the_delay_of_a_host_holds_over_two_workers(cluster):
    links = "".join(f'<a href="/{number}">x</a>' for number in range(12))
    with Web(lambda _, path: links if path != "/robots.txt" else None, hosts=2) as web:
        await cluster.start(sites_of(web), delay_seconds=0.4)
        # Whoever comes first has the next page, or one of them would keep both hosts.
        workers = [cluster.worker(f"w{number}", politeness={"stay_seconds": 0}) for number in range(2)]
        pages = [cluster.ended(worker)["pages"] for worker in workers]
    assert min(pages) > 0
    for address in web.addresses:
        times = [hit.at for hit in web.hits if hit.host.startswith(f"{address}:")]
        assert len(times) == 14
        gaps = [later - sooner for sooner, later in itertools.pairwise(times)]
        # A stalled machine bunches two visits by holding up the first; neither mean nor median can be too small.
        assert statistics.median(gaps) > 0.4 * 0.9
        assert (times[-1] - times[0]) / len(gaps) > 0.4 * 0.98


async def test_scrapys_own_command_line_joins_the_crawl_that_the_environment_names(cluster):
    with Web(lambda _, path: PAGES.get(path)) as web:
        await cluster.start(sites_of(web))
        environ = {
            **{name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
            "GOVCRAWL_REDIS_URL": cluster.url,
            "GOVCRAWL_DATA_DIR": str(cluster.data_dir),
            "GOVCRAWL_ALLOW_NETWORKS": "127.0.0.0/8",
        }
        command = [sys.executable, "-m", "scrapy", "crawl", "site"]
        ended = await asyncio.to_thread(
            subprocess.run, command, env=environ, cwd=ROOT, capture_output=True, timeout=900, check=False
        )
        assert ended.returncode == 0, ended.stderr
    assert {path for _, path in web.pages} >= {"/", "/a/1.html", "/b/"}
