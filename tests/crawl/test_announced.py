"""Sitemaps and feeds that a site announces, read as pages of it."""

import asyncio
from datetime import date
from gzip import compress

import pytest

from govcrawl.crawl.assignments import Assignment
from govcrawl.crawl.links import named_children
from govcrawl.crawl.options import VisitLimits
from govcrawl.detectors.base import Context
from govcrawl.findings.model import Record, SiteLabel, State
from govcrawl.frontier.model import Lease, PageClass
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from govcrawl.store.protocol import FindingQuery
from govcrawl.store.sqlite import SqliteStore
from tests.crawl.cluster import Cluster
from tests.crawl.web import Answer, Web

NOW = date(2025, 11, 20)
XML = {"Content-Type": "text/xml"}
FEED_LINK = '<link rel="alternate" type="application/rss+xml" href="/{name}">'


def column(name: str, slug: str, feed: str = "") -> str:
    rows = "".join(f'<li><a href="/{slug}/{number}.html">关于第{number}号事项的通知公告</a></li>' for number in range(6))
    head = FEED_LINK.format(name=feed) if feed else ""
    return f'{head}<title>{name}-青山县人民政府</title><div>当前位置：<a href="/">首页</a> &gt; {name}</div><ul class="list">{rows}</ul>'


def rss(slug: str, day: str) -> Answer:
    return Answer(f"<rss><channel><item><link>/{slug}/0.html</link><pubDate>{day}</pubDate></item></channel></rss>", headers=XML)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    pages: dict[str, str | Answer] = {
        "/": '<title>青山县人民政府</title><a href="/tzgg/">通知公告</a><a href="/gsgg/">公示公告</a><a href="/cgzb/">采购公告</a>',
        "/tzgg/": column("通知公告", "tzgg", "tzgg.xml"),
        "/tzgg.xml": rss("tzgg", "2025-01-08"),
        "/gsgg/": column("公示公告", "gsgg"),
        "/cgzb/": column("采购公告", "cgzb"),
    }
    with Web(lambda _, path: pages.get(path)) as web, Cluster.open(tmp_path_factory.mktemp("announced")) as cluster:
        root = web.url().rstrip("/")
        urls = "".join(
            f"<url><loc>{root}{path}</loc><lastmod>{day}</lastmod></url>"
            for path, day in (("/gsgg/0.html", "2025-11-10"), ("/alone.html", "2025-11-11"))
        )
        pages |= {
            "/robots.txt": Answer(f"User-agent: *\nDisallow: /no/\nSitemap: {root}/index.xml\nSitemap: http://other.test/a.xml\nSitemap: {root}/no/b.xml"),
            "/index.xml": Answer(f"<sitemapindex><sitemap><loc>{root}/map.xml</loc></sitemap><sitemap><loc>{root}/packed.xml.gz</loc></sitemap></sitemapindex>", headers=XML),
            "/packed.xml.gz": Answer(compress(f"<urlset><url><loc>{root}/deep.html</loc></url></urlset>".encode()), headers={"Content-Type": "application/gzip"}),
            "/deep.html": "<title>只有压缩的站点地图通向这里</title>",
            "/map.xml": Answer(f"<urlset>{urls}<url><loc>http://bet.test/1.html</loc></url></urlset>", headers=XML),
            "/alone.html": "<title>没有链接通向这里</title>",
        }  # fmt: skip
        asyncio.run(cluster.start([Site("s0", web.url())], today=str(NOW)))
        cluster.run(slots=8)
        yield web, *asyncio.run(stored(cluster))


async def stored(cluster: Cluster):
    store = await SqliteStore.open(cluster.data_dir)
    seen = {one.column.name: one.column async for one in store.columns("s0")}
    found = [(one.finding.rule.id, one.finding.url) async for one in store.findings(FindingQuery(site="s0"))]
    await store.aclose()
    return seen, found


def test_what_robots_and_pages_name_is_visited_once_and_nothing_else(crawled):
    web = crawled[0]
    for path in ("/index.xml", "/map.xml", "/tzgg.xml", "/alone.html", "/packed.xml.gz", "/deep.html"):
        assert web.paths.count(path) == 1, path
    assert "/no/b.xml" not in web.paths
    assert "/sitemap.xml" not in web.paths


def test_a_column_without_days_is_judged_by_its_feed(crawled):
    rules = {(rule, url.rpartition("/")[0].rpartition("/")[2]) for rule, url in crawled[2] if rule.startswith("stale-columns/")}
    assert rules == {("stale-columns/stale", "tzgg")}


def test_feeds_are_no_columns_by_themselves(crawled):
    assert set(crawled[1]) == {"首页", "通知公告", "公示公告", "采购公告"}


def test_a_sitemap_of_another_site_is_told_and_so_is_who_names_it(crawled):
    told = sorted(url.rpartition("/")[2] for rule, url in crawled[2] if rule == "dark-links/poisoned-feed")
    assert told == ["map.xml", "robots.txt"]


def test_what_robots_txt_says_stands_though_it_is_not_fetched_with_each_campaign(tmp_path):
    pages = {
        "/": '<title>青山县人民政府</title><a href="/tzgg/">通知公告</a>',
        "/robots.txt": "User-agent: *\nSitemap: http://bet.test/sitemap.xml\nAllow: /%E6%BE%B3%E9%97%A8%E8%B5%8C%E5%9C%BA/",
    }
    with Web(lambda _, path: pages.get(path)) as web, Cluster.open(tmp_path) as cluster:
        for campaign in ("first", "second"):
            asyncio.run(cluster.start([Site("s0", web.url())], campaign, today=str(NOW)))
            cluster.run()
        found = asyncio.run(spam_of(cluster))
        assert web.paths.count("/robots.txt") == 1
    assert [(one.state, one.last_campaign) for one in found] == [(State.OPEN, "second")]
    assert "bet[.]test" in found[0].finding.evidence.snippet


async def spam_of(cluster: Cluster) -> list[Record]:
    store = await SqliteStore.open(cluster.data_dir)
    found = [one async for one in store.findings(FindingQuery(site="s0", rule="dark-links/poisoned-feed"))]
    await store.aclose()
    return found


def test_what_a_sitemap_names_too_much_of_is_told():
    site = Site("s0", "http://a.test/")
    lease = Lease("t", "c", "s0", "http://a.test/map.xml", "a.test", PageClass.COLUMN)
    body = "<urlset>" + "".join(f"<url><loc>http://a.test/{number}.html</loc></url>" for number in range(15)) + "</urlset>"
    page = Page(lease.url, body.encode(), headers={"content-type": "text/xml"}, today=NOW)
    left: dict[str, str] = {}
    assignment = Assignment(site, SiteLabel("s0", "", "", "", ""), Context(site, NOW))
    assert len(named_children(page, lease, assignment, left, VisitLimits(links=10))) == 10
    assert left == {lease.url: "5 of its links, which are too many"}


def test_a_sitemap_leads_to_no_deeds_no_pictures_and_no_other_sites():
    site = Site("s0", "http://a.test/")
    lease = Lease("t", "c", "s0", "http://a.test/map.xml", "a.test", PageClass.COLUMN)
    paths = (
        "http://a.test/1.html",
        "http://a.test/logout.do",
        "http://a.test/1.jpg",
        "http://b.test/1.html",
        "http://a.test/1.html#a",
    )
    body = "<urlset>" + "".join(f"<url><loc>{path}</loc></url>" for path in paths) + "</urlset>"
    page = Page(lease.url, body.encode(), headers={"content-type": "text/xml"}, today=NOW)
    children = named_children(page, lease, Assignment(site, SiteLabel("s0", "", "", "", ""), Context(site, NOW)))
    assert [child.url for child in children] == ["http://a.test/1.html"]
