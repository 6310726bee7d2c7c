"""Links to other sites that style sheets, inline style or attributes put out of sight."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Example
from govcrawl.detectors.dark_links.analysis import analysis
from govcrawl.detectors.dark_links.judged import BlockDetector
from govcrawl.findings.model import Finding
from govcrawl.page.model import Page


class HiddenByStyle(BlockDetector):
    """Menus and tabs also hide links: those lead to the same site or to trusted ones, say nothing of spam, or open in a state."""

    id = "dark-links/hidden-by-style"
    title = "Links to other sites hidden by style"
    flagged = (
        Example('<div style="display:none"><a href="http://a.test/">百家乐</a><a href="http://b.test/">新葡京</a></div>', "spam, not displayed"),
        Example(
            '<div style="position:absolute;left:-9999px"><a href="http://a.test/">棘轮扳手</a><a href="http://b.test/">恒温槽</a></div>',
            "plain words, but nobody pushes honest links off the screen",
        ),
        Example("<style>.x{height:1px;overflow:hidden}</style><p class=x><a href='//bet.test/'>六合彩开奖</a></p>", "a box one pixel high"),
        Example('<marquee height="1"><a href="http://a.test/">代孕</a><a href="http://b.test/">代孕网</a></marquee>', "a marquee without height"),
    )  # fmt: skip
    clean = (
        Example('<ul class="sub" style="display:none"><li><a href="http://www.gov.cn/">中国政府网</a></ul>', "a folded menu to a trusted site"),
        Example('<div style="display:none"><a href="/zwgk/">政务公开</a></div>', "the site's own link"),
        Example("<style>.m{display:none}.m:hover{display:block}</style><div class=m><a href='http://travel.test/'>旅游</a></div>", "opens on hover"),
        Example('<a href="http://a.test/" style="text-indent:-9px">新闻</a>', "a nudge, not a hiding place"),
        Example("<style>body{display:none}</style><div><a href='http://a.test/'>协会</a><a href='http://b.test/'>媒体</a><a href='http://c.test/'>澳门</a></div>", "a whole page that waits for a script"),
        Example('<body style="opacity:0"><div><a href="http://a.test/">协会</a><a href="http://b.test/">媒体</a><a href="http://c.test/">澳门</a></div>', "a whole page that fades in"),
        Example('<div style="display:none"><a href="http://www.gov.mo/">澳门</a></div>', "Macao's own government"),
        Example(
            '<div style="display:none"><a href="http://www.gov.mo/">澳门</a><a href="http://a.test/">协会</a><a href="http://b.test/">学会</a><a href="http://c.test/">媒体</a></div>',
            "a folded menu of partners that ends with Macao",
        ),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:
        for block in analysis(page).standing(context.fleet):
            if block.hidden and not block.by_script:
                yield from self.stated(page, block)
