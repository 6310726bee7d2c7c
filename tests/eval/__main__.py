"""One run over all labelled pages: the quality table, the floors, and every page that was judged wrongly.

    python -m tests.eval [--misses] [--json]

Exit status 1 under a floor, or where a module that floors.toml names is missing or breaks; 2 without the labelled pages.
"""

import argparse
import importlib
import json
import sys
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.eval import corpus
from tests.eval.table import WHOLE, Row, read_floors, with_totals

FLOORS = Path(__file__).with_name("floors.toml")
_NO_MEASURES = {"__init__", "__main__", "corpus", "table"}


@dataclass
class Result:
    """What all modules measured, and what went wrong on the way."""

    rows: list[Row] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def modules(required: list[str]) -> list[str]:
    """The required ones first, then what else lies here and measures something."""
    found = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if file.stem not in _NO_MEASURES)
    return required + [name for name in found if name not in required]


def measure(required: list[str], wanted: list[str]) -> Result:
    result = Result()
    for name in wanted:
        began = time.process_time()
        try:
            module = importlib.import_module(f"tests.eval.{name}")
            if name not in required and not hasattr(module, "evaluate"):
                continue
            result.rows += module.evaluate()
            result.misses += [f"{name}: {line}" for line in module.misses()]
        except Exception as fault:  # noqa: BLE001 - one broken module must not hide the figures of the others
            traceback.print_exc()
            result.faults.append(f"tests.eval.{name} broke: {type(fault).__name__}: {fault}")
        print(f"{name}: {time.process_time() - began:.0f} s of CPU", file=sys.stderr, flush=True)
    result.rows = with_totals(result.rows)
    return result


def shown(rows: list[Row]) -> Table:
    table = Table("family", "technique", "pages", "found", "missed", "false", "P", "R", "right", "note", box=None, pad_edge=False)
    for column in table.columns[2:9]:
        column.justify = "right"
    for row in rows:
        measures = ("" if value is None else f"{value:.3f}" for value in (row.precision, row.recall, row.accuracy))
        whole = row.technique == WHOLE
        name = row.family if whole else ""
        table.add_row(
            name,
            row.technique,
            *map(str, (row.n, row.tp, row.fn, row.fp)),
            *measures,
            row.note,
            style="bold" if whole else "",
        )
    return table


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description=__doc__.partition("\n")[0])
    parser.add_argument("--misses", action="store_true", help="also list every miss and false alarm")
    parser.add_argument("--json", action="store_true", help="one JSON object a row")
    options = parser.parse_args(arguments)
    if not corpus.available():
        print(f"no labelled pages in {corpus.ROOT}; set GOVCRAWL_CORPUS to their folder", file=sys.stderr)
        return 2
    required, floors = read_floors(FLOORS)
    result = measure(required, modules(required))
    if options.json:
        print(*(json.dumps(row.document(), ensure_ascii=False) for row in result.rows), sep="\n")
    else:
        Console(width=None if sys.stdout.isatty() else 120).print(shown(result.rows))
    if options.misses:
        print(*result.misses, sep="\n", file=sys.stderr if options.json else sys.stdout)
    faults = result.faults + [words for floor in floors if (words := floor.broken(result.rows))]
    for line in faults:
        print(f"FAIL {line}", file=sys.stderr)
    if not faults:
        print(f"all {len(floors)} floors hold", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
