"""The foreign domains that a page depends on, and what one shows to whoever looks at its home page."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from govcrawl.detectors.dark_links.analysis import Analysis
from govcrawl.detectors.dark_links.blocks import weights
from govcrawl.detectors.dark_links.folding import fold
from govcrawl.detectors.dark_links.targets import foreign
from govcrawl.detectors.dark_links.vocabulary import data
from govcrawl.page.model import Page
from govcrawl.page.openings import Tag

SAID = {
    "spam": "the domain was looked at: its home page advertises spam",
    "parked": "the domain was looked at: it is parked, whoever buys it gets the visitors",
}  # by verdict, what speaks against a domain
_LOADING: tuple[Tag, ...] = ("script", "iframe", "frame", "embed")
_NAMED = re.compile(r"https?://[^\s&\"'<>]+", re.IGNORECASE)
_SHORT_CHARS = 1_500  # a dealer in domains has a long home page, a parked one says little else


def loaded(page: Page) -> Iterator[str]:
    """The foreign addresses from which the page's own markup loads scripts and frames."""
    for tag in _LOADING:
        for node in page.tagged(tag):
            source = node.attrs.get("src")
            if source and (url := foreign(page, source)):
                yield url


class Coded(NamedTuple):
    """A foreign address to which a QR code leads, by way of a short link where `short` is one."""

    picture: str
    url: str
    short: str


def coded(page: Page) -> Iterator[Coded]:
    """Also by a redirector that names the address."""
    for picture, addresses in page.codes.items():
        for address in addresses:
            ways = ((address, ""), (page.leads.get(address, ""), address))
            for said, short in ways:
                for named in (said, *_NAMED.findall(unquote(unquote(said)), len("https://"))) if said else ():
                    if url := foreign(page, named):
                        yield Coded(picture, url, short)


def seen(page: Page) -> str:
    """`spam`, `parked` or `ok`; see `Fleet.verdict`."""
    found = Analysis(page)
    enough = weights()["meta_threshold"]
    if found.title_sells or any(sold.points >= enough for place, _text, sold in found.pitches if place != "title"):
        return "spam"
    said = fold(f"{page.title} {page.text[: _SHORT_CHARS + 1]}")
    return "parked" if len(page.text) <= _SHORT_CHARS and any(sign in said for sign in _signs()) else "ok"


@lru_cache(maxsize=1)
def _signs() -> tuple[str, ...]:
    return tuple(map(fold, data("parked.toml")["signs"]))
