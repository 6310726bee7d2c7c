"""What can be wrong with a site list."""

from typing import NamedTuple


class SiteListError(Exception):
    """The file as a whole cannot be used; the message names it and the way out."""


class Problem(NamedTuple):
    """A fault of one line; the others still count. `place` is `line 41` of a text file or `row 41` of a spreadsheet."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"
