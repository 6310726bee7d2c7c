"""Every bench in one run: one JSON object a line, held to floors.

    python -m tests.bench [--short] [--only NAME ...]

Exit status 1 where a figure breaks its floor, or a bench that floors.toml names is missing or breaks. A floor whose figure a short run
leaves out must be marked `long = true`.
"""

import argparse
import importlib
import json
import os
import sys
import tomllib
import traceback
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from tests.services import elasticsearch

HERE = Path(__file__).parent
FLOORS = HERE / "floors.toml"


def benches(required: list[str], left_out: Collection[str]) -> list[str]:
    """The required ones first, then what else here has a `bench` of its own."""
    found = sorted(
        file.stem
        for file in HERE.glob("*.py")
        if not file.stem.startswith(("_", "test_")) and "\ndef bench(" in file.read_text(encoding="utf-8")
    )
    return required + [name for name in found if name not in required and name not in left_out]


def without_server(data: Mapping[str, Any]) -> list[str]:
    """The benches that nobody started a server for."""
    return [] if os.environ.get(elasticsearch.VARIABLE) else list(data["on_elasticsearch"])


def run(name: str, short: bool) -> tuple[dict[str, object], str]:
    """The figures of one bench, and what went wrong."""
    try:
        return importlib.import_module(f"tests.bench.{name}").bench(short), ""
    except Exception as fault:  # noqa: BLE001 - one broken bench must not hide the figures of the others
        traceback.print_exc()
        return {}, f"tests.bench.{name} broke: {type(fault).__name__}: {fault}"


def broken_floor(floor: Mapping[str, object], figures: Mapping[str, Mapping[str, object]], short: bool) -> str:
    """What is wrong with one figure; "" where its floor holds or does not apply to this run."""
    bench, _, field = str(floor["figure"]).partition(".")
    if bench not in figures or (short and floor.get("long")):
        return ""
    value = figures[bench].get(field)
    if not isinstance(value, int | float):
        return f"{floor['figure']} was not measured"
    least = floor.get("short_least" if short and "short_least" in floor else "least", "-inf")
    if value < float(str(least)):
        return f"{floor['figure']} is {value:.4g}, the floor is {least}"
    if value > float(str(floor.get("most", "inf"))):
        return f"{floor['figure']} is {value:.4g}, the ceiling is {floor['most']}"
    return ""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--short", action="store_true", help="smaller loads, for every change")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these benches")
    options = parser.parse_args(arguments)
    data = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    figures: dict[str, dict[str, object]] = {}
    faults = []
    left_out = without_server(data)
    if left_out and not options.only:
        print(f"left out, as {elasticsearch.VARIABLE} names no server: {' '.join(left_out)}", file=sys.stderr)
    for name in options.only or benches(data["modules"], left_out):
        found, fault = run(name, options.short)
        if fault:
            faults.append(fault)
            continue
        figures[name] = found
        print(json.dumps({"bench": name, **found}, ensure_ascii=False), flush=True)
    faults += [words for floor in data["floors"] if (words := broken_floor(floor, figures, options.short))]
    for line in faults:
        print(f"FAIL {line}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
