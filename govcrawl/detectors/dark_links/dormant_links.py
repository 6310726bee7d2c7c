"""Spam links in comments, text areas and templates: put in and switched off, or waiting for a script."""

from collections.abc import Iterator

from govcrawl.detectors.base import Context, Example
from govcrawl.detectors.dark_links.analysis import analysis
from govcrawl.detectors.dark_links.judged import BlockDetector
from govcrawl.findings.model import Finding, Severity
from govcrawl.page.model import Page


class DormantLinks(BlockDetector):
    """Editors comment out old menus; what is flagged are several links that advertise."""

    id = "dark-links/dormant-links"
    title = "Spam links in a comment, text area or template"
    severity = Severity.MEDIUM
    flagged = (
        Example('<!-- <a href="http://a.test/">百家乐</a><a href="http://b.test/">六合彩</a> -->', "commented out after the injection"),
        Example('<textarea style="display:none"><a href="http://a.test/">百家乐</a><a href="http://b.test/">六合彩</a></textarea>', "a text area that a script reads"),
    )  # fmt: skip
    clean = (
        Example('<!-- <a href="http://old.test/">旧版网站</a> <a href="http://map.test/">地图</a> -->', "an old menu"),
        Example("<!--[if lt IE 8]><a href='http://browser.test/'>升级浏览器</a><![endif]-->", "a conditional comment"),
    )

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        for block in analysis(page).dormant:
            yield from self.stated(page, block)
