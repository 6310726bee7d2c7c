"""Active probes: only where the owner agreed, one a second, no more than the beginning of an answer."""

import itertools
import statistics
from urllib.parse import urlsplit

import pytest

from govcrawl.crawl.probing import PACE_SECONDS
from govcrawl.detectors.leaks.probes import BUDGET, RANGE, nameless
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


SPAM = "<title>澳门新葡京官网_bet365平台开户</title><h1>真人娱乐</h1>"
SHUT = "User-agent: *\n" + "".join(f"Disallow: /{letter}\n" for letter in ".aAsSvVdDnNpPuUfFbBlLwWhHeEcCiI")


async def test_spam_for_any_path_is_found(cluster):
    await crawl(cluster, {"/": HOME, "*": SPAM}, probes="*", robots=f"{CLOSED}Disallow: /u\nDisallow: /d\nDisallow: /i\n")
    found = {(rule, occurrences > 0) for rule, _, occurrences in (await cluster.findings()).values()}
    assert ("dark-links/spam-title", True) in found


async def wildcard(cluster: Cluster, beside: str | None, agreed: str) -> tuple[set[str], list[Hit]]:
    """The rules that a site breaks whose domain answers for any name as given, and what its nameless hosts were asked for."""
    host = "www.qingshan-county.com"

    def answer(asked: str, path: str) -> str | None:
        if path == "/robots.txt":
            return SHUT if asked.startswith(host) else None
        return (HOME if asked.startswith(host) else beside) if path == "/" else None

    with Web(answer) as web:
        home = f"http://{host}:{web.port}/"
        names = {host: web.addresses} | {urlsplit(url).hostname: web.addresses for url in nameless(home, "c1")}
        await cluster.start([Site("s0", home, max_pages=1)])
        cluster.run(slots=8, probes=agreed, names=names)
    return {rule for rule, _, _ in (await cluster.findings()).values()}, [
        hit for hit in web.hits if not hit.host.startswith(host)
    ]


async def test_spam_for_any_name_of_a_domain_is_found(cluster):
    rules, asked = await wildcard(cluster, SPAM, "qingshan-county.com")
    assert rules == {"dark-links/spam-title"}
    assert [hit.path for hit in asked] == ["/robots.txt", "/"] * 2


async def test_a_platform_that_answers_for_any_name_is_no_fault(cluster):
    rules, asked = await wildcard(cluster, HOME, "qingshan-county.com")
    assert (rules, len(asked)) == (set(), 4)


async def test_names_that_the_owner_did_not_agree_to_are_not_asked_for(cluster):
    rules, asked = await wildcard(cluster, SPAM, "www.qingshan-county.com")
    assert (rules, asked) == (set(), [])


def test_an_address_has_no_names_beside_it():
    assert nameless("http://127.0.7.1:8000/") == nameless("http://[::1]/") == ()
    assert len(set(nameless("https://www.qingshan.gov.cn/", "c1"))) == 2
    assert all(url.endswith(".qingshan.gov.cn/") for url in nameless("https://www.qingshan.gov.cn/", "c1"))


@pytest.mark.slow
async def test_the_budget_of_a_host_is_sixty(cluster):
    assert len(await crawl(cluster, FILES, robots="", probes="*")) == BUDGET
