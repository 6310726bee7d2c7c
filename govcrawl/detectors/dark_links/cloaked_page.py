"""A page that shows a search spider, or a visitor from a search, what it shows nobody else."""

import re
from collections.abc import Iterator
from dataclasses import replace

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.cloaking import Difference, compare
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.dark_links.targets import foreign
from govcrawl.findings import mask
from govcrawl.findings.mask import Masked
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page
from govcrawl.page.views import View

_REFRESH = re.compile(r"""url\s*=\s*['"]?([^'">\s]+)""", re.IGNORECASE)
_STUB_LINKS = 3
_SHOWN_DOMAINS = 8
_EXCERPT_CHARS = 300
_NEWS = "<title>青山区人民政府</title><ul><li><a href='/a/{0}'>要闻{0}</a><li><a href='/b/{0}'>通知{0}</a></ul><p>青山区召开工作会议</p>"
_SPAM = (
    "<title>澳门新葡京官网_bet365平台开户</title><a href='http://bet.test/'>bet365官网</a><a href='http://b.test/'>时时彩平台</a>"
)


class CloakedPage(Detector):
    """Only with the views that a crawl brings. Pages that differ from themselves, telephones sent to the same organisation's mobile
    host and visitors in disguise who are turned away are no cloaking; what depends on the visitor's address cannot be seen.
    """

    id = "dark-links/cloaked"
    title = "Search spiders or visitors from a search are shown another page"
    category = Category.DARK_LINK
    severity, confidence = Severity.CRITICAL, Confidence.HIGH
    indicators = ("V1",)
    flagged = (
        Example(_NEWS.format(1), "spam for the spider only", views={"again": _NEWS.format(1), "Baiduspider": _SPAM}),
        Example(
            _NEWS.format(1),
            "visitors from a search are sent away",
            views={"again": _NEWS.format(1), "from a search": "<meta http-equiv=refresh content='0;url=http://bet.test/'>"},
        ),
        Example(_NEWS.format(1), "spam, though the news change", views={"again": _NEWS.format(2), "Baiduspider": _SPAM}),
    )
    clean = (
        Example(_NEWS.format(1), "rotating news", views={"again": _NEWS.format(2), "Baiduspider": _NEWS.format(3)}),
        Example(
            _NEWS.format(1),
            "telephones go to the site's own mobile host",
            views={"again": _NEWS.format(1), "mobile": "<script>location.href='http://m.qingshan.gov.cn/'</script>"},
        ),
        Example(
            _NEWS.format(1),
            "a firewall's page for the false spider",
            views={"again": _NEWS.format(1), "Baiduspider": "<title>访问被拦截</title><a href='http://waf.test/'>安全防护</a>"},
        ),
        Example(_SPAM, "everybody sees the spam: no cloaking", views={"again": _SPAM, "Baiduspider": _SPAM}),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        if len(page.views) < 2:
            return
        first, again = _landed(View("everybody", page)), _landed(page.views[0])
        others = [_landed(view) for view in page.views[1:]]
        found = [(view, difference) for view in others if _serious(difference := compare(first, again, view))]
        if found:
            yield self._told(page, found)

    def _told(self, page: Page, found: list[tuple[View, Difference]]) -> Finding:
        view, difference = max(found, key=lambda pair: len(pair[1].spam))
        target = difference.redirected or next((f"http://{domain}/" for domain in difference.new_domains), "")
        return self.finding(
            page.url,
            "cloaked",
            f"everybody: {page.title} | {view.who}: {_shown(view, difference)}",
            reason=f"only shown to {', '.join(view.who for view, _ in found)}",
            target=target,
            locator=f"response to {view.who}",
            confidence=None if difference.spam else Confidence.MEDIUM,
            extra=_facts(page, view, difference),
        )


def _serious(difference: Difference) -> bool:
    """Another title with foreign links alone is what a firewall shows, too."""
    return difference.cloaked and bool(difference.spam or difference.redirected)


def _landed(view: View) -> View:
    """With where the page itself sends its visitor on."""
    if view.arrived:
        return view
    page = view.page
    moves = _REFRESH.findall(page.meta.get("refresh", ""))
    if len(page.links) < _STUB_LINKS:
        moves += [move for script, does in page.scene.scripts if script.live for move in does.moves]
    return replace(view, arrived=next((url for move in moves if (url := foreign(page, move))), ""))


def _shown(view: View, difference: Difference) -> str:
    if difference.redirected:
        return f"sent to {defanged(difference.redirected)}"
    return f"{view.page.title} ({', '.join(difference.spam)})"


def _facts(page: Page, view: View, difference: Difference) -> dict[str, Masked | int | float | bool]:
    """Both views, kept so that they can be shown after the page is clean."""
    return {
        "technique": mask.text("cloaking"),
        "view_everybody": mask.text(f"{page.title} | {page.text[:_EXCERPT_CHARS]}"),
        "view_other": mask.text(f"{view.page.title} | {view.page.text[:_EXCERPT_CHARS]}"),
        "view_other_domains": mask.text(", ".join(map(defanged, difference.new_domains[:_SHOWN_DOMAINS]))),
        "likeness": round(difference.likeness, 2),
        "noise": round(difference.noise, 2),
    }
