"""Links that a visitor cannot see."""

from typing import TYPE_CHECKING

from govcrawl.page.values import HiddenLink

if TYPE_CHECKING:
    from govcrawl.page.model import Page


def hidden_links(page: "Page") -> tuple[HiddenLink, ...]:
    raise NotImplementedError
