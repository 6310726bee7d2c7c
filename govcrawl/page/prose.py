"""What a person reads on a page besides its links."""

import re
from functools import cache
from operator import attrgetter

from govcrawl.page.outline import Outline, tag_ids

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]+")
_COMMON_KANA = ("の", "ン", "ー", "を", "に")
_SAMPLE = 5_000
NO_PROSE = tag_ids(
    "a", "script", "style", "noscript", "template", "select", "option", "button", "label", "textarea", "title", "head", "iframe"
)
# A link may wrap its words once more: <a><span>words</span></a>.
_grandparents_tag = attrgetter("parent.parent.tag_id")
_FOOTER = re.compile(
    # Plain characters first, upper and lower apart: what ignores case throughout is tried at every place of the text.
    r"版权所有|C(?i:opyright)|c(?i:opyright)|©|I(?i:CP)备|i(?i:CP)备|公网安备|网站标识码|主办(?:单位)?[:：]|承办(?:单位)?[:：]|技术支持|建议使用|访问量"
)
# Each begins with a plain character: the search for one is ten times faster than that for one of several.
_TURNS = (
    re.compile("下一?页"),
    re.compile("尾页"),
    re.compile("末页"),
    re.compile(r"共\s*\d+\s*[页条]"),
    re.compile(r"第\s*\d+\s*页"),
)
_BINARY = re.compile(rb"^(?:%PDF-|PK\x03\x04|\xd0\xcf\x11\xe0|Rar!|7z\xbc\xaf|\x1f\x8b|\x89PNG|\xff\xd8\xff|GIF8|\{\\rtf)")
_MIN_LINE = 5


def chinese_in(text: str, sample: int = _SAMPLE) -> int:
    """How many Chinese characters there are in the beginning of a text."""
    return sum(map(len, _CHINESE.findall(text, 0, sample)))


def is_chinese(text: str, least: int) -> bool:
    """Whether there are more Chinese characters than `least` in the first 5,000; most texts tell at once."""
    return _more_chinese(least).match(text, 0, _SAMPLE) is not None


@cache
def _more_chinese(least: int) -> re.Pattern[str]:
    return re.compile(rf"(?:[^\u4e00-\u9fff]*+[\u4e00-\u9fff]){{{least + 1}}}")


def turns_pages(text: str) -> bool:
    """Whether the words of a text lead to further pages of a list."""
    return any(sign.search(text) for sign in _TURNS)


def writes_japanese(text: str) -> bool:
    """False at a glance for nearly every text that is not Japanese: no sentence in it, and no menu, does without all of these."""
    return any(sign in text for sign in _COMMON_KANA)


def kana_in(text: str) -> int:
    """How many characters of Japanese syllabaries there are in the first 5,000 of a text."""
    return sum(map(len, _KANA.findall(text, 0, _SAMPLE)))


def main_text(outline: Outline) -> str:
    lines = [
        words
        for words, under, node in zip(outline.words, outline.under, outline.texts, strict=True)
        if under not in NO_PROSE and len(words) >= _MIN_LINE and _grandparents_tag(node) not in NO_PROSE
    ]
    whole = "\n".join(lines)
    # One search over the whole instead of one a line: no sign of a footer spans two of them.
    footers, at, counted = set(), 0, 0
    for match in _FOOTER.finditer(whole):
        at += whole.count("\n", counted, match.start())
        counted = match.start()
        footers.add(at)
    return "\n".join(line for at, line in enumerate(lines) if at not in footers) if footers else whole


def looks_like_markup(body: bytes, content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if _BINARY.match(body[:16]):
        return False
    return kind in ("", "text/plain", "application/octet-stream") or "html" in kind or "xml" in kind
