"""A page as the leak rules read it: its texts in UTF-8 and its tables, made once."""

from weakref import WeakKeyDictionary

import re2

from govcrawl.detectors.leaks.tables import Table, page_tables, text_tables
from govcrawl.detectors.rules import Piece
from govcrawl.kit.lazy import lazy
from govcrawl.page.attachments import Where, sniff
from govcrawl.page.model import Page

# A page beyond this is a download; its first part tells whether it leaks.
_LIMIT_BYTES = 4_000_000
_TITLE = re2.compile(r"(?is)<title[^>]*>(.{0,500}?)</title")
_TABLE_TAG = re2.compile(r"(?i)<table\b")


class View:
    """The source, title, headers, attachment texts and tables of one page."""

    def __init__(self, page: Page) -> None:
        self.url = page.url
        self.status = page.status
        self.headers = "\n".join(f"{name}: {value}" for name, value in page.headers.items())
        self.source = page.source[:_LIMIT_BYTES]
        self.format = sniff(page.body) if page.is_document else ""
        self.parts = page.attachment_parts

    @lazy
    def readings(self) -> tuple[Piece, ...]:
        """What a person would read: the source of a page, or each text of a document."""
        found = [Piece("source", self.source, self.url)] if self.source else []
        found += [
            Piece("attachment", part.text.encode("utf-8", "replace"), part.path, part.place, part.where is Where.TABLE)
            for part in self.parts
        ]
        return tuple(found)

    @lazy
    def pieces(self) -> tuple[Piece, ...]:
        """The readings, the address and the response's headers."""
        found = [*self.readings, Piece("url", self.url.encode("utf-8", "replace"), self.url)]
        if self.format:
            found.append(Piece("format", self.format.encode(), self.url))
        if self.headers:
            found.append(Piece("header", self.headers.encode("utf-8", "replace"), self.url))
        return tuple(found)

    @lazy
    def title(self) -> str:
        match = _TITLE.search(self.source)
        return match.group(1).decode("utf-8", "replace").strip() if match else ""


# Neither value may hold on to the page: a value that does keeps its key alive for ever.
_VIEWS: WeakKeyDictionary[Page, View] = WeakKeyDictionary()
_TABLES: WeakKeyDictionary[Page, tuple[Table, ...]] = WeakKeyDictionary()


def view_of(page: Page) -> View:
    """The view of a page; the same one for every detector, dropped with the page."""
    view = _VIEWS.get(page)
    if view is None:
        view = _VIEWS[page] = View(page)
    return view


def tables_of(page: Page) -> tuple[Table, ...]:
    """Tables of the page or its attachment, cut out when first asked for."""
    tables = _TABLES.get(page)
    if tables is None:
        found = list(page_tables(page)) if _TABLE_TAG.search(view_of(page).source) else []
        for part in page.attachment_parts:
            if part.where is Where.TABLE:
                found += text_tables(part.text, part.path)
        tables = _TABLES[page] = tuple(found)
    return tables
