"""A sitemap or feed that offers spam to search engines."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.dark_links.folding import fold
from govcrawl.detectors.dark_links.vocabulary import surroundings, vocabulary
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.urls import host_of, registrable
from govcrawl.page.feeds import opens_feed
from govcrawl.page.model import Page

_LOC = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?\s*(https?://[^<\]\s]{4,500})", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,100}>\s*(?:<!\[CDATA\[)?([^<\]]{2,300})", re.IGNORECASE)
_MAX_ENTRIES = 50_000


def _spam_in(text: str) -> str:
    """The word that no public site would use but in a warning; "" where there is none."""
    folded = fold(text)
    hit = next((hit for hit in vocabulary().words(folded) if hit.term.tier == "A"), None)
    return hit.term.word if hit and not surroundings().excused(folded, hit) else ""


def _spelled(url: str) -> str:
    """What is written in the path of an address; "" where that is figures and plain letters."""
    return unquote(url.partition("://")[2].partition("/")[2]) if "%" in url else ""


class PoisonedFeed(Detector):
    """A sitemap lists the site's own pages; a title of a feed that advertises is spam as a title of a page would be."""

    id = "dark-links/poisoned-feed"
    title = "Sitemap or feed offers spam"
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
            "<rss><channel><title>青山县</title><item><title>警方打掉一个百家乐赌博团伙</title></item></channel></rss>",
            "news of a raid",
        ),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        if not opens_feed(page.html):
            return
        for address in islice(_LOC.finditer(page.html), _MAX_ENTRIES):
            domain = registrable(host_of(address[1]))
            if domain and domain != page.domain:
                yield self._stated(
                    page, address.start(1), f"loc\n{domain}", defanged(address[1]), "the sitemap lists an address of another site"
                )
                return
            if word := _spam_in(_spelled(address[1])):
                yield self._stated(
                    page, address.start(1), f"loc\n{word}", defanged(address[1]), f"an address in the sitemap says {word}"
                )
                return
        for title in islice(_TITLE.finditer(page.html), _MAX_ENTRIES):
            if word := _spam_in(title[1]):
                yield self._stated(page, title.start(1), f"title\n{word}", title[1], f"a title of the feed says {word}")
                return

    def _stated(self, page: Page, at: int, subject: str, snippet: str, reason: str) -> Finding:
        return self.finding(
            page.url, subject, snippet, reason=reason, locator=f"source@{at}", extra={"technique": mask.text("poisoned-feed")}
        )
