"""A fetched page as a value: what came over the wire, parsed once and read lazily."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from govcrawl.kit.lazy import lazy
from govcrawl.kit.urls import host_of, locate, registrable, resolve
from govcrawl.page.attachments import Extracted, Part, is_document, shared_pool
from govcrawl.page.body import body_mark
from govcrawl.page.claims import claim_of
from govcrawl.page.columns import classified
from govcrawl.page.crumbs import crumbs_of
from govcrawl.page.dates import labels, published
from govcrawl.page.decode import Decoded, decode
from govcrawl.page.earlier import Earlier
from govcrawl.page.entries import Entry, entries
from govcrawl.page.feeds import Feed, feed_of
from govcrawl.page.foreign_scripts import ForeignScript, foreign_scripts
from govcrawl.page.items import list_items, newest_of, speaking
from govcrawl.page.kind import kind_of
from govcrawl.page.lists import own_entries
from govcrawl.page.looks import Looks
from govcrawl.page.names import name_of
from govcrawl.page.openings import Openings, Tag
from govcrawl.page.outline import Outline
from govcrawl.page.parsing import BOUNDS, Bounds, beginning, cut
from govcrawl.page.prose import is_chinese, looks_like_markup, main_text, turns_pages
from govcrawl.page.recordsets import Record, records_of
from govcrawl.page.requests import data_requests
from govcrawl.page.scene import Scene
from govcrawl.page.stamps import Stamp, stamps
from govcrawl.page.tls import TlsFault
from govcrawl.page.values import Dated, HiddenLink, Item, Link, PageKind
from govcrawl.page.views import View
from govcrawl.page.visibility import hidden_links
from govcrawl.sites.model import ColumnClass

__all__ = ["Dated", "HiddenLink", "Item", "Link", "Page", "PageKind"]


@dataclass(frozen=True, eq=False)
class Page:
    """What a detector sees. It never fetches and reading it never raises, whatever the bytes are.

    `sheets` maps the absolute address of a style sheet to its text, as far as the crawl has it.
    `views` is the page as other visitors got it, first of all the same visitor once more; empty where nobody asked.
    `today` is the day that dates are judged against.
    `answers` maps the absolute address of a data request (`data_requests`) to the text that came back, as far as the crawl has asked.
    `codes` maps the address of a picture to the http(s) addresses in its QR codes, as far as the crawl has looked (page/codes).
    `leads` maps a short link in a code to the address that it leads to, as far as the crawl has asked.
    `tls` is what was wrong with the secured connection that the page came over; None where nothing was, or nobody looked.
    `earlier` is what the visits before saw of an article; None where there were none, or nothing was kept of them.
    `extracted` is what a document holds, where somebody has read it already; else it is read when asked for, in a process apart.
    """

    url: str
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    today: date = date(1970, 1, 1)
    fetched_at: datetime | None = None
    sheets: Mapping[str, str] = field(default_factory=dict)
    views: Sequence[View] = ()
    is_home: bool = False
    extracted: Extracted | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    leads: Mapping[str, str] = field(default_factory=dict)
    tls: TlsFault | None = None
    earlier: Earlier | None = None
    bounds: Bounds = BOUNDS

    def forget(self) -> None:
        """Lets go of all that was read off the page. A page and its scene refer to each other: a tree of a hundred megabytes, which the
        collector takes for a small thing, would wait for it.
        """
        for name in self.__dict__.keys() - _STORED:
            del self.__dict__[name]

    @lazy
    def is_document(self) -> bool:
        """A file to be read by its format, not a page: its `html` is empty."""
        return self.extracted is not None or is_document(self.body, self.url, self.headers.get("content-type", ""))

    @lazy
    def attachment(self) -> Extracted | None:
        """The texts of a document and what of it could not be read; None for a page. May block for `Limits.seconds`."""
        if not self.is_document:
            return None
        return self.extracted or shared_pool().extract(self.body, self.url)

    @property
    def attachment_parts(self) -> tuple[Part, ...]:
        return self.attachment.parts if self.attachment else ()

    @lazy
    def host(self) -> str:
        return host_of(self.url)

    @lazy
    def origin(self) -> str:
        """Scheme and host, as addresses on the same site begin."""
        return f"{self.url.partition('://')[0]}://{self.host}/"

    @lazy
    def domain(self) -> str:
        return registrable(self.host)

    @lazy
    def decoded(self) -> Decoded:
        if self.is_document:
            return Decoded("", "binary", "document")
        return decode(self._read, self.headers.get("content-type", ""))

    @property
    def _read(self) -> bytes:
        return beginning(self.body, self.bounds.text_bytes)

    @property
    def encoding(self) -> str:
        return self.decoded.encoding

    @property
    def html(self) -> str:
        return self.decoded.text

    @lazy
    def source(self) -> bytes:
        """`html` in UTF-8, as most pages come."""
        return self._read if self.decoded.unchanged else self.html.encode("utf-8", "replace")

    @lazy
    def openings(self) -> Openings:
        """Which tags may stand in its source, and where those of its asides do."""
        return Openings(self.source)

    def tagged(self, *tags: Tag) -> Sequence[LexborNode]:
        """The elements of these names, in document order. The tree is not walked through where the head holds all that the source has."""
        met = [tag for tag in tags if self.openings.may_hold(tag)]
        found = [node for tag, node in self._head if tag in met] if met else ()
        if len(found) == self.openings.most(*met):
            return found
        # One name is looked up in a sixth of the time of the first selector.
        return self.tree.tags(met[0]) if len(met) == 1 else self.tree.css(", ".join(met))

    @lazy
    def _head(self) -> Sequence[tuple[str | None, LexborNode]]:
        """What stands directly in the head, by name."""
        head = self.tree.head
        return [(node.tag, node) for node in head.iter()] if head is not None else ()

    @lazy
    def tree(self) -> LexborHTMLParser:
        """The one parse of the page, up to where it costs too much."""
        return LexborHTMLParser(self.html[: self._cut[0]])

    @lazy
    def cut(self) -> str:
        """Why only the beginning is read; "" where the whole page is, or a document."""
        if not self.is_document and len(self.body) > self.bounds.text_bytes:
            return f"longer than {self.bounds.text_bytes:,} bytes"
        return self._cut[1]

    @lazy
    def _cut(self) -> tuple[int | None, str]:
        return cut(self.html, self.bounds)

    @lazy
    def title(self) -> str:
        inside = next((node for tag, node in self._head if tag == "title"), None)
        nodes = self.tree.tags("title") if inside is None else [inside]  # a third of what the first selector of a tree takes
        return " ".join(nodes[0].text().split()) if nodes else ""

    @lazy
    def meta(self) -> Mapping[str, str]:
        """`content` of the meta elements by lower-case name or property; the first of a name wins."""
        found: dict[str, str] = {}
        for attributes in (node.attributes for node in self.tagged("meta")):
            name = attributes.get("name") or attributes.get("property") or attributes.get("http-equiv")
            if name:
                found.setdefault(name.strip().lower(), (attributes.get("content") or "").strip())
        return found

    @lazy
    def base(self) -> str:
        bases = (node.attributes for node in self.tagged("base"))
        href = next((base["href"] for base in bases if "href" in base), None)
        return resolve(self.url, href.strip()) or self.url if href else self.url

    @lazy
    def sheet_nodes(self) -> Sequence[LexborNode]:
        """The elements that bring style sheets or hold one."""
        return self.tagged("style", "link")

    @lazy
    def links(self) -> tuple[Link, ...]:
        """Every anchor with an http(s) address, in document order."""
        base, own, found = self.base, self.domain, []
        for node in self.tree.tags("a"):
            attributes = node.attributes
            if "href" in attributes and (address := locate(base, (attributes["href"] or "").strip())) is not None:
                url, host, domain = address
                nofollow = "rel" in attributes and "nofollow" in (attributes["rel"] or "").lower()
                found.append(Link(url, " ".join(node.text().split()), host, domain != own, nofollow, node))
        return tuple(found)

    @lazy
    def outline(self) -> Outline:
        """The texts and links of the body: the one walk over the page."""
        return Outline(self.tree)

    @lazy
    def looks(self) -> Looks:
        """How its boxes look, as far as somebody has asked."""
        return Looks()

    @lazy
    def text(self) -> str:
        """The words of the body without scripts and styles, white space squeezed."""
        return self.outline.text

    @lazy
    def main_text(self) -> str:
        """The prose of the page: texts outside links, forms and scripts, one a line, without the usual footer."""
        return main_text(self.outline)

    @lazy
    def turns(self) -> bool:
        """Whether it has further pages, as a long list has."""
        return turns_pages(self.text)

    @lazy
    def is_markup(self) -> bool:
        """False for attachments: binary bodies, and types that are neither HTML nor XML nor plain text."""
        return looks_like_markup(self.body, self.headers.get("content-type", ""))

    @lazy
    def chinese(self) -> bool:
        return is_chinese(self.text, 20) or is_chinese(self.title, 3)

    @lazy
    def kind(self) -> PageKind:
        return kind_of(self)

    @lazy
    def labels(self) -> Sequence[int]:
        """Where in its text the days begin that a label announces as those of publication."""
        return labels(self.text)

    @lazy
    def published(self) -> Dated | None:
        return published(self)

    @lazy
    def claim(self) -> Dated | None:
        """The day that an article states as that of its publication."""
        return claim_of(self)

    @lazy
    def body_mark(self) -> int:
        """32 bits of what an article says, whatever its day."""
        return body_mark(self)

    @lazy
    def stamps(self) -> Sequence[tuple[int, Stamp]]:
        """The days that are no part of a sentence, with the places of their texts."""
        return list(islice(stamps(self.outline, self.today), _MOST_STAMPS))

    @lazy
    def entries(self) -> Sequence[Entry]:
        """The links that have a day beside them."""
        return entries(self.outline, self.stamps)

    @lazy
    def own_entries(self) -> Sequence[Entry]:
        """Those of them that stand in the page's own lists, not in its side boxes."""
        return own_entries(self, self.entries)

    @lazy
    def items(self) -> tuple[Item, ...]:
        """The entries of the page's main list, as written; () where it has none."""
        return list_items(self)

    @lazy
    def records(self) -> tuple[Record, ...]:
        """What the scripts of the page turn into its list."""
        return records_of(self)

    @lazy
    def speaking(self) -> Sequence[Item]:
        """The items that speak for the freshness of the list."""
        return speaking(self.items)

    @lazy
    def newest_item(self) -> Item | None:
        """The item that speaks for the freshness of the list: neither pinned nor, in a list of the site's own, a repost. None on an article,
        whose side boxes are no list of its own.
        """
        return newest_of(self.speaking) if self.kind is not PageKind.ARTICLE else None

    @lazy
    def feed(self) -> Feed | None:
        """What it tells where it is a sitemap or a feed."""
        return feed_of(self)

    @lazy
    def crumbs(self) -> tuple[str, ...]:
        """Names of the columns above and of the page, from the top down, as its breadcrumb tells."""
        return crumbs_of(self)

    @lazy
    def data_requests(self) -> tuple[str, ...]:
        """Addresses on the page's own domain from which its scripts fetch a list, best first; () where the page needs none."""
        return data_requests(self)

    @lazy
    def column_name(self) -> str:
        """What the column is called whose page this is."""
        return name_of(self)

    @lazy
    def classified(self) -> tuple[ColumnClass | None, str]:
        """The class of the column and the signal that decided."""
        return classified(self)

    @property
    def column_class(self) -> ColumnClass | None:
        return self.classified[0]

    @lazy
    def foreign_scripts(self) -> tuple[ForeignScript, ...]:
        return tuple(foreign_scripts(self))

    @lazy
    def scene(self) -> Scene:
        """The page with what its scripts write in place, and which of its outgoing links can be seen."""
        return Scene(self)

    @lazy
    def hidden_links(self) -> tuple[HiddenLink, ...]:
        return hidden_links(self)


_MOST_STAMPS = 20_000  # ten times as many as there are entries
_STORED = frozenset(stored.name for stored in fields(Page))
