"""The comparison for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from govcrawl.demo.compare import Line

# Kind of line -> the headings of its table; a blank one leaves the column of the family out.
_HEADINGS = {
    "planted": ("category", "planted fault", "found by"),
    "look-alike": ("", "look-alike that must stay clean", "verdict"),
    "crawl": ("", "what the crawl itself must do", "seen"),
    "elsewhere": ("category", "finding that nobody planted", "verdict"),
}


def show(console: Console, lines: Sequence[Line]) -> None:
    for kind, headings in _HEADINGS.items():
        chosen = [line for line in lines if line.kind == kind]
        if chosen:
            console.print()
            console.print(_table(headings, chosen))
    console.print()
    console.print(verdict(lines), highlight=False)


def _table(headings: tuple[str, str, str], lines: Sequence[Line]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    family, about, said = headings
    if family:
        table.add_column(family, no_wrap=True)
    table.add_column(about)
    table.add_column(said, no_wrap=True)
    for line in lines:
        words = Text(line.said, "green" if line.right else "bold red")
        table.add_row(*([line.family] if family else []), line.about, words)
    return table


def verdict(lines: Sequence[Line]) -> str:
    """One line that says it all, for the eye and for scripts."""
    planted = [line for line in lines if line.kind == "planted"]
    alike = [line for line in lines if line.kind == "look-alike"]
    wrong = sum(not line.right for line in lines)
    words = (
        f"{sum(line.right for line in planted)} of {len(planted)} planted faults found, "
        f"{sum(line.right for line in alike)} of {len(alike)} look-alikes clean"
    )
    return f"{words}: as the answer sheet says" if not wrong else f"{words}: {wrong} lines differ from the answer sheet"
