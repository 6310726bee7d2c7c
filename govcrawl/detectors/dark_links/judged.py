"""Findings about a block of links, stated the same way by every detector that judges one."""

from collections.abc import Iterator

from govcrawl.detectors.base import Detector
from govcrawl.detectors.dark_links.blocks import Block, weights
from govcrawl.detectors.dark_links.evidence import facts_of, identity_of, target_of, words_of
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page


class BlockDetector(Detector):
    """Turns a block into a finding; which blocks are its own is what each detector says."""

    category = Category.DARK_LINK
    severity, confidence = Severity.HIGH, Confidence.MEDIUM
    indicators = ("V1",)

    def stated(self, page: Page, block: Block) -> Iterator[Finding]:
        hidden = block.hidden
        yield self.finding(
            page.url,
            identity_of(block),
            words_of(block),
            reason=hidden.why if hidden else "in plain sight",
            target=target_of(block),
            locator=hidden.locator if hidden else page.scene.concealments.place(block.links[0].link.node),
            severity=Severity.CRITICAL if block.themed and hidden else None,
            confidence=Confidence.HIGH if block.score >= weights()["sure"] else None,
            extra=facts_of(block),
        )
