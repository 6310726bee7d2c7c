"""A page as one kind of visitor got it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govcrawl.page.model import Page


@dataclass(frozen=True, slots=True)
class View:
    """`who` names the visitor (desktop, Baiduspider, mobile, from a search)."""

    who: str
    page: "Page"
    arrived: str = ""  # address after redirects; "" where there were none
