"""The scripts that a page has the browser load from other sites."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from govcrawl.kit.urls import Address, locate

if TYPE_CHECKING:
    from govcrawl.page.model import Page


_WRITTEN = re.compile(r"""<script\b[^>]{0,400}?\bsrc\s*=\s*["']?([^"'\s>]{4,400})[^>]{0,400}""", re.IGNORECASE)


class ForeignScript(NamedTuple):
    """`domain` is registrable, or an address in numbers. `pinned`: the browser runs it only as long as nobody changes it (`integrity`).
    `written`: another script has the browser load it, perhaps not always.
    """

    url: str
    domain: str
    pinned: bool
    written: bool


def foreign_scripts(page: "Page") -> Iterator[ForeignScript]:
    """Those of the markup, in its order, then those whose elements other scripts write. What stands in a comment is loaded by nobody."""
    for source, pinned, written in _sources(page):
        address = _address(page, source)
        if address and "." in address.domain and address.domain != page.domain:
            yield ForeignScript(address.url, address.domain, pinned, written)


def _sources(page: "Page") -> Iterator[tuple[str, bool, bool]]:
    for node in page.tagged("script"):
        if source := node.attrs.get("src"):
            yield source.strip(), bool(node.attrs.get("integrity")), False
    for script, does in page.scene.scripts:
        for written in (*does.writes, *does.inserts) if script.live else ():
            yield from ((element[1], "integrity" in element[0], True) for element in _WRITTEN.finditer(written))


def _address(page: "Page", source: str) -> Address | None:
    """None for what plainly stays at home. An absolute one is read without its page: the next page has it too."""
    if source.startswith("//"):
        return locate("", f"http:{source}")
    if source.startswith(("http:", "https:")):
        return locate("", source)
    return locate(page.base, source) if page.base is not page.url or "//" in source else None
