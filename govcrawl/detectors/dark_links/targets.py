"""Addresses that scripts load or move to, and whether they leave the site for a place nobody vouches for."""

import re
from collections.abc import Iterator

from govcrawl.detectors.dark_links.blocks import trusted
from govcrawl.kit.urls import host_of, registrable, resolve
from govcrawl.page.model import Page

_SOURCE = re.compile(r"""<(?:script|iframe|frame|embed)\b[^>]{0,400}?\bsrc\s*=\s*["']?([^"'\s>]{4,400})""", re.IGNORECASE)


def foreign(page: Page, address: str) -> str | None:
    """The absolute address where it leaves the site for an untrusted domain; None elsewhere. Bracketed dots of incident notes are read."""
    plain = address.strip().replace("[", "").replace("]", "")
    url = resolve(page.base, plain) if not plain.startswith("//") else resolve(page.base, f"http:{plain}")
    if url is None:
        return None
    domain = registrable(host_of(url))
    return url if "." in domain and domain != page.domain and not trusted(domain) else None


def sources(markup: str) -> Iterator[str]:
    """What the scripts and frames of a piece of markup load."""
    for match in _SOURCE.finditer(markup):
        yield match[1]
