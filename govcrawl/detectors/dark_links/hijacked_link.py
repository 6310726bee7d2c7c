"""The site's own way home, turned to another site."""

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborNode

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.analysis import analysis
from govcrawl.detectors.dark_links.blocks import Themed, trusted
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.kit.networks import literal, may_fetch
from govcrawl.kit.urls import host_of, registrable, resolve
from govcrawl.page.model import Page
from govcrawl.page.scene import SeenLink

_HOME = frozenset(("首页", "网站首页", "返回首页", "本站首页", "主页", "网站主页"))
# Names of machines on which a site is built.
_TRIALS = frozenset(("test", "dev", "demo", "staging", "stage", "uat", "beta", "preview", "local", "ceshi"))
# "make this page your home page", "add it to your favourites": a page names itself there.
_OWN_ADDRESS = re.compile(r"""(?:setHomePage|addFavorite|addPanel)\s*\(\s*["'](https?://[^"'\s]{4,200})["']""", re.IGNORECASE)
_OWN_NEIGHBOURS = 2
_MAX_NEIGHBOURS = 30
_STEPS = 3


class HijackedLink(Detector):
    """After a move the home link leads to a public domain; a portal of a company links its shop and its forum from everywhere. The way home of
    pages that were generated on another machine leads to it: one with a bare number, one for trials, or the one that the page calls its own.
    """

    id = "dark-links/hijacked-link"
    title = "Link of the site's own navigation leads to spam"
    category = Category.DARK_LINK
    severity, confidence = Severity.HIGH, Confidence.MEDIUM
    indicators = ("V1",)
    flagged = (
        Example('<div><a href="http://bet.test/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/bsfw/">办事服务</a></div>', "the home link leaves"),
        Example('<div>当前位置：<a href="http://bet.test/">mobile365-365</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="/zwgk/1/">通知</a></div>', "the first step of the trail is a brand"),
    )  # fmt: skip
    clean = (
        Example('<div><a href="http://www.newcounty.gov.cn/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/bsfw/">办事服务</a></div>', "moved to another public domain"),
        Example('<ul><li><a href="http://news.test/1">警方查处百家乐赌博网站</a><li><a href="/2">通知</a><li><a href="/3">公告</a></ul>', "news"),
        Example('<div><a href="http://localhost/">主页</a> <a href="/zwgk/">政务公开</a> <a href="/bsfw/">服务</a></div>', "the machine that a template was made on"),
        Example('<div><a href="http://192.168.1.8/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/bsfw/">服务</a></div>', "a machine of the office"),
        Example('<div><a href="http://47.93.1.1/site">首页</a> <a href="/zwgk/">政务公开</a> <a href="/bsfw/">服务</a></div>', "a machine without a name"),
        Example('<div><a href="http://cms.test.maker.net/">主页</a> <a href="/zwgk/">政务公开</a> <a href="/bsfw/">服务</a></div>', "a machine for trials"),
        Example('<a onclick="this.setHomePage(\'http://old.test\')">设为首页</a><div><a href="http://old.test/">主页</a> <a href="/zwgk/">政务公开</a> <a href="/bsfw/">服务</a></div>', "what the page calls its own address"),
        Example('<div><a href="http://group.test/">首页</a> <a href="/zwgk/">政务公开</a> <a href="/bsfw/">服务</a> <a href="http://group.test/shop">商城</a></div>', "a sister site with more than one link"),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        if not page.domain:
            return
        linked, neighbours = analysis(page).links, _Neighbours(page)
        for themed in linked:
            if _turned(themed, linked, page) and neighbours.are_own(
                themed.link.node, 1 if themed.level == 3 else _OWN_NEIGHBOURS
            ):
                yield self.finding(
                    page.url,
                    f"hijacked\n{themed.link.domain}",
                    f"{themed.link.text} → {defanged(themed.link.url)}",
                    reason="stands among links of the site itself and leads away",
                    target=themed.link.url,
                    locator=page.scene.concealments.place(themed.link.node),
                    severity=Severity.CRITICAL if themed.level == 3 else None,
                    extra={
                        "technique": mask.text("hijacked-link"),
                        "block": mask.text(defanged(themed.link.node.html or ""), 600),
                    },
                )
                return


def _turned(themed: Themed, linked: Sequence[Themed], page: Page) -> bool:
    """In sight a word that fires alone, or the home link to a domain that nothing else in sight leads to."""
    link = themed.link
    if themed.level != 3 and (not _says_home(link) or trusted(link.domain)):
        return False
    if link.hidden or not _public(link.domain):
        return False
    if themed.level == 3:
        return True
    others = (other.link for other in linked if other.link.domain == link.domain and not _says_home(other.link))
    return all(other.hidden for other in others) and not _generated_at(link.url, link.domain, page)


def _says_home(link: SeenLink) -> bool:
    return link.text.strip() in _HOME


def _public(domain: str) -> bool:
    """Whether visitors can be led there: a template may have kept the address of the machine that it was made on."""
    address = literal(domain)
    return "." in domain if address is None else may_fetch(address)


def _generated_at(url: str, domain: str, page: Page) -> bool:
    """Whether it is where the page was made: publishing systems write the address of their own machine into the way home."""
    host = host_of(url)
    if literal(host) is not None or not _TRIALS.isdisjoint(host.removesuffix(domain).split(".")):
        return True
    return any(host_of(own) == host for own in _OWN_ADDRESS.findall(page.html))


class _Neighbours:
    """The links around a link, asked of each element once: those of a list lie in the same ones."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: dict[int, list[tuple[int, str]]] = {}

    def are_own(self, node: LexborNode, least: int) -> bool:
        """Whether the nearest element with more links holds the site's own, and no other stranger."""
        place = node.parent
        for _ in range(_STEPS):
            if place is None:
                return False
            if near := [host for key, host in self._within(place) if key != node.mem_id]:
                own = sum(registrable(host) == self._page.domain for host in near)
                return own >= least and own >= 0.8 * sum(map(bool, near))
            place = place.parent
        return False

    def _within(self, place: LexborNode) -> list[tuple[int, str]]:
        if place.mem_id not in self._known:
            links = place.css("a[href]")[:_MAX_NEIGHBOURS]
            hrefs = [(link.mem_id, (link.attributes.get("href") or "").strip()) for link in links]
            self._known[place.mem_id] = [(key, host_of(resolve(self._page.base, href) or "")) for key, href in hrefs]
        return self._known[place.mem_id]
