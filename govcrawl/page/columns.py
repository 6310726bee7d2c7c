"""The column that a page belongs to, and its class."""

from typing import TYPE_CHECKING

from govcrawl.sites.model import ColumnClass

if TYPE_CHECKING:
    from govcrawl.page.model import Page


def class_of(page: "Page") -> ColumnClass | None:
    raise NotImplementedError
