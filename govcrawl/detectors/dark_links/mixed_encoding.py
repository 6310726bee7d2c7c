"""Spam written in another encoding than the page it was put into."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from ahocorasick_rs import BytesAhoCorasick

from govcrawl.detectors.base import Context, Detector, Example
from govcrawl.detectors.dark_links.evidence import defanged
from govcrawl.detectors.dark_links.folding import fold
from govcrawl.detectors.dark_links.vocabulary import surroundings, vocabulary
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Finding, Severity
from govcrawl.page.model import Page

_MAX_HITS = 200
_AROUND = 90  # bytes
_LEAST_CHARS = 3  # so that no run of the page's own bytes is taken for a word


@lru_cache(maxsize=2)
def _automaton(encoding: str) -> tuple[BytesAhoCorasick, tuple[bytes, ...]]:
    """The words that fire alone, as bytes of the encoding that the page does not have."""
    words = [
        term.word
        for term in vocabulary().terms
        if term.tier == "A" and len(term.word) >= _LEAST_CHARS and not term.word.isascii()
    ]
    written = ((word, word.encode(encoding, "ignore")) for word in words if all(ord(char) > 127 for char in word))
    raw = tuple(letters for word, letters in written if letters.decode(encoding) == word)  # Thai has no place in GBK
    return BytesAhoCorasick(raw), raw


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

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the shape of a judgement
        other = _OTHER.get(page.encoding, "")
        # Where all bytes are of the one encoding, none are of the other: nearly all pages in UTF-8.
        if not other or (other == "gbk" and (page.decoded.path in _WHOLE or "\ufffd" not in page.html)):
            return
        found = [(start, *near) for start, end in _places(page.body, other) if (near := _near(page.body, start, end, other))]
        if found:
            words = sorted({word for _start, word, _text in found})
            yield self.finding(
                page.url,
                f"mixed\n{' '.join(words[:40])}",
                defanged(found[0][2]),
                reason=f"decoded as {page.encoding} these bytes are garbage; they are {other}",
                locator=f"byte@{found[0][0]}",
                extra={"technique": mask.text("mixed-encoding"), "words": mask.text("、".join(words[:20]))},
            )


_WHOLE = ("ascii", "strict")
_OTHER = {"gb18030": "utf-8", "utf-8": "gbk"}


def _places(body: bytes, encoding: str) -> Iterator[tuple[int, int]]:
    automaton, raw = _automaton(encoding)
    for index, start, end in islice(automaton.find_matches_as_indexes(body), _MAX_HITS):
        if len(raw[index]) == end - start:
            yield start, end


def _near(body: bytes, start: int, end: int, encoding: str) -> tuple[str, str] | None:
    """The word and the text around it as its author wrote it; None where that is a warning."""
    before = body[max(0, start - _AROUND) : start].decode(encoding, "ignore")
    word = body[start:end].decode(encoding, "ignore")
    text = fold(f"{before}{word}{body[end : end + _AROUND].decode(encoding, 'ignore')}")
    hits = [hit for hit in vocabulary().words(text) if hit.term.word == fold(word)]
    if not hits or surroundings().excused(text, hits[0]):
        return None
    return word, " ".join(text.split())
