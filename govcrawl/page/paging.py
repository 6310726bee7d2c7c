"""Later pages of a list, whose entries are old by nature."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborNode

from govcrawl.kit.urls import resolve
from govcrawl.page.outline import ANCHOR
from govcrawl.page.places import words_of

if TYPE_CHECKING:
    from govcrawl.page.model import Page

# index_2.html, list-3.shtml, /p/32.html, ?page=4
_LATER = re.compile(
    r"(?:index|list|default|column|node|lm|page|/p|list_\d+)(?P<number>[_/-](?P<path>\d{1,3}))\.[a-z]{2,5}$|[?&](?:page|pageno|pageindex|curpage|p|pn)=(?P<query>\d{1,4})(?:&|$)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<=[?&])(?:page|pageno|pageindex|curpage|p|pn)=\d{1,4}&?", re.IGNORECASE)
_NUMBERED = re.compile(r"\d\.[a-z]{2,5}$|=\d+$", re.IGNORECASE)
_SECOND = 2
# index1.html, of which index.html is the first page: such a name may be that of any file, so more must speak for it.
_MARKED = re.compile(r"(?P<before>/[a-z]+)(?P<number>\d{1,3})(?P<after>\.[a-z]{2,5})$", re.IGNORECASE)
_BACK, _ON = frozenset({"<<", "<", "«", "‹"}), frozenset({">>", ">", "»", "›", "下一页", "下页"})
_PREVIOUS = re.compile(r"上一?页")
_FIRST = re.compile(r"首\s?页|第一页|第1页|1|<<|«")
_LONGEST = 8  # characters of a link that says no more
_INDEX = re.compile(r"/(?:index|default)\.[a-z]{3,5}$", re.IGNORECASE)
_CLIMB = 3
_PAGER = 3  # links at least


def is_later(page: "Page") -> bool:
    """Told by the address, or by a link to the page before: on the first one that leads nowhere, or to itself."""
    number = _number(page.url)
    return number > 1 if number else bool(_before(page, _previous(page)) or _unmarked(page))


def first_page_of(page: "Page") -> str:
    """Where the first page of the list is, of which this is a later one: as it is linked beside the page before; else, on a second page, the
    page before; else the address without its number. "" where it is none of these.
    """
    previous = _previous(page)
    before, number = _before(page, previous), _number(page.url)
    second = number == _SECOND or (not number and _NUMBERED.search(before) is None)
    return _linked_first(page, previous) or (before if second else "") or _without_number(page.url) or _unmarked(page)


def is_second(page: "Page", first: str) -> bool:
    """Whether a later page comes right after the first one."""
    number = _number(page.url)
    if number:
        return number == _SECOND
    before = _before(page, _previous(page))
    marked = _MARKED.search(page.url)
    return _place(before) == _place(first) if before or marked is None else marked["number"] == "1"


def _number(url: str) -> int:
    """Of the page, as its address tells it; 0 where it does not, and of one that counts from 0 the first."""
    match = _counted(url)
    return int(match["path"] or match["query"]) if match else 0


def _counted(url: str) -> re.Match[str] | None:
    # Most addresses have no figure where one could be: that is seen without a search.
    return _LATER.search(url) if "=" in url or url.rpartition(".")[0][-1:].isdigit() else None


def _previous(page: "Page") -> LexborNode | None:
    outline = page.outline
    found = _PREVIOUS.search(outline.lines)
    if found is None:
        return None
    at = outline.at(found.start())
    return _anchor(outline.texts[at]) if len(outline.words[at]) <= _LONGEST else None


def _before(page: "Page", anchor: LexborNode | None) -> str:
    """Where the link leads, if to another page."""
    before = resolve(page.base, (anchor.attributes.get("href") or "").strip()) if anchor is not None else None
    return before if before is not None and _place(before) != _place(page.url) else ""


def _linked_first(page: "Page", previous: LexborNode | None) -> str:
    found = (_before(page, one) for one in _pager(previous) if _FIRST.fullmatch(words_of(one)))
    return next((url for url in found if url and _place(url) != _place(page.origin)), "")


def _unmarked(page: "Page") -> str:
    """Where the first page is of one whose marks lead back and on, on to the file with the next number: the file without a number, as it is
    linked on the page. "" for all others; a first page leads back to nowhere.
    """
    match = _MARKED.search(page.url)
    if match is None or not any(_before(page, mark) for mark in _marks(page, _BACK)):
        return ""
    following, first = (f"{page.url[: match.end('before')]}{number}{match['after']}" for number in (int(match["number"]) + 1, ""))
    if _place(first) == _place(page.origin) or not any(_before(page, mark) == following for mark in _marks(page, _ON)):
        return ""
    linked = (resolve(page.base, (anchor.attributes.get("href") or "").strip()) for anchor in page.outline.anchors)
    return next((url for url in linked if url and _place(url) == _place(first)), "")


def _marks(page: "Page", signs: frozenset[str]) -> Iterator[LexborNode]:
    """The links that say nothing else."""
    outline = page.outline
    anchors = (_anchor(outline.texts[at]) for at, words in enumerate(outline.words) if words in signs)
    return (anchor for anchor in anchors if anchor is not None)


def _pager(previous: LexborNode | None) -> Iterator[LexborNode]:
    """The links that share a box with the one to the page before."""
    box = previous.parent if previous is not None else None
    for _ in range(_CLIMB):
        links = box.css("a[href]") if box is not None and box.tag != "body" else []
        if len(links) >= _PAGER:
            yield from links[: 4 * _PAGER]
            return
        box = box.parent if box is not None else None


def _without_number(url: str) -> str:
    match = _counted(url)
    if match is None:
        return ""
    if match["query"]:
        return _NUMBER.sub("", url).rstrip("?&")
    return url[: match.start("number")] + url[match.end("number") :]


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
