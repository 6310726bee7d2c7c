"""Blocks of spam links in plain sight."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Example
from govcrawl.detectors.dark_links.analysis import analysis
from govcrawl.detectors.dark_links.judged import BlockDetector
from govcrawl.findings.model import Finding
from govcrawl.page.model import Page


class SpamAnchors(BlockDetector):
    """Several anchors of a block advertise what no public body links; a headline about gambling is one long anchor in a list of others."""

    id = "dark-links/spam-anchors"
    title = "Block of spam links"
    flagged = (
        Example('<p><a href="http://a.test/">百家乐</a> <a href="http://b.test/">时时彩平台</a> <a href="http://c.test/">皇冠现金网</a></p>', "three casinos in a row"),
        Example('<p><a href="http://a.test/">传奇私服</a> <a href="http://b.test/">新开传奇</a> <a href="http://b.test/2">传奇sf</a></p>', "pirate game servers"),
    )  # fmt: skip
    clean = (
        Example('<p>友情链接 <a href="http://a.test/">新华书店</a> <a href="http://b.test/">天气网</a> <a href="http://c.test/">地图</a></p>', "friend links"),
        Example('<ul><li><a href="http://news.test/1">警方打掉一个网上赌场犯罪团伙 抓获43人</a><li><a href="http://news.test/2">澳门回归二十周年</a></ul>', "news of a raid"),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:
        for block in analysis(page).standing(context.fleet):
            if not block.hidden and not block.by_script:
                yield from self.stated(page, block)
