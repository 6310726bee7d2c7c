"""Later pages of a list, whose entries are old by nature."""

import re
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from govcrawl.kit.urls import resolve
from govcrawl.page.outline import ANCHOR

if TYPE_CHECKING:
    from govcrawl.page.model import Page

# index_2.html, list-3.shtml, /p/32.html, ?page=4
_LATER = re.compile(
    r"(?:index|list|default|column|node|lm|page|/p|list_\d+)[_/-](?P<path>\d{1,3})\.[a-z]{2,5}$|[?&](?:page|pageno|pageindex|curpage|p|pn)=(?P<query>\d{1,4})(?:&|$)",
    re.IGNORECASE,
)
_PREVIOUS = re.compile(r"上一?页")
_LONGEST = 8  # characters of a link that says no more
_INDEX = re.compile(r"/(?:index|default)\.[a-z]{3,5}$", re.IGNORECASE)
_CLIMB = 3


def is_later(page: "Page") -> bool:
    """Told by the address, or by a link to the page before: on the first one that leads nowhere, or to itself."""
    match = _LATER.search(page.url)
    if match:
        return int(match["path"] or match["query"]) > 1
    outline = page.outline
    found = _PREVIOUS.search(outline.lines)
    if found is None:
        return False
    at = outline.at(found.start())
    anchor = _anchor(outline.texts[at]) if len(outline.words[at]) <= _LONGEST else None
    before = resolve(page.base, (anchor.attributes.get("href") or "").strip()) if anchor is not None else None
    return before is not None and _place(before) != _place(page.url)


def _anchor(text: LexborNode) -> LexborNode | None:
    node = text.parent
    for _ in range(_CLIMB):
        if node is None or node.tag_id == ANCHOR:
            return node
        node = node.parent
    return None


def _place(url: str) -> str:
    """An address without the name that a server leaves out."""
    return _INDEX.sub("/", url)
