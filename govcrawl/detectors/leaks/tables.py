"""Tables of a page or an attachment as rows of cells with the words that stand above them."""

from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from govcrawl.page.model import Page

_ROWS = 5000
_CELLS = 60
# A heading stands in one of the first rows: titles and units come before it.
_HEADING_ROWS = 6


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text. `where` names the place for the evidence."""

    rows: tuple[tuple[str, ...], ...]
    where: str = ""

    def heading(self) -> tuple[int, tuple[str, ...]]:
        """Number of the heading row and its cells: of the first rows the one with most short words and no long number."""
        best, at = 0, -1
        for number, row in enumerate(self.rows[:_HEADING_ROWS]):
            score = sum(_is_heading(cell) for cell in row)
            if score > best and score >= 0.6 * sum(bool(cell) for cell in row):
                best, at = score, number
        return (at, self.rows[at]) if at >= 0 else (-1, ())

    def column(self, index: int, after: int) -> Iterator[str]:
        """The cells of one column below row `after`."""
        for row in self.rows[after + 1 :]:
            if index < len(row):
                yield row[index]


def _is_heading(cell: str) -> bool:
    return 0 < len(cell) <= 24 and sum(sign.isdigit() for sign in cell) <= 2


def page_tables(page: Page) -> Iterator[Table]:
    """Innermost tables of the page; layout tables, whose cells hold tables, are no data."""
    for number, node in enumerate(page.tree.css("table")):
        if node.css_first("table table") is not None or len(node.css("table")) > 1:
            continue
        rows = tuple(_cells(row) for row in node.css("tr")[:_ROWS])
        if len(rows) > 1:
            yield Table(rows, f"table {number + 1}")


def _cells(row: LexborNode) -> tuple[str, ...]:
    return tuple(" ".join(cell.text().split()) for cell in row.css("td, th")[:_CELLS])


def text_tables(text: str, where: str) -> Iterator[Table]:
    """Runs of lines with tabs: what the attachment readers write for tables and sheets."""
    rows: list[tuple[str, ...]] = []
    for line in [*text.split("\n"), ""]:
        if "\t" in line and len(rows) < _ROWS:
            row = tuple(" ".join(cell.split()) for cell in line.split("\t")[:_CELLS])
            # An empty row of a sheet parts nothing.
            rows += [row] if any(row) else []
        elif rows:
            if len(rows) > 1:
                yield Table(tuple(rows), where)
            rows = []
