"""Active probes: only where the owner agreed, one a second, no more than the beginning of an answer."""

import itertools
import statistics

import pytest

from govcrawl.crawl.probing import PACE_SECONDS
from govcrawl.detectors.leaks.probes import BUDGET, RANGE
from govcrawl.sites.model import Site
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Hit, Web

HOME = "<title>青山区人民政府</title><p>政务公开</p>"
CLOSED = "User-agent: *\n" + "".join(
    f"Disallow: /{path}\n"
    for path in ("127", "web", "www", "backup.", "actuator/env", "env", "v3", "swagger", "druid", "nacos", "WEB", ".idea", "c")
)
FILES = {
    "/": HOME,
    "/.git/config": Answer("[core]\n\trepositoryformatversion = 0\n", headers={"Content-Type": "text/plain"}),
    "/actuator/heapdump": Answer(b"JAVA PROFILE 1.0.2" + b"\0" * 5_000_000, headers={"Content-Type": "application/octet-stream"}),
    "/.svn/wc.db": Answer(b"SQLite format 3\0" + b"S" * 2_000_000, headers={"Content-Type": "application/octet-stream"}),
}


@pytest.fixture
def cluster(tmp_path):
    with Cluster.open(tmp_path) as opened:
        yield opened


async def crawl(cluster: Cluster, files: dict[str, Answer | str], robots: str = CLOSED, **words: object) -> list[Hit]:
    with Web(lambda _, path: robots if path == "/robots.txt" else files.get(path, files.get("*"))) as web:
        await cluster.start([Site("s0", web.url(), max_pages=1)])
        cluster.run(slots=8, **words)
    return [hit for hit in web.hits if hit.path not in {"/", "/robots.txt"}]


async def test_without_the_owners_word_nothing_is_asked_for(cluster):
    assert await crawl(cluster, FILES) == []
    assert await crawl(cluster, FILES, probes="www.qingshan.gov.cn,.127.0.7.10") == []


async def test_what_a_host_gives_away_is_found_by_its_first_bytes_at_one_request_a_second(cluster):
    asked = await crawl(cluster, FILES, probes="127.0.7.1")
    assert {rule for rule, _, _ in (await cluster.findings()).values()} == {
        "leaks/git-folder",
        "leaks/heap-dump",
        "leaks/svn-folder",
    }
    assert {hit.method for hit in asked} == {"GET", "HEAD"}
    assert [hit.path for hit in asked if hit.path.startswith(("/web", "/www", "/nacos"))] == []  # closed by robots.txt
    assert {hit.method for hit in asked if "heapdump" in hit.path} == {"HEAD"}
    assert {hit.headers["Range"] for hit in asked if hit.path == "/.svn/wc.db"} == {RANGE}
    gaps = [later.at - sooner.at for sooner, later in itertools.pairwise(asked)]
    assert statistics.median(gaps) > PACE_SECONDS * 0.9
    assert {what for _, what, _ in await cluster.not_inspected()} == {"probes"}


async def test_a_host_that_says_yes_to_everything_gives_nothing_away(cluster):
    """Its answer to an address that cannot exist is the same page."""
    everything = Answer("[core]\n[credentials]\nref: refs/heads/master\n", headers={"Content-Type": "text/plain"})
    await crawl(cluster, {"/": HOME, "*": everything}, probes="*", robots=f"{CLOSED}Disallow: /u\nDisallow: /d\nDisallow: /i\n")
    assert await cluster.findings() == {}


@pytest.mark.slow
async def test_the_budget_of_a_host_is_sixty(cluster):
    assert len(await crawl(cluster, FILES, robots="", probes="*")) == BUDGET
