"""A page as the leak rules read it: its texts in UTF-8, made once a page."""

from functools import cached_property
from weakref import WeakKeyDictionary

import re2

from govcrawl.detectors.rules import Piece
from govcrawl.page.model import Page

# A page beyond this is a download; its first part tells whether it leaks.
_LIMIT_BYTES = 4_000_000
_TITLE = re2.compile(r"(?is)<title[^>]*>(.{0,500}?)</title")
_CONTAINER = re2.compile(
    r"(?i)<(/?)(?:pre|code|textarea|blockquote|xmp)\b|class=[\"'][^\"']*(?:highlight|syntax|brush:|codeblock|code_|-code)"
)


class View:
    """The source, title, headers and attachment texts of one page."""

    def __init__(self, page: Page) -> None:
        self.url = page.url
        self.status = page.status
        self.headers = "\n".join(f"{name}: {value}" for name, value in page.headers.items())
        self.source = page.html.encode("utf-8", "replace")[:_LIMIT_BYTES]

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        found = [Piece("source", self.source, self.url), Piece("url", self.url.encode("utf-8", "replace"), self.url)]
        if self.headers:
            found.append(Piece("header", self.headers.encode("utf-8", "replace"), self.url))
        return tuple(found)

    @cached_property
    def title(self) -> str:
        match = _TITLE.search(self.source)
        return match.group(1).decode("utf-8", "replace").strip() if match else ""


_VIEWS: WeakKeyDictionary[Page, View] = WeakKeyDictionary()


def view_of(page: Page) -> View:
    """The view of a page; the same one for every detector, dropped with the page."""
    view = _VIEWS.get(page)
    if view is None:
        view = _VIEWS[page] = View(page)
    return view
