"""Dates of a page, each with the place it was read from."""

from typing import TYPE_CHECKING

from govcrawl.page.values import Dated

if TYPE_CHECKING:
    from govcrawl.page.model import Page


def published(page: "Page") -> Dated | None:
    raise NotImplementedError
