"""The style sheets that a page or another sheet asks for."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from govcrawl.kit.urls import resolve
from govcrawl.page.sheet_rules import media_applies

if TYPE_CHECKING:
    from govcrawl.page.model import Page

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_IMPORT = re.compile(
    r"""@import \s* (?: url\( \s* )? (?P<quote>["']?) (?P<url>[^"'()\s;]{1,2000}) (?P=quote) \s* \)? (?P<media>[^;{}]{0,300}) (?:;|\Z)""",
    re.VERBOSE | re.IGNORECASE,
)
_HEAD_CHARS = 16_384  # imports stand before the first rule; what is longer than this before it is a licence text


def linked_sheets(page: "Page") -> tuple[str, ...]:
    """Absolute addresses, each once, in the order of the page: linked sheets and those that its style blocks import."""
    if not page.openings.may_hold("link", "import"):
        return ()
    found: dict[str, None] = {}
    for node in page.sheet_nodes:
        if node.tag == "style":
            found |= dict.fromkeys(imported_sheets(node.text() or "", page.base) if applies(node) else ())
        elif url := linked_sheet(node, page.base):
            found[url] = None
    return tuple(found)


def linked_sheet(node: LexborNode, base: str) -> str | None:
    """The address of a `link` element that works on a desktop screen without the visitor's choice."""
    attributes = node.attributes
    relation = (attributes.get("rel") or "").lower().split()
    if "stylesheet" not in relation or "alternate" in relation or "disabled" in attributes or not applies(node):
        return None
    href = (attributes.get("href") or "").strip()
    return resolve(base, href) if href else None


def applies(node: LexborNode) -> bool:
    media = node.attributes.get("media") or ""
    return not media or media_applies(media)


def imported_sheets(text: str, base: str) -> Iterator[str]:
    """Absolute addresses of the @import lines of a sheet that stands at `base`; after the first rule they mean nothing."""
    if "@import" not in text and "@IMPORT" not in text:
        return
    head = _COMMENT.sub("", text[:_HEAD_CHARS]).partition("{")[0]
    for line in _IMPORT.finditer(head):
        if (not line["media"].strip() or media_applies(line["media"])) and (url := resolve(base, line["url"])):
            yield url
