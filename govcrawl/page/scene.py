"""A page as a browser would show it: what scripts write is in place, and every link that leaves is known to be seen or not."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from govcrawl.kit.lazy import lazy
from govcrawl.kit.remember import remembered
from govcrawl.kit.urls import host_of, registrable, resolve
from govcrawl.page.asides import Script, Scripts, frames_by_numbers, scripts_of, sleeping
from govcrawl.page.cascade import Sheet, block_of, sheet_of
from govcrawl.page.concealment import Concealment, Concealments
from govcrawl.page.covering import Covers
from govcrawl.page.cutting import Cutting
from govcrawl.page.hiding import Declarations, declarations
from govcrawl.page.linked_sheets import applies, imported_sheets, linked_sheet
from govcrawl.page.opaque import Boxes
from govcrawl.page.openings import Openings
from govcrawl.page.parsing import parse
from govcrawl.page.pushed import Pushed
from govcrawl.page.scripts import Unfolded, relevant, unfold

if TYPE_CHECKING:
    from govcrawl.page.model import Page

MAX_LINKS = 20_000
_SHAPES_PAGE = re.compile(r"<a(?:rea)?\b|<marquee|<i?frame|<embed|<object|<option|style|hidden", re.IGNORECASE)
_LEAVES = re.compile(r"\s*(?:https?:)?[\\/]{2}([^/?#\s\"'<>\\]+)", re.IGNORECASE)
_ANCHORS = 'a[href], area[href], option[value^="http"]'
# One of them is in every address that can leave the site; asked of the tree, because most anchors stay.
_ABSOLUTE = ':is([href*="//"], [href*="http" i], [href*="\\\\"])'
_LEAVING = f'a{_ABSOLUTE}, area{_ABSOLUTE}, option[value^="http"]'
# detection: 1.2 X2
_REDIRECTOR = re.compile(r"[?&][\w-]{1,20}=(https?(?::|%3a)(?:/|%2f){2}[^&#\s]{4,400})", re.IGNORECASE)
_SIMPLE_SELECTOR = re.compile(r"[a-z]*\.[\w-]+(?:\s+[.\w-]+)?", re.IGNORECASE).fullmatch
_REVEALS = re.compile(
    r"\.(?:show|slideDown|slideToggle|fadeIn|fadeToggle|toggle|toggleClass)\(|display\s*[=:]\s*[\"']?\s*(?:block|inline)"
)
_TAKES_AWAY = re.compile(
    r"\.(?:hide|fadeOut|slideUp|slideToggle|fadeToggle|fadeTo|animate|toggle\w*|remove\w*|detach|addClass|css)\("
    r"|\.(?:display|visibility|opacity|zIndex|className)\s*=|classList"
)
_PLAIN_HOST = re.compile(r"[a-z0-9.-]+(?<!\.)").fullmatch
_BEGINNING = 100_000
_MARKUP_START = re.compile(r"\s*<")
_CODE_START = re.compile(r"\s*(?:document\.|window[.\[]|eval\(|\(?!?function\b|var\s|let\s|const\s|/\*|//|;|if\s*\(|[\w$]+\s*=)")


class SeenLink(Struct, eq=False):
    """An anchor that leaves the site: where to, and with which words. `place` is why it cannot be seen, or where that can be asked."""

    url: str
    host: str
    domain: str
    text: str
    node: LexborNode
    place: Concealment | Concealments | None
    written: bool
    attributes: dict[str, str | None] | None = None

    @property
    def hidden(self) -> Concealment | None:
        """Why it cannot be seen; None where it can. Looked at when somebody asks: of most links nobody wants to know."""
        place = self.place
        if isinstance(place, Concealments):
            place = self.place = place.of(self.node, self.attributes)
        return place


@dataclass(eq=False)
class Scene:
    """Built once a page; everything in it is lazy and total."""

    page: "Page"

    @lazy
    def scripts(self) -> tuple[tuple[Script, Unfolded], ...]:
        """The inline scripts that do something a page can feel, unfolded."""
        html, source = self.page.html, self.page.source
        if self.is_code:
            return ((Script(html, 0, len(source)), unfold(relevant(html))),)
        return tuple((script, unfold(code)) for script in self._asides.found if (code := relevant(script.code)))

    @lazy
    def _asides(self) -> Scripts:
        return scripts_of(self.page.source, self.page.openings.asides)

    @property
    def by_numbers(self) -> tuple[str, ...]:
        """The tags of scripts and frames where an opening one may hold characters written as numbers."""
        framed = frames_by_numbers(self.page.source, self.page.openings.asides)
        return (*(("script",) if self._asides.by_numbers else ()), *(("iframe",) if framed else ()))

    def place_of(self, script: Script) -> str:
        """Where a script begins, in characters of the page."""
        return f"script@{len(self.page.source[: script.start].decode('utf-8', 'replace'))}"

    @lazy
    def is_code(self) -> bool:
        """Whether the body is a script file rather than a document."""
        html = self.page.html
        return (
            _MARKUP_START.match(html) is None
            and _CODE_START.match(html, 0, _BEGINNING) is not None
            and "<html" not in html[:2000].lower()
        )

    @lazy
    def written(self) -> str:
        """The source with the output of document.write where the scripts stand; "" where no script changes the picture."""
        if not any(
            _SHAPES_PAGE.search(text) for script, does in self.scripts if script.live for text in (*does.writes, *does.inserts)
        ):
            return ""
        source, pieces, position = self.page.source, list[str](), 0
        for script, does in self.scripts:
            if script.live and (does.writes or does.inserts):
                pieces += [source[position : script.start].decode("utf-8", "replace"), does.markup, *does.inserts]
                position = script.end
        return "".join([*pieces, source[position:].decode("utf-8", "replace")])

    @lazy
    def tree(self) -> LexborHTMLParser:
        return parse(self.written, self.page.bounds) if self.written else self.page.tree

    @lazy
    def sheets(self) -> tuple[tuple[str, Sheet], ...]:
        """The style blocks of the page and the sheets that the crawl brought, in the order of the page; of the same sheet the last, which
        decides: a page whose parts are repeated would have each element judged by all of them.
        """
        last: dict[str, tuple[str, Sheet]] = {}
        for source, sheet in reversed(tuple(self._sheets())):
            last.setdefault(sheet.text, (source, sheet))
        return tuple(reversed(last.values()))

    @lazy
    def _styling(self) -> Sequence[Unfolded]:
        """The scripts that hide elements or give them classes."""
        return [does for script, does in self.scripts if script.live and (does.hides or does.classes)]

    @lazy
    def _shown(self) -> frozenset[str]:
        """The elements that scripts bring back."""
        return frozenset[str]().union(*(does.shows for _script, does in self.scripts))

    @lazy
    def _scripted_sheets(self) -> tuple[tuple[str, Sheet], ...]:
        """What scripts hide by class or tag, as rules; nothing where any script also brings something back."""
        rules = [
            f"{hidden.target}{{{hidden.style}}}"
            for does in self._styling
            for hidden in does.hides
            if _SIMPLE_SELECTOR(hidden.target)
        ]
        if not rules or any(does.shows or _REVEALS.search(script.code) for script, does in self.scripts):
            return ()
        return (("a script", block_of("".join(rules))),)

    @lazy
    def classed(self) -> dict[str, frozenset[str]]:
        """The class names that scripts give to elements, by element id."""
        found: dict[str, frozenset[str]] = {}
        for does in self._styling:
            for target, names in does.classes:
                if target.startswith("#") and target not in self._shown:
                    found[target[1:]] = found.get(target[1:], frozenset()) | frozenset(names.split())
        return found

    def _sheets(self) -> Iterator[tuple[str, Sheet]]:
        for node in self._sheet_nodes():
            if node.tag == "style":
                if applies(node):
                    text = node.text() or ""
                    yield from self._imported(text, self.page.base)
                    yield "a style block", block_of(text)
            elif (url := linked_sheet(node, self.page.base)) and url in self.page.sheets:
                yield from self._imported(self.page.sheets[url], url)
                yield url, sheet_of(self.page.sheets[url])

    def _sheet_nodes(self) -> Sequence[LexborNode]:
        if not self.page.sheets:
            return self.tree.tags("style") if self.written else self.page.tagged("style")
        return self.tree.css("style, link") if self.written else self.page.sheet_nodes

    def _imported(self, text: str, base: str) -> Iterator[tuple[str, Sheet]]:
        """One level deep, and before the sheet itself, whose rules win."""
        for url in imported_sheets(text, base) if self.page.sheets else ():
            if url in self.page.sheets:
                yield url, sheet_of(self.page.sheets[url])

    @lazy
    def scripted(self) -> dict[str, tuple[Declarations, str]]:
        """Declarations that scripts set and never take back, and as they are written, by element id."""
        found: dict[str, tuple[Declarations, str]] = {}
        for does in self._styling:
            for hidden in does.hides:
                if hidden.target.startswith("#") and hidden.target not in self._shown:
                    key = hidden.target[1:]
                    before, written = found.get(key, ({}, ""))
                    found[key] = ({**before, **declarations(hidden.style)}, f"{written};{hidden.style}")
        return found

    @lazy
    def concealments(self) -> Concealments:
        return Concealments((*self.sheets, *self._scripted_sheets), self.scripted, self._unwritten, self.classed)

    @lazy
    def _boxes(self) -> Boxes:
        return Boxes(self.concealments, self.scripted, self._is_taken)

    @lazy
    def _covers(self) -> Covers:
        return Covers(self.concealments, self._boxes, lambda href: self._target(href) is None)

    @lazy
    def _cutting(self) -> Cutting:
        return Cutting(self.concealments, self._boxes, self._is_spoken)

    def _is_spoken(self, names: Sequence[str]) -> bool:
        return any(name in script.code for script in self._asides.found for name in names)

    def _is_taken(self, names: Sequence[str]) -> bool:
        """Whether a script that takes something away speaks of an element with one of these names."""
        return any(name in code for code in self._taking for name in names)

    @lazy
    def _taking(self) -> Sequence[str]:
        return [script.code for script in self._asides.found if _TAKES_AWAY.search(script.code)]

    def unseen(self, node: LexborNode) -> Concealment | None:
        """Why a link cannot be seen that nothing around it hides: it has the colour of what lies behind, something pushes it out of the window,
        lies over it or cuts it off. Dearer than to ask what hides it.
        """
        # Remembered, because only so many looks are taken of a page: asked again, the answer is the same.
        if node.mem_id not in self._unseen:
            words = self.concealments.words_of(node)
            self._unseen[node.mem_id] = (
                self.concealments.painted(words)
                or self._pushed.out(words)
                or self._covers.over(words)
                or self._cutting.off(words)
            )
        return self._unseen[node.mem_id]

    @lazy
    def _unseen(self) -> dict[int, Concealment | None]:
        return {}

    @lazy
    def _pushed(self) -> Pushed:
        return Pushed()

    @lazy
    def links(self) -> tuple[SeenLink, ...]:
        """Every anchor to another registrable domain, in document order."""
        return tuple(self._links())

    def _links(self) -> Iterator[SeenLink]:
        """From those that the page has; where scripts write, anew from what comes of it."""
        found = self._rewritten() if self.written else chain(self._as_written(), self._by_other_elements())
        return islice(found, MAX_LINKS)

    def _as_written(self) -> Iterator[SeenLink]:
        place, own = self.concealments, self.page.domain
        for link in self.page.links:
            if link.offsite:
                url, host = link.url, link.host
            elif "=" in link.url and "=http" in link.url.lower():  # a redirector of the site itself
                url = resolve(self.page.base, _passed_on(link.url)) or ""
                host = host_of(url)
            else:
                continue
            domain = registrable(host)
            if domain and domain != own:
                yield SeenLink(url, host, domain, link.text or link_text(link.node), link.node, place, False)

    def _by_other_elements(self) -> Iterator[SeenLink]:
        for node in (*self.page.tagged("area"), *self.page.tagged("option")):
            attributes = node.attributes
            href = attributes.get("href") or attributes.get("value") or ""
            if ("href" in attributes or href.startswith("http")) and (target := self._target(href)):
                yield SeenLink(*target, link_text(node), node, self.concealments, False, attributes)

    def _rewritten(self) -> Iterator[SeenLink]:
        base = self.page.base
        # Where <base> leads elsewhere, every relative link leaves too.
        elsewhere = base is not self.page.url and registrable(host_of(base)) != self.page.domain
        at_home = (f"http://{self.page.host}/", f"https://{self.page.host}/")
        for node in self.tree.css(_ANCHORS if elsewhere else _LEAVING):
            attributes = node.attributes
            href = attributes.get("href") or attributes.get("value") or ""
            # Most addresses that could leave do not; those with a parameter may be redirectors.
            if href.startswith(at_home) and "=" not in href:
                continue
            if target := self._target(href):
                yield SeenLink(*target, link_text(node), node, self.concealments, href not in self._unwritten, attributes)

    def _target(self, href: str) -> tuple[str, str, str] | None:
        """Address, host and registrable domain of a link to another site, be it badly written or by a redirector of this one."""
        base, plain = self.page.base, _absolute(href)
        if plain and plain[2] != self.page.domain:
            return plain
        if plain and "=" not in href:
            return None
        address = _LEAVES.match(href)
        host = address[1].lower() if address else ""
        if not host or not _PLAIN_HOST(host):
            host = host_of(resolve(base, href.strip()) or "")
        domain = registrable(host)
        if domain == self.page.domain and "=" in href and (beyond := _passed_on(href)):
            href, address, host = beyond, None, host_of(beyond)
            domain = registrable(host)
        if domain == self.page.domain or not domain:
            return None
        url = href if address and href.startswith("http") else resolve(base, href.strip())
        return (url, host, domain) if url else None

    @lazy
    def _unwritten(self) -> str:
        """The source without its scripts, where a script changes the picture; "" elsewhere."""
        if not self.written:
            return ""
        source, pieces, position = self.page.source, list[bytes](), 0
        for script, _does in self.scripts:
            pieces.append(source[position : script.start])
            position = script.end
        return b"".join([*pieces, source[position:]]).decode("utf-8", "replace")

    @lazy
    def dormant(self) -> tuple[SeenLink, ...]:
        """Links to other sites inside comments, text areas and templates."""
        return tuple(self._dormant())

    def _dormant(self) -> Iterator[SeenLink]:
        source = self.written.encode("utf-8", "replace") if self.written else self.page.source
        openings = Openings(source) if self.written else self.page.openings
        for number, (kind, inside) in enumerate(sleeping(source, openings.asides)):
            where = Concealment(kind, f"inside a {kind}", "source", kind, -number - 1)
            tree = parse(unescape(inside) if kind == "textarea" else inside, self.page.bounds)
            for node in islice(tree.tags("a"), MAX_LINKS):
                href = (node.attributes.get("href") or "").strip()
                url = resolve(self.page.base, href) if href else None
                host = host_of(url) if url else ""
                domain = registrable(host)
                if url and domain != self.page.domain:
                    yield SeenLink(url, host, domain, link_text(node), node, where, False)

    @lazy
    def hidden(self) -> tuple[SeenLink, ...]:
        return tuple(link for link in self.links if link.hidden is not None)


@remembered(16384, 500)
def _absolute(href: str) -> tuple[str, str, str] | None:
    """Address, host and registrable domain of what is an absolute address at first sight; None elsewhere."""
    address = _LEAVES.match(href) if href.startswith("http") else None
    host = address[1].lower() if address else ""
    domain = registrable(host) if host and _PLAIN_HOST(host) else ""
    return (href, host, domain) if domain else None


def _passed_on(href: str) -> str:
    """Where a redirector of the site itself leads: `/link.php?url=http://…`; "" for other addresses."""
    match = _REDIRECTOR.search(href)
    return unquote(match[1]) if match else ""


def link_text(node: LexborNode) -> str:
    """The words of an anchor; where it has none, the title or the image's alternative text."""
    text = " ".join(node.text().split())
    if text:
        return text
    attributes = node.attributes
    if said := attributes.get("title") or attributes.get("alt"):
        return said.strip()
    # By hand: a query costs as much as looking at twenty elements, and a picture stands alone in its link.
    return next(
        (one.attributes["alt"] or "" for one in node.traverse() if one.tag == "img" and "alt" in one.attributes), ""
    ).strip()
