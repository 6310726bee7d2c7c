"""A script that gives people another title than search engines read."""

import re
from collections.abc import Iterator

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.analysis import analysis
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page

_GATE = re.compile(
    r"(?:userAgent|referrer)[^;{}]{0,160}?(?:baidu|spider|sogou|360|bot\b|yisou|google|haosou|bing|so\.com)", re.IGNORECASE
)


class TitleSwap(Detector):
    """A title set for everybody (an application, a blinking message) is no swap; one set for all but spiders is, whatever it says."""

    id = "dark-links/title-swap"
    title = "Search engines and people get different titles"
    category = Category.DARK_LINK
    severity, confidence = Severity.CRITICAL, Confidence.HIGH
    indicators = ("V1",)
    flagged = (
        Example("<title>头头体育</title><script>if(navigator.userAgent.toLowerCase().indexOf('baidu')==-1){document.title='青山县民政局'}</script>", "all but Baidu see the real title"),
        Example("<title>&#24320;&#20113;</title><script>if(!navigator.userAgent.match(/baiduspider|sogou/i)){document.title='青山县'}</script>", "by a list of spiders"),
        Example("<title>棋牌游戏</title><script>document.title='青山县民政局'</script>", "restored for everybody who runs scripts"),
    )  # fmt: skip
    clean = (
        Example("<title>首页</title><script>document.title='青山县人民政府'</script>", "an application names its page"),
        Example("<title>青山县人民政府</title><script>if(navigator.userAgent.indexOf('MSIE')>0){document.title='青山县人民政府 - IE'}</script>", "a note for an old browser"),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        for script, does in page.scene.scripts:
            other = next((title for title in does.titles if title.strip() and title.strip() != page.title), None)
            if other is None or not script.live:
                continue
            gated = _GATE.search(does.code) is not None
            sold = analysis(page).sold("title").points
            if gated or sold:
                yield self.finding(
                    page.url,
                    f"swap\n{page.title}",
                    page.title,
                    reason=f"a script {'that spares spiders ' if gated else ''}sets the title {other[:80]!r}",
                    locator="title",
                    confidence=None if gated else Confidence.MEDIUM,
                    extra={"technique": mask.text("title-swap"), "shown_title": mask.text(other), "gated": gated},
                )
                return
