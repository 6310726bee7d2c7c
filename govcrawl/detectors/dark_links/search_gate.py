"""A script that sends visitors elsewhere only when they come from a search engine, or shows spiders another page."""

import re
from collections.abc import Iterator

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.dark_links.targets import foreign, sources
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.remember import remembered
from govcrawl.kit.urls import host_of, registrable
from govcrawl.page.model import Page
from govcrawl.page.scripts import Unfolded

_ASKS = re.compile(r"\breferrer\b|userAgent|\bUA\b", re.IGNORECASE)
_ASKING = ("referrer", "useragent", "ua")  # a substring costs a tenth of the pattern
_ENGINES = re.compile(r"baidu|sogou|soso|haosou|360(?:spider)?|so\.com|bing|yahoo|google|youdao|yisou|\bsm\b|sm\.cn|\buc\b|toutiao|bytespider|spider", re.IGNORECASE)  # fmt: skip
_ENOUGH = 2
_NEAR = 700
# Advertisers load their scripts for everybody but spiders; that is rude and no dark link. A redirect is, either way.
_SPARES = re.compile(
    r"(?:spider|bot|userAgent)[^;{]{0,80}(?:=\s*=[\s=]*-\s*1|<\s*0)|!\s*/[^/]*(?:spider|bot|baidu)|if\s*\(\s*!", re.IGNORECASE
)


class SearchGate(Detector):
    """Redirects of telephones to the same organisation's mobile host know no search engines, and statistics that do go nowhere."""

    id = "dark-links/search-gate"
    title = "Visitors from search engines are sent elsewhere"
    category = Category.DARK_LINK
    severity, confidence = Severity.CRITICAL, Confidence.HIGH
    indicators = ("V1",)
    flagged = (
        Example("<script>var s=document.referrer;if(s.indexOf('baidu')>0||s.indexOf('sogou')>0)location.href='https://bet.test/'</script>", "by referrer"),
        Example(
            '<script>document.writeln("<script>");document.writeln("var r=document.referrer");'
            'document.writeln("if(r.indexOf(\\"baidu\\")>0||r.indexOf(\\"bing\\")>0)location.href=\\"http://bet.test/\\"");document.writeln("<\\/script>")</script>',
            "the gate itself is written",
        ),
        Example("<script>if(/baiduspider|sogou|360spider/i.test(navigator.userAgent)){document.write('<script src=\"http://bet.test/s.js\"><\\/script>')}</script>", "spiders get another script"),
    )  # fmt: skip
    clean = (
        Example("<script>if(/iphone|android/i.test(navigator.userAgent))location.href='http://m.qingshan.gov.cn/'</script>", "the site's own mobile host"),
        Example("<script>if(!/baidu|sogou/.test(navigator.userAgent)){document.write('<script src=\"http://ad.test/i.js\"><\\/script>')}</script>", "an advertiser spares spiders"),
        Example("<script>var e=['baidu','google','sogou'];if(document.referrer.indexOf(e[0])>0){_hmt.push(['seo'])}</script>", "statistics"),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        for script, does in page.scene.scripts:
            engines = _engines(does.code) if does.code else frozenset[str]()
            url = _beyond(page, does) if len(engines) >= _ENOUGH else None
            if url:
                yield self.finding(
                    page.url,
                    f"gate\n{registrable(host_of(url))}",
                    defanged(url),
                    reason=f"asks for referrer or user agent and for {', '.join(sorted(engines)[:6])}, then leaves",
                    target=url,
                    locator=page.scene.place_of(script),
                    extra={"technique": mask.text("search-gate")},
                )
                return


@remembered(1024, 32_000)
def _engines(code: str) -> frozenset[str]:
    """The search engines that a script names, where it asks where its reader comes from. A site's scripts stand on all of its pages."""
    lower = code.lower()
    if not any(sign in lower for sign in _ASKING) or not _ASKS.search(code):
        return frozenset()
    return frozenset(match[0].lower() for match in _ENGINES.finditer(code))


def _beyond(page: Page, does: Unfolded) -> str | None:
    """Where the gate leads: an address that the code names soon after the engines it asks for."""
    for address in (*does.moves, *sources("".join(does.writes)), *does.sources):
        if not address.startswith(("http", "//")):
            continue
        place = does.code.rfind(address)
        before = does.code[max(0, place - _NEAR) : place] if place >= 0 else does.code
        asked = _ENGINES.search(before) is not None
        loads = address not in does.moves
        if asked and not (loads and _SPARES.search(before)) and (url := foreign(page, address)):
            return url
    return None
