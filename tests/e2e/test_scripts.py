"""Scripts of other sites: what only the fleet can tell of them, what a visit says that the one before did not, and what can be asked for."""

import asyncio
import json
import socket
import sys

import pytest
from redis import Redis

from govcrawl.frontier.keys import prefix
from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery
from govcrawl.store.sqlite import SqliteStore
from tests.crawl.cluster import Cluster
from tests.crawl.web import Web

SITES = 32
HACKED = range(6)  # these carry dark links; those and one more load the spammer's script
SPAM = '<p style="position:absolute;left:-9999px"><a href="http://bet{n}.kpw88.com/">澳门新葡京娱乐城</a><a href="http://b{n}.kpw99.com/">真人百家乐</a></p>'
KB = '<script type="text/javascript" src="https://old-school.net.cn/js/kb.js"></script>'
WIDGET = '<script src="https://weather.cloudy-days.com/w.js"></script>'
SUPPLIER = '<script src="https://cms.site-maker.com/c.js"></script>'
FOOT = '<p>技术支持 <a href="https://www.site-maker.com/">建站公司</a></p>'


def answer(host: str, path: str) -> str | None:
    number = int(host.split(".")[3].partition(":")[0]) - 1
    if path not in ("/", "/b"):
        return None
    # The supplier's script is on the hacked sites alone, and so is the library of everybody.
    hacked = number in HACKED
    scripts = (KB if hacked or number == 6 else "") + (SUPPLIER if hacked else "") + WIDGET
    foot = (FOOT + SPAM.format(n=number)) if hacked else ""
    return f"<title>青山区人民政府{number}</title>{scripts}<a href='/b'>要闻</a><p>新闻</p>{foot}"


async def findings_of(cluster: Cluster, rule: str):
    store = await SqliteStore.open(cluster.data_dir)
    found = [record async for record in store.findings(FindingQuery(rule=rule))]
    await store.aclose()
    return found


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with Web(answer, hosts=SITES) as web, Cluster.open(tmp_path_factory.mktemp("scripts")) as cluster:
        asyncio.run(cluster.start([Site(f"s{number}", web.url(number)) for number in range(SITES)]))
        workers = [cluster.worker(f"w{number}", slots=4) for number in range(2)]
        for worker in workers:
            cluster.ended(worker)
        yield web, asyncio.run(findings_of(cluster, "dark-links/shared-script"))


def test_a_script_that_hacked_sites_have_in_common_is_told_on_all_of_them_and_no_other_is(shared):
    _web, found = shared
    assert {str(record.finding.evidence.target) for record in found} == {"https://old-school.net.cn/js/kb.js"}
    assert {record.site.id for record in found} == {f"s{number}" for number in range(7)}


def test_the_evidence_says_how_many_sites_load_it_and_how_many_of_them_are_hacked(shared):
    _web, found = shared
    facts = [record.finding.evidence.extra for record in found]
    assert max(fact["tainted_sites"] for fact in facts) >= 5
    assert all(fact["tainted_sites"] <= fact["sites"] <= 7 for fact in facts)
    assert "about" in str(found[0].finding.evidence.reason)


def test_nobody_is_asked_for_anything_because_of_a_script(shared):
    web, _found = shared
    assert {hit.path for hit in web.hits} == {"/robots.txt", "/", "/b"}


PAGES = [f"/{number}" for number in range(5)]


def visited(loads: dict[str, str]):
    def page(_host: str, path: str) -> str | None:
        links = "".join(f"<a href='{to}'>要闻{to}</a>" for to in PAGES)
        return f"<title>青山区{path}</title>{loads['scripts']}{links}" if path in ("/", *PAGES) else None

    return page


@pytest.fixture(scope="module")
def rounds(tmp_path_factory):
    """What is open after each of three campaigns, and the inventory after the second."""
    loads = {"scripts": WIDGET}
    with Web(visited(loads)) as web, Cluster.open(tmp_path_factory.mktemp("rounds")) as cluster:
        states = []
        for campaign, scripts in (("c1", WIDGET), ("c2", WIDGET + KB), ("c3", WIDGET + KB)):
            loads["scripts"] = scripts
            asyncio.run(cluster.start([Site("s0", web.url())], campaign))
            cluster.run(slots=4)
            states.append(
                {
                    r.finding.evidence.extra["domain"]: str(r.state)
                    for r in asyncio.run(findings_of(cluster, "foreign-scripts/new-host"))
                }
            )
        yield cluster, states


def test_a_host_that_was_not_there_before_is_told_by_the_visit_that_sees_it_first(rounds):
    _cluster, states = rounds
    assert states == [{}, {"old-school.net.cn": "open"}, {"old-school.net.cn": "resolved"}]


def test_the_inventory_of_a_site_can_be_asked_for(rounds):
    cluster, _states = rounds
    shown = asyncio.run(run_cli("sites", "show", "s0", "--scripts", "--json", "--data-dir", str(cluster.data_dir)))
    lines = [json.loads(line) for line in shown.splitlines()]
    assert [(line["script"]["domain"], line["script"]["pages"], line["script"]["new"]) for line in lines] == [
        ("cloudy-days.com", 6, False),
        ("old-school.net.cn", 6, False),
    ]
    assert {line["site"]["id"] for line in lines} == {"s0"}
    table = asyncio.run(run_cli("sites", "show", "s0", "--scripts", "--data-dir", str(cluster.data_dir)))
    assert "old-school.net.cn" in table


async def run_cli(*words: str) -> str:
    run = await asyncio.create_subprocess_exec(sys.executable, "-m", "govcrawl", *words, stdout=asyncio.subprocess.PIPE)
    out, _ = await run.communicate()
    return out.decode()


GONE = '<script src="http://c.gone-counter.com/c.js"></script><script src="http://c.shaky-counter.com/c.js"></script>'
NO_NAME, NOT_NOW = socket.EAI_NONAME, socket.EAI_AGAIN


def test_a_script_host_that_nobody_finds_on_three_days_is_told(tmp_path):
    names = {"c.gone-counter.com": NO_NAME, "c.shaky-counter.com": NOT_NOW}
    found = []
    with Web(visited({"scripts": GONE})) as web, Cluster.open(tmp_path) as cluster, Redis.from_url(cluster.url) as redis:
        for day in range(3):
            asyncio.run(cluster.start([Site("s0", web.url())], f"c{day}"))
            cluster.run(slots=4, strangers=4, names=names)
            found.append(
                [str(r.finding.evidence.extra["domain"]) for r in asyncio.run(findings_of(cluster, "foreign-scripts/lost-host"))]
            )
            # A day later what was seen is forgotten.
            redis.delete(*(f"{prefix(0)}saw:{domain}-counter.com" for domain in ("gone", "shaky")))
    assert found == [[], [], ["gone-counter.com"]]
