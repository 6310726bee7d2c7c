"""What sitemaps and feeds tell."""

from datetime import date

import pytest

from govcrawl.page.columns import column_of
from govcrawl.page.feeds import feed_column, feeds_named
from govcrawl.page.model import Page
from govcrawl.sites.first_days import mark_of

TODAY = date(2025, 11, 20)
ROOT = "http://www.qingshan.gov.cn"
XML = {"content-type": "text/xml; charset=utf-8"}
RSS = f"""<?xml version="1.0" encoding="{{encoding}}"?><rss version="2.0"><channel><title>青山县</title><link>{ROOT}/</link>
<item><title>关于停水的通知</title><link>/tz/2.html</link><pubDate>Tue, 18 Nov 2025 23:30:00 +0000</pubDate></item>
<item><title>关于修路的通知</title><guid>{ROOT}/tz/1.html</guid><pubDate>2025-11-02 08:00:00</pubDate></item>
<item><title>没有日期</title><link>{ROOT}/tz/0.html</link></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><updated>2025-11-20T00:00:00Z</updated>
<entry><link rel="edit" href="{ROOT}/edit"/><link href="{ROOT}/tz/3.html"/><updated>2025-11-19T00:00:00Z</updated><published>2025-11-17T10:00:00+08:00</published></entry></feed>"""
SITEMAP = f"""<?xml version='1.0'?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>{ROOT}/tz/4.html</loc><lastmod>2025-10-01</lastmod></url><url><loc>{ROOT}/tz/5.html</loc><lastmod>2099-10-01</lastmod></url></urlset>"""


def feed(text: str, encoding: str = "utf-8") -> Page:
    return Page(f"{ROOT}/feed.xml", text.encode(encoding), headers=XML, today=TODAY)


def told(page: Page) -> dict[str, tuple[str, str]]:
    entries = page.feed.entries if page.feed else ()
    return {
        one.url.removeprefix(ROOT): (one.dated.day.isoformat(), one.dated.source) if one.dated else ("", "") for one in entries
    }


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312"])
def test_rss_tells_its_days_in_the_time_of_china(encoding):
    assert told(feed(RSS.format(encoding=encoding), encoding)) == {
        "/tz/2.html": ("2025-11-19", "feed:rss"),
        "/tz/1.html": ("2025-11-02", "feed:rss"),
        "/tz/0.html": ("", ""),
    }


def test_atom_tells_the_day_of_publication_before_that_of_a_change():
    assert told(feed(ATOM)) == {"/tz/3.html": ("2025-11-17", "feed:atom")}


def test_a_sitemap_tells_no_day_of_the_future():
    assert told(feed(SITEMAP)) == {"/tz/4.html": ("2025-10-01", "feed:sitemap"), "/tz/5.html": ("", "")}


def test_an_index_leads_to_its_parts():
    page = feed(f"<sitemapindex><sitemap><loc>{ROOT}/a.xml</loc></sitemap><sitemap><loc>/b.xml</loc></sitemap></sitemapindex>")
    assert page.feed is not None
    assert page.feed.sitemaps == (f"{ROOT}/a.xml", f"{ROOT}/b.xml")
    assert page.feed.entries == ()


def test_the_day_on_which_a_sitemap_was_made_says_nothing_of_its_pages():
    rows = [(n, "2025-11-20" if n < 8 else "2024-02-01") for n in range(12)]
    page = feed(
        "<urlset>" + "".join(f"<url><loc>{ROOT}/{n}.html</loc><lastmod>{day}</lastmod></url>" for n, day in rows) + "</urlset>"
    )
    assert [day for day, _ in told(page).values()] == [""] * 8 + ["2024-02-01"] * 4


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><item><link>/1.html</link><pubDate>2025-11-",
        "<rss>" + "<item>" * 3000,
        '<!DOCTYPE r [<!ENTITY x "y">]><rss><item><link>&x;</link></item></rss>',
        "<feed>\x00\x01</feed>",
        "<urlset><url><loc>http://[::1</loc><lastmod>0000-00-00</lastmod></url></urlset>",
    ],
)
def test_a_broken_feed_breaks_nothing(text):
    page = feed(text)
    assert page.feed is None or len(page.feed.entries) < 2
    assert feed_column(page) is None


def test_a_page_is_no_feed():
    assert Page(f"{ROOT}/", "<title>关于 RSS 订阅</title><p>rss".encode(), today=TODAY).feed is None


def test_a_feed_is_a_part_of_its_site():
    column = feed_column(feed(RSS.format(encoding="utf-8")))
    assert column is not None
    assert (column.part_of, column.is_feed, column.newest, column.items) == (f"{ROOT}/", True, date(2025, 11, 19), 3)
    assert column.item_marks == (mark_of(f"{ROOT}/tz/2.html"), mark_of(f"{ROOT}/tz/1.html"))


def test_a_page_names_its_feeds_and_not_those_of_comments():
    links = "".join(
        f'<link rel="{rel}" type="{kind}" href="{href}" title="{title}">'
        for rel, kind, href, title in (
            ("alternate", "application/rss+xml", "/comments/feed", ""),
            ("alternate", "application/rss+xml", "/feed", "青山县 » 文章评论"),
            ("alternate", "application/atom+xml", "/tz/atom.xml", ""),
            ("alternate", "text/html", "/en/", ""),
            ("stylesheet", "text/css", "/a.css", ""),
            ("sitemap", "application/xml", "/map.xml", ""),
        )
    )
    assert feeds_named(Page(f"{ROOT}/", links.encode(), today=TODAY)) == (f"{ROOT}/tz/atom.xml", f"{ROOT}/map.xml")


def test_a_list_without_days_keeps_the_marks_of_its_entries():
    rows = "".join(f'<li><a href="/tz/{n}.html">关于第{n}号事项的通知公告</a></li>' for n in range(6))
    page = Page(f"{ROOT}/tz/", f"<title>通知公告</title><ul>{rows}</ul>".encode(), today=TODAY)
    column = column_of(page)
    assert column is not None
    assert (column.newest, column.item_dates) == (None, ())
    assert column.item_marks == tuple(mark_of(f"{ROOT}/tz/{n}.html") for n in range(6))
