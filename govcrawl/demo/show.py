"""The comparison for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from govcrawl.demo.compare import Line

_HEADINGS = {
    "planted": "Planted faults",
    "look-alike": "Look-alikes, which must stay clean",
    "crawl": "The crawl itself",
    "elsewhere": "Findings that nobody planted",
}


def show(console: Console, lines: Sequence[Line]) -> None:
    for kind, heading in _HEADINGS.items():
        chosen = [line for line in lines if line.kind == kind]
        if chosen:
            console.print()
            console.print(_table(heading, chosen))
    console.print()
    console.print(verdict(lines), highlight=False)


def _table(heading: str, lines: Sequence[Line]) -> Table:
    table = Table(title=heading, title_justify="left", title_style="bold", box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(no_wrap=True)
    for line in lines:
        table.add_row(line.family, line.about, Text(line.said, "green" if line.right else "bold red"))
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
