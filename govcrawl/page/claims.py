"""The day that an article claims to have been published on."""

from typing import TYPE_CHECKING

from govcrawl.page.values import Dated, PageKind

if TYPE_CHECKING:
    from govcrawl.page.model import Page

# Where an office states it; a day that was found elsewhere on the page claims nothing.
_SOURCES = ("meta:pubdate", "meta:publishdate", "label")
_BEFORE = 14  # characters in which the label of the day stands


def claim_of(page: "Page") -> Dated | None:
    """None where no article says when it was published, or where it says that the day is one of an update."""
    if page.kind is not PageKind.ARTICLE or page.published is None or page.published.source not in _SOURCES:
        return None
    at = page.text.find(page.published.raw)
    return None if "更新" in page.text[max(0, at - _BEFORE) : max(0, at)] else page.published
