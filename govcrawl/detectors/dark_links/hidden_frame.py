"""Frames from other sites that nobody can see."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from selectolax.lexbor import LexborNode

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.dark_links.targets import foreign
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.urls import host_of, registrable
from govcrawl.page.hiding import TINY_BOX_PX, pixels
from govcrawl.page.model import Page
from govcrawl.page.openings import Tag

_FRAMES: tuple[Tag, ...] = ("iframe", "frame", "embed", "object")
_MAX_FRAMES = 200
# Elsewhere advertisers and their cookie frames are everyday; public bodies and schools carry none.
_PUBLIC = (".gov.cn", ".edu.cn", ".mil.cn", ".ac.cn")
_MEASURES = re.compile(
    r"(?:^|[/._-])(?:stat|count|track|analy|cookie|tongji|tj|hm|log|share|comment|pixel|beacon)", re.IGNORECASE
)
_UNSEEN = frozenset(("noscript", "template"))  # tag managers and code to copy live there


class HiddenFrame(Detector):
    """Statistics and logins use unseen frames of known services; an unseen frame from a stranger loads what the unit does not know of."""

    id = "dark-links/hidden-frame"
    title = "Hidden frame from another site"
    category = Category.DARK_LINK
    severity, confidence = Severity.HIGH, Confidence.MEDIUM
    indicators = ("V1",)
    flagged = (
        Example('<iframe src="http://bad.test/x.htm" width=0 height=0></iframe>', "a box of no size"),
        Example('<div style="display:none"><iframe src="http://bad.test/x.htm"></iframe></div>', "inside a hidden element"),
        Example("<script>document.write('<iframe src=\"http://bad.test/x.htm\" width=1 height=1></iframe>')</script>", "written by a script"),
        Example('<object data="http://bad.test/x.swf" style="display:none"></object>', "an object that style hides"),
        Example('<object width=9 height=9><embed src="http://bad.test/x.swf" width=0 height=0></object>', "an embed of no size within an object"),
    )  # fmt: skip
    clean = (
        Example('<iframe src="http://hm.baidu.com/x.htm" width=0 height=0></iframe>', "statistics of a known service"),
        Example('<iframe src="http://bad.test/x.htm" width=0 height=0></iframe>', "a portal that lives on advertising", url="http://www.portal.test/"),
        Example('<iframe src="http://weather.test/x.htm" width=300 height=60></iframe>', "in sight"),
        Example('<div style="display:none"><iframe src="https://i.tianqi.com/index.php?c=code"></iframe></div>', "the weather of a known service, in a folded corner"),
        Example('<div style="height:1px;overflow:hidden"><embed src="http://ra.gtimg.com/web/a.swf"></div>', "from where a known service serves its pictures"),
        Example('<object data="http://video.test/x.swf" width=480 height=400></object>', "a film in sight"),
        Example('<object width=480 height=400><param name=movie><embed src="http://video.test/x.swf" width=480 height=400></object>', "a film in its usual double form"),
        Example('<iframe src="/inc/top.htm" style="display:none"></iframe>', "the site's own"),
        Example('<div role="tabpanel" style="display:none"><iframe src="http://map.test/"></iframe></div>', "a map in a panel that opens"),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        if not f".{page.host}".endswith(_PUBLIC) or not (page.scene.written or page.openings.may_hold(*_FRAMES)):
            return
        told: set[str] = set()
        frames = chain.from_iterable(map(page.scene.tree.tags, _FRAMES))
        for node in islice(frames, _MAX_FRAMES):
            url = foreign(page, node.attributes.get("src") or node.attributes.get("data") or "")
            domain = registrable(host_of(url)) if url else ""
            if url and domain not in told and not _MEASURES.search(url) and (why := _unseen(page, node)):
                told.add(domain)
                yield self.finding(
                    page.url,
                    f"frame\n{domain}",
                    defanged(url),
                    reason=why,
                    target=url,
                    locator=page.scene.concealments.place(node),
                    extra={"technique": mask.text("hidden-frame"), "block": mask.text(defanged(node.html or ""), 600)},
                )


def _unseen(page: Page, node: LexborNode) -> str:
    """Why the frame cannot be seen; "" where it can, or where the page has a state that shows it."""
    hidden = page.scene.concealments.of(node)
    if hidden:
        return "" if hidden.revealed or hidden.technique in _UNSEEN else hidden.why
    for name in ("width", "height"):
        said = node.attributes.get(name) or ""
        size = pixels(said) if said and "%" not in said else None
        if size is not None and 0 <= size <= TINY_BOX_PX:
            return f"{name}={said}"
    return ""
