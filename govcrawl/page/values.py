"""The small values that are read off a page."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from msgspec import Struct
from selectolax.lexbor import LexborNode

from govcrawl.page.trust import trust_of


class PageKind(StrEnum):
    HOME = "home"
    LIST = "list"
    ARTICLE = "article"
    ATTACHMENT = "attachment"
    ERROR = "error"
    OTHER = "other"


class Link(Struct, frozen=True):  # not a NamedTuple: each of a page's hundreds takes a quarter of the time to make
    """An anchor: absolute address, visible text, its node and whether it leaves the registrable domain of the page."""

    url: str
    text: str
    host: str
    offsite: bool
    nofollow: bool
    node: LexborNode


class Dated(Struct, frozen=True):
    """A date with the place it was read from; `source` is a word of page/dates."""

    day: date
    source: str
    raw: str = ""

    @property
    def confidence(self) -> float:
        """From 0 to 1: how far the place where it was read can be trusted."""
        return trust_of(self.source)


class Item(Struct, frozen=True):
    """One entry of a list of the page. `pinned` entries do not speak for the freshness of the list; a `repost` leads to another site."""

    title: str
    url: str
    dated: Dated | None = None
    pinned: bool = False
    repost: bool = False


@dataclass(frozen=True, slots=True)
class HiddenLink:
    """An off-site link that a visitor cannot see, and the rule that hides it."""

    url: str
    text: str
    why: str
