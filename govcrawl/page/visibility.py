"""Links that a visitor cannot see."""

from typing import TYPE_CHECKING

from govcrawl.page.values import HiddenLink

if TYPE_CHECKING:
    from govcrawl.page.model import Page


def hidden_links(page: "Page") -> tuple[HiddenLink, ...]:
    """The links to other sites that no state of the page shows (menus and tabs that open do not count)."""
    return tuple(
        HiddenLink(link.url, link.text, link.hidden.why) for link in page.scene.hidden if link.hidden and not link.hidden.revealed
    )
