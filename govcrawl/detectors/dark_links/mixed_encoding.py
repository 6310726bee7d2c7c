"""Spam written in another encoding than the page it was put into."""

import re
from collections.abc import Iterator
from itertools import islice

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.folding import fold
from govcrawl.detectors.dark_links.vocabulary import surroundings, vocabulary
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page

# Two characters and more; random GBK text that happens to be valid UTF-8 gives rare characters, never words of spam.
_UTF8_RUN = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}[\x00-\x7f]{0,3}?){2,400}")
_GBK_RUN = re.compile(rb"(?:[\xb0-\xf7][\xa1-\xfe]){2,400}")
_MAX_RUNS = 4000


class MixedEncoding(Detector):
    """Decoded as the page says, the words turn into garbage and no list finds them; hence the bytes are read a second time."""

    id = "dark-links/mixed-encoding"
    title = "Spam in another encoding than the page"
    category = Category.DARK_LINK
    severity, confidence = Severity.HIGH, Confidence.HIGH
    indicators = ("V1",)
    flagged = (
        Example("<meta charset=gbk><p>青山县人民政府，政务公开</p>".encode("gbk") + '<a href="http://a.test/">百家乐</a> <a href="http://b.test/">新葡京</a>'.encode(), "UTF-8 in a GBK page", headers={"content-type": "text/html; charset=gbk"}),
        Example("<p>青山县人民政府，政务公开，办事服务，互动交流</p>".encode() * 900 + '<a href="http://a.test/">六合彩</a><a href="http://b.test/">百家乐</a>'.encode("gbk"), "GBK in a UTF-8 page", headers={"content-type": "text/html; charset=utf-8"}),
    )  # fmt: skip
    clean = (
        Example("<meta charset=gbk><p>青山县人民政府</p>".encode("gbk"), "one encoding"),
        Example("<meta charset=gbk><p>警方通报</p>".encode("gbk") + "打击百家乐网络赌博犯罪".encode(), "a warning pasted from elsewhere", headers={"content-type": "text/html; charset=gbk"}),
    )  # fmt: skip

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:
        text = _other_reading(page)
        folded = fold(text)
        hits = [hit for hit in vocabulary().words(folded) if hit.term.tier == "A" and not surroundings().excused(folded, hit)]
        if hits:
            words = sorted({hit.term.word for hit in hits})
            yield self.finding(
                page.url,
                f"mixed\n{' '.join(words[:40])}",
                folded[max(0, hits[0].start - 60) : hits[0].end + 200].replace("\n", " "),
                reason=f"decoded as {page.encoding} these bytes are garbage",
                extra={"technique": mask.text("mixed-encoding"), "words": mask.text("、".join(words[:20]))},
            )


def _other_reading(page: Page) -> str:
    """The runs of bytes that make sense in the encoding that the page does not have."""
    if page.encoding == "gb18030":
        return "\n".join(match[0].decode("utf-8", "ignore") for match in islice(_UTF8_RUN.finditer(page.body), _MAX_RUNS))
    if page.encoding == "utf-8" and "\ufffd" in page.html:
        return "\n".join(_gbk_runs(page.body))
    return ""


def _gbk_runs(body: bytes) -> Iterator[str]:
    for match in islice(_GBK_RUN.finditer(body), _MAX_RUNS):
        try:
            match[0].decode("utf-8")
        except UnicodeDecodeError:
            yield match[0].decode("gbk", "ignore")
