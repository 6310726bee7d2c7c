"""The entries of the lists of a page."""

from typing import TYPE_CHECKING

from govcrawl.page.values import Item

if TYPE_CHECKING:
    from govcrawl.page.model import Page


def list_items(page: "Page") -> tuple[Item, ...]:
    raise NotImplementedError
