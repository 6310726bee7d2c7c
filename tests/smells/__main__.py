"""Every smell with its value and its limit; exit status 1 where one that fails the build is over.

python -m tests.smells
"""

import sys
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from tests.smells import code, detectors, drift, tools
from tests.smells.measure import ROOT, Smell

_SHOWN = 20


def all_smells() -> Iterator[Smell]:
    found = code.modules()
    yield detectors.files_to_add_one()
    yield tools.import_contracts()
    yield code.foreign_imports(found)
    yield detectors.unexplained()
    yield from code.sizes(found)
    yield code.long_tests(code.modules(ROOT / "tests"))
    yield tools.complexity()
    yield code.broad_excepts(found)
    yield code.clocks(found)
    yield code.clients(found)
    yield code.banned_names(found)
    yield from drift.all_drift()


def verdict(smell: Smell) -> str:
    if not smell.over:
        return "ok"
    return "FAIL" if smell.bold else "over"


def main() -> int:
    smells = list(all_smells())
    console = Console(width=None if sys.stdout.isatty() else 120)
    table = Table("smell", "value", "limit", "", box=None, pad_edge=False)
    for smell in smells:
        table.add_row(smell.name, smell.value, smell.limit, verdict(smell), style="bold" if smell.bold else "")
    console.print(table)
    for smell in smells:
        if smell.over:
            console.print(f"\n{smell.name}: {smell.value} (limit {smell.limit})", markup=False, highlight=False)
            for place in smell.where[:_SHOWN]:
                console.print(f"  {place}", markup=False, highlight=False)
            if len(smell.where) > _SHOWN:
                console.print(f"  and {len(smell.where) - _SHOWN} more")
    return 1 if any(smell.over and smell.bold for smell in smells) else 0


if __name__ == "__main__":
    sys.exit(main())
