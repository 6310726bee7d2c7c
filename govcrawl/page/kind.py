"""What a page is: home, list, article, attachment, error or other."""

from typing import TYPE_CHECKING

from govcrawl.page.values import PageKind

if TYPE_CHECKING:
    from govcrawl.page.model import Page


def kind_of(page: "Page") -> PageKind:
    return PageKind.ERROR if page.status >= 400 else PageKind.HOME if page.is_home else PageKind.OTHER
