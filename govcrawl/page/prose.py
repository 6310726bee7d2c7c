"""What a person reads on a page besides its links."""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, LexborNode

_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]+")
_SAMPLE = 5_000
_UNREAD = frozenset({"script", "style", "noscript", "template"})
_SKIPPED = frozenset(
    {"a", "script", "style", "noscript", "template", "select", "option", "button", "label", "textarea", "title", "head", "iframe"}
)
_FOOTER = re.compile(
    # Plain characters first, upper and lower apart: what ignores case throughout is tried at every place of the text.
    r"版权所有|C(?i:opyright)|c(?i:opyright)|©|I(?i:CP)备|i(?i:CP)备|公网安备|网站标识码|主办(?:单位)?[:：]|承办(?:单位)?[:：]|技术支持|建议使用|访问量"
)
_BINARY = re.compile(rb"^(?:%PDF-|PK\x03\x04|\xd0\xcf\x11\xe0|Rar!|7z\xbc\xaf|\x1f\x8b|\x89PNG|\xff\xd8\xff|GIF8|\{\\rtf)")
_MIN_LINE = 5


def text_nodes(tree: LexborHTMLParser) -> Iterator[tuple[LexborNode, str]]:
    body = tree.body
    if body is None:
        return
    for node in body.traverse(include_text=True):
        if node.tag == "-text" and (words := " ".join((node.text_content or "").split())):
            parent = node.parent
            if parent is not None and parent.tag not in _UNREAD:
                yield node, words


def chinese_in(text: str) -> int:
    """How many Chinese characters there are in the first 5,000 of a text."""
    return sum(map(len, _CHINESE.findall(text, 0, _SAMPLE)))


def kana_in(text: str) -> int:
    """How many characters of Japanese syllabaries there are in the first 5,000 of a text."""
    return sum(map(len, _KANA.findall(text, 0, _SAMPLE)))


def starts(words: Iterable[str]) -> Iterator[int]:
    """Where each begins once they are joined by single spaces."""
    return accumulate((len(one) + 1 for one in words), initial=0)


def main_text(texts: Iterable[tuple[LexborNode, str]]) -> str:
    return "\n".join(words for node, words in texts if len(words) >= _MIN_LINE and _is_prose(node, words))


def _is_prose(node: LexborNode, words: str) -> bool:
    parent = node.parent
    # A link may wrap its words once more: <a><span>words</span></a>.
    for _ in range(2):
        if parent is None:
            break
        if parent.tag in _SKIPPED:
            return False
        parent = parent.parent
    return not _FOOTER.search(words)


def looks_like_markup(body: bytes, content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if _BINARY.match(body[:16]):
        return False
    return kind in ("", "text/plain", "application/octet-stream") or "html" in kind or "xml" in kind
