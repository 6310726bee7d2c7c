"""What commands print: data on stdout, talk on stderr."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from govcrawl.kit.clock import iso
from govcrawl.kit.plain import json_line, plain

_WIDE = 4000
_SENTENCE = 24  # characters of a cell that is longer than a name
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def print_json(document: Mapping[str, object]) -> None:
    """One JSON object on one line of stdout."""
    click.echo(json_line(document, default=_plain))


def _plain(value: object) -> object:
    return iso(value) if isinstance(value, datetime) else str(value)


def say(text: str) -> None:
    """Talk for people, on stderr."""
    click.echo(plain(text, lines=True), err=True)


def for_a_person() -> bool:
    """Whether stdout is a terminal, whose width is short."""
    return Console().is_terminal


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """A table on stdout; without a terminal plain and never wrapped, so that it can be searched."""
    table = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    shown = [[_cell(value) for value in row] for row in rows]
    for number, heading in enumerate(headings):
        # What a person copies into the next command stays in one piece, and so does a day.
        whole = number == 0 or any(_DAY.fullmatch(row[number].plain) for row in shown)
        table.add_column(heading, overflow="fold", no_wrap=whole)
    for row in shown:
        table.add_row(*row)
    _print(table)


def print_sentences(headings: Sequence[str], rows: Sequence[Sequence[object]], title: str = "") -> None:
    """A table with whole sentences in it: on a terminal, where a column of them would be a ladder of words, each stands on lines of its own
    below the short cells of its row.
    """
    if not for_a_person():
        print_table(headings, rows, title)
        return
    cells = [[_cell(value).plain for value in row] for row in rows]
    long = {number for number in range(1, len(headings)) if any(len(row[number]) > _SENTENCE for row in cells)}
    print_table((headings[0], ", ".join(headings[1:])), [(row[0], _folded(headings, row, long)) for row in cells], title)


def _folded(headings: Sequence[str], row: Sequence[str], long: Collection[int]) -> str:
    """The cells behind the first one in their order, short ones beside each other; a figure with the name of its column."""
    lines = [""]
    for number, cell in enumerate(row):
        if not (number and cell):
            continue
        named = cell if cell[0].isalpha() or number in long else f"{headings[number]} {cell}"
        if number in long or not lines[-1]:
            lines.append(named)
        else:
            lines[-1] += f"  {named}"
        if number in long:
            lines.append("")
    return "\n".join(filter(None, lines))


def print_pairs(pairs: Iterable[tuple[str, object]]) -> None:
    """Names and values under each other."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(name, _cell(value))
    _print(table)


def _print(table: Table) -> None:
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(table)
        return
    plain = Console(highlight=False, width=_WIDE, color_system=None)
    with plain.capture() as text:
        plain.print(table)
    click.echo("\n".join(line.rstrip() for line in text.get().splitlines()))


def _cell(value: object) -> Text:
    # A hostile title must not steer the terminal.
    return Text("" if value is None else plain(_local(value), lines=True))


def _local(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else str(value)
