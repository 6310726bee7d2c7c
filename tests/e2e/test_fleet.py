"""A domain that three unrelated sites hide is raised on all of them, though none of them would be by itself; its evidence stands up."""

import asyncio

import pytest

from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery
from govcrawl.store.sqlite import SqliteStore
from tests.crawl.cluster import Cluster
from tests.crawl.web import Web

# Neither words nor target say anything; the second page of the first site has the same block.
PLAIN = '<div class="f9" style="display:none"><a href="http://www.greentea-shop.com/">绿茶</a></div>'
OTHER = '<div style="display:none"><a href="http://www.vendor-two.com/">技术支持</a></div>'
SHOWN = '<p>友情链接 <a href="http://www.greentea-shop.com/">绿茶</a></p>'
HIDING = ("s0", "s1", "s2")


def answer(host: str, path: str) -> str | None:
    number = int(host.split(".")[3].partition(":")[0]) - 1
    if path not in ("/", "/b"):
        return None
    # Two sites hide the other domain, which is not enough; the fourth shows the first one, which is its right.
    block = {0: PLAIN + OTHER, 1: PLAIN + OTHER, 2: PLAIN}.get(number, SHOWN)
    return f"<title>青山区人民政府{number}</title><a href='/b'>要闻</a><p>新闻</p>{block}"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    with Web(answer, hosts=4) as web, Cluster.open(tmp_path_factory.mktemp("fleet")) as cluster:
        asyncio.run(cluster.start([Site(f"s{number}", web.url(number)) for number in range(4)]))
        cluster.run(slots=4)
        yield asyncio.run(_findings(cluster))


async def _findings(cluster: Cluster):
    store = await SqliteStore.open(cluster.data_dir)
    found = [record async for record in store.findings(FindingQuery()) if record.finding.rule.id.startswith("dark-links/")]
    await store.aclose()
    return found


def test_all_three_sites_are_raised_and_no_other(found):
    assert sorted(record.site.id for record in found) == list(HIDING)
    assert {str(record.finding.evidence.target) for record in found} == {"http://www.greentea-shop.com/"}


def test_the_evidence_says_what_is_hidden_by_which_rule_where_and_on_how_many_pages(found):
    evidence = found[0].finding.evidence
    assert evidence.snippet == "绿茶"
    assert evidence.reason == "display:none (inline style on html > body > div.f9)"
    assert evidence.locator.endswith("div.f9")
    assert "greentea-shop.com as spam" in evidence.extra["factors"]
    assert "hxxp://www[.]greentea-shop" in evidence.extra["block"]
    assert {record.occurrences for record in found} <= {1, 2}
    assert all(record.first_seen for record in found)
