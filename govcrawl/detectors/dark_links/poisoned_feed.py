"""A sitemap, feed or robots.txt that offers spam to search engines."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from urllib.parse import unquote, urlsplit

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.dark_links.folding import fold
from govcrawl.detectors.dark_links.targets import foreign
from govcrawl.detectors.dark_links.vocabulary import surroundings, vocabulary
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.urls import host_of, registrable
from govcrawl.page.feeds import opens_feed
from govcrawl.page.model import Page

_LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*(https?://[^<\]\s]{4,500})", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,100}>\s*(?:<!\[CDATA\[)?([^<\]]{2,300})", re.IGNORECASE)
# The lines of a robots.txt that hold an address (RFC 9309, 2.2; sitemaps.org, "Specifying the Sitemap location").
_RULE = re.compile(r"^[ \t]*(sitemap|allow|disallow)[ \t]*:[ \t]*([^\s#]{2,2000})", re.IGNORECASE | re.MULTILINE)
# What templates leave behind (RFC 2606, 3).
_SPECIMENS = ("example.com", "example.net", "example.org")
_MAX_ENTRIES = 50_000


def _spam_in(text: str) -> str:
    """The word that no public site would use but in a warning; "" where there is none."""
    folded = fold(text)
    hit = next((hit for hit in vocabulary().words(folded) if hit.term.tier == "A"), None)
    return hit.term.word if hit and not surroundings().excused(folded, hit) else ""


def _spelled(url: str) -> str:
    """What is written in the path of an address; "" where that is figures and plain letters."""
    return unquote(url.partition("://")[2].partition("/")[2]) if "%" in url else ""


def _elsewhere(page: Page, context: Context, address: str) -> str:
    """The domain of an address on a site that is not this one's and that nobody vouches for; "" elsewhere."""
    if address.startswith(page.origin) or (url := foreign(page, address)) is None:
        return ""
    host = host_of(url)
    domain = registrable(host)
    return "" if host in context.site.all_hosts or domain in _SPECIMENS else domain


_ROBOTS, _PLAIN = "http://www.qingshan.gov.cn/robots.txt", {"content-type": "text/plain"}


class PoisonedFeed(Detector):
    """A sitemap lists the site's own pages, and robots.txt names the site's own sitemaps; a title of a feed that advertises is spam as a
    title of a page would be.
    """

    id = "dark-links/poisoned-feed"
    title = "Sitemap, feed or robots.txt offers spam"
    category = Category.DARK_LINK
    severity, confidence = Severity.HIGH, Confidence.HIGH
    indicators = ("V1",)
    flagged = (
        Example("<?xml version='1.0'?><urlset><url><loc>http://www.qingshan.gov.cn/</loc></url><url><loc>http://bet.test/1.html</loc></url></urlset>", "a foreign address"),
        Example(
            "<?xml version='1.0'?><urlset><url><loc>http://www.qingshan.gov.cn/a/%E6%BE%B3%E9%97%A8%E5%A8%81%E5%B0%BC%E6%96%AF%E4%BA%BA%E5%A8%B1%E4%B9%90%E5%9F%8E.html</loc></url></urlset>",
            "an address that sells",
        ),
        Example("<rss><channel><title>青山县</title><item><title>澳门威尼斯人娱乐城开户</title></item></channel></rss>", "a title that sells"),
        Example("User-agent: *\nSitemap: http://bet.test/sitemap.xml", "the sitemap of another site", url=_ROBOTS, headers=_PLAIN),
        Example("User-agent: *\nSitemap: http://www.myexample.com/sitemap.xml", "a name that only ends like a specimen", url=_ROBOTS, headers=_PLAIN),
        Example("User-agent: *\nAllow: /%E6%BE%B3%E9%97%A8%E5%A8%81%E5%B0%BC%E6%96%AF%E4%BA%BA%E5%A8%B1%E4%B9%90%E5%9F%8E/", "a rule that sells", url=_ROBOTS, headers=_PLAIN),
    )  # fmt: skip
    clean = (
        Example(
            "<?xml version='1.0'?><urlset><url><loc>http://www.qingshan.gov.cn/zwgk/1.html</loc></url></urlset>", "own pages"
        ),
        Example(
            "<?xml version='1.0'?><urlset><url><loc>http://www.qingshan.gov.cn/%E9%80%9A%E7%9F%A5%E5%85%AC%E5%91%8A/1.html</loc></url></urlset>",
            "an address in Chinese",
        ),
        Example(
            "<?xml version='1.0'?><urlset><url><loc>http://zwfw.beihai.gov.cn/1.html</loc></url></urlset>",
            "a page of a sister site",
        ),
        Example(
            "User-agent: *\nDisallow: /admin/\nSitemap: http://www.qingshan.gov.cn/sitemap.xml\nSitemap: /map.xml\n"
            "Sitemap: http://zwfw.beihai.gov.cn/map.xml\n# Sitemap: http://bet.test/map.xml",
            "own sitemaps, one of a sister site, and a remark",
            url=_ROBOTS,
            headers=_PLAIN,
        ),
        Example(
            "User-agent: *\nSitemap: http://www.example.com/sitemap.xml", "left from a template", url=_ROBOTS, headers=_PLAIN
        ),
        Example("<p>Sitemap: http://bet.test/sitemap.xml</p>", "a page about robots.txt"),
        Example(
            "<rss><channel><title>青山县</title><item><title>警方打掉一个百家乐赌博团伙</title></item></channel></rss>",
            "news of a raid",
        ),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:
        if opens_feed(page.html):
            yield from islice(chain(self._addresses(page, context), self._titles(page)), 1)
        elif page.url.endswith("/robots.txt") and urlsplit(page.url).path == "/robots.txt":
            yield from islice(self._rules(page, context), 1)

    def _addresses(self, page: Page, context: Context) -> Iterator[Finding]:
        for address in islice(_LOC.finditer(page.html), _MAX_ENTRIES):
            at, url = address.start(1), address[1]
            if domain := _elsewhere(page, context, url):
                yield self._stated(page, at, f"loc\n{domain}", defanged(url), "the sitemap lists an address of another site")
            elif word := _spam_in(_spelled(url)):
                yield self._stated(page, at, f"loc\n{word}", defanged(url), f"an address in the sitemap says {word}")

    def _titles(self, page: Page) -> Iterator[Finding]:
        for title in islice(_TITLE.finditer(page.html), _MAX_ENTRIES):
            if word := _spam_in(title[1]):
                yield self._stated(page, title.start(1), f"title\n{word}", title[1], f"a title of the feed says {word}")

    def _rules(self, page: Page, context: Context) -> Iterator[Finding]:
        for rule in islice(_RULE.finditer(page.html), _MAX_ENTRIES):
            at, address = rule.start(2), rule[2]
            if rule[1].lower() == "sitemap" and (domain := _elsewhere(page, context, address)):
                yield self._stated(
                    page, at, f"sitemap\n{domain}", defanged(address), "robots.txt names the sitemap of another site"
                )
            elif word := _spam_in(unquote(address)):
                yield self._stated(page, at, f"rule\n{word}", defanged(address), f"an address in robots.txt says {word}")

    def _stated(self, page: Page, at: int, subject: str, snippet: str, reason: str) -> Finding:
        return self.finding(
            page.url, subject, snippet, reason=reason, locator=f"source@{at}", extra={"technique": mask.text("poisoned-feed")}
        )
