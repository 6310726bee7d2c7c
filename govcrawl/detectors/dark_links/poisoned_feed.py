"""A sitemap or feed that offers spam to search engines."""

import re
from collections.abc import Iterator
from itertools import islice

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.dark_links.folding import fold
from govcrawl.detectors.dark_links.vocabulary import surroundings, vocabulary
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.urls import host_of, registrable
from govcrawl.page.model import Page

_FEED = re.compile(r"<(?:urlset|sitemapindex|rss|feed|rdf:RDF)\b", re.IGNORECASE)
_LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*(https?://[^<\]\s]{4,500})", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,100}>\s*(?:<!\[CDATA\[)?([^<\]]{2,300})", re.IGNORECASE)
_HEAD_CHARS = 2000
_MAX_ENTRIES = 50_000


class PoisonedFeed(Detector):
    """A sitemap lists the site's own pages; a title of a feed that advertises is spam as a title of a page would be."""

    id = "dark-links/poisoned-feed"
    title = "Sitemap or feed offers spam"
    category = Category.DARK_LINK
    severity, confidence = Severity.HIGH, Confidence.HIGH
    indicators = ("V1",)
    flagged = (
        Example("<?xml version='1.0'?><urlset><url><loc>http://www.qingshan.gov.cn/</loc></url><url><loc>http://bet.test/1.html</loc></url></urlset>", "a foreign address"),
        Example("<rss><channel><title>青山县</title><item><title>澳门威尼斯人娱乐城开户</title></item></channel></rss>", "a title that sells"),
    )  # fmt: skip
    clean = (
        Example(
            "<?xml version='1.0'?><urlset><url><loc>http://www.qingshan.gov.cn/zwgk/1.html</loc></url></urlset>", "own pages"
        ),
        Example(
            "<rss><channel><title>青山县</title><item><title>警方打掉一个百家乐赌博团伙</title></item></channel></rss>",
            "news of a raid",
        ),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        if not _FEED.search(page.html[:_HEAD_CHARS]):
            return
        for address in islice(_LOC.finditer(page.html), _MAX_ENTRIES):
            domain = registrable(host_of(address[1]))
            if domain and domain != page.domain:
                yield self._stated(
                    page, address.start(1), f"loc\n{domain}", defanged(address[1]), "the sitemap lists an address of another site"
                )
                return
        for title in islice(_TITLE.finditer(page.html), _MAX_ENTRIES):
            folded = fold(title[1])
            hit = next((hit for hit in vocabulary().words(folded) if hit.term.tier == "A"), None)
            if hit and not surroundings().excused(folded, hit):
                yield self._stated(
                    page, title.start(1), f"title\n{hit.term.word}", title[1], f"a title of the feed says {hit.term.word}"
                )
                return

    def _stated(self, page: Page, at: int, subject: str, snippet: str, reason: str) -> Finding:
        return self.finding(
            page.url, subject, snippet, reason=reason, locator=f"source@{at}", extra={"technique": mask.text("poisoned-feed")}
        )
