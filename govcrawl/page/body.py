"""What an article says, in one number."""

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING
from zlib import crc32

from selectolax.lexbor import LexborNode

from govcrawl.page.day_patterns import days
from govcrawl.page.outline import tag_ids
from govcrawl.page.prose import NO_PROSE

if TYPE_CHECKING:
    from govcrawl.page.model import Page

UNKNOWN = 0

_MIN_LINE = 5
_SENTENCE = 15  # characters; shorter lines are found in every corner of a page
_MARKS = frozenset("。，；！？,;")  # the addresses in a footer have none
_LEAST = 60  # characters of sentences; of what says less the template of the site is the greater part
_MOST, _CLIMB = 1_000, 60  # sentences, and steps up from each, that are looked at
_INLINE = tag_ids("span", "font", "strong", "b", "em", "i", "u")
_SHARE = 0.8  # of the prose of a page stands in the box of its article
_BYLINE = re.compile(
    r"(?:发布|更新|发稿)?(?:时间|日期)\s*[:：]|来源\s*[:：]|浏览|点击|阅读|访问|字号|字体|打印|编辑\s*[:：]|作者\s*[:：]|稿源|供稿"
)
_LONGEST_BYLINE = 120
_COUNTER = re.compile(r"(?:浏览|点击|阅读|访问|人气|点赞|下载)\w{0,4}\s*[:：]?\s*\d+|\d+\s*(?:次|人)(?:浏览|点击|阅读|访问)")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|csv|zip|rar)\b|download", re.IGNORECASE)
_SHOWN = "a[href], img[src], iframe[src], embed[src], video[src], source[src]"


def body_mark(page: "Page") -> int:
    """32 bits of its prose, and of the files and pictures that come with it; UNKNOWN where there is too little prose.

    The same text under another day has the same mark: the day of its publication, the day of the visit, bylines, counters, links and side
    boxes count for nothing. All other days and figures do: a price list with new prices is another text.
    """
    prose = [
        (words, node)
        for words, under, node in zip(page.outline.words, page.outline.under, page.outline.texts, strict=True)
        if len(words) >= _MIN_LINE and under not in NO_PROSE
    ]
    sentences = [(len(words), node) for words, node in prose if len(words) >= _SENTENCE and not _MARKS.isdisjoint(words)]
    box = _box(sentences) or page.tree.body
    if box is None or sum(length for length, _ in sentences) < _LEAST:
        return UNKNOWN
    inside = {node.mem_id for node in box.traverse(include_text=True)}
    passing = {page.today} | ({page.published.day} if page.published else set())
    lines = [_plain(words, passing) for words, node in prose if node.mem_id in inside and not _is_byline(words)]
    return crc32("\n".join([*lines, *_shown(box)]).encode("utf-8", "surrogatepass"))


def _box(sentences: list[tuple[int, LexborNode]]) -> LexborNode | None:
    """The innermost element that holds nearly all of the prose, and more than one paragraph: what was added to an article stands beside
    what it said before.
    """
    held: dict[int, int] = {}
    paragraphs: dict[int, set[int]] = {}
    paths = [(length, list(_above(node))) for length, node in sentences[:_MOST]]
    for length, path in paths:
        paragraph = next((one.mem_id for one in path if one.tag_id not in _INLINE), 0)
        for element in path:
            held[element.mem_id] = held.get(element.mem_id, 0) + length
            paragraphs.setdefault(element.mem_id, set()).add(paragraph)
    least = _SHARE * sum(length for length, _ in paths)
    # Those that hold so much lie one in the other: the first on the way up from within is the innermost.
    fitting = (
        next((one for one in path if held[one.mem_id] >= least and len(paragraphs[one.mem_id]) > 1), None) for _, path in paths
    )
    return min((one for one in fitting if one is not None), key=lambda one: held[one.mem_id], default=None)


def _above(node: LexborNode) -> Iterator[LexborNode]:
    for _ in range(_CLIMB):
        if (parent := node.parent) is None:
            return
        yield parent
        node = parent


def _is_byline(words: str) -> bool:
    return len(words) <= _LONGEST_BYLINE and _BYLINE.search(words) is not None


def _plain(words: str, passing: set[date]) -> str:
    for written in list(days(words)):
        if written.day in passing:
            words = words.replace(written.raw, "")
    return "".join(_COUNTER.sub("", words).split())


def _shown(box: LexborNode) -> Iterator[str]:
    """Addresses of what an article is made of besides words: no link to another page, as that to the next article changes with it."""
    for node in box.css(_SHOWN):
        attributes = node.attributes
        source = attributes.get("src") or attributes.get("href") or ""
        if node.tag != "a" or _FILE.search(source) or _FILE.search(node.text(strip=True)):
            yield source.strip()
