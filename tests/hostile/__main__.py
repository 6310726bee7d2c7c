"""The hostile web crawled, and what came of it as a table.

python -m tests.hostile [--json] [FAMILY ...]
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.hostile.crawl import Report, crawl
from tests.hostile.table import BEHAVIOURS, FAMILIES


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="the figures alone, as one object")
    parser.add_argument("families", nargs="*", metavar="FAMILY", help=f"only these: {', '.join(FAMILIES)}")
    words = parser.parse_args(arguments)
    if unknown := [word for word in words.families if word not in FAMILIES]:
        parser.error(f"no family {unknown[0]!r}; there are {', '.join(FAMILIES)}")
    chosen = [one for word in words.families for one in FAMILIES[word]] or BEHAVIOURS
    with tempfile.TemporaryDirectory() as folder:
        report = crawl(chosen, Path(folder))
    print(json.dumps(report.figures()) if words.json else table(report))
    return 1 if report.faults() else 0


def table(report: Report) -> str:
    lines = [
        f"{'ok' if not one.faults else 'FAIL':4}  {one.behaviour.word:17}  {one.tries}  {one.behaviour.name}"
        for one in report.came
    ]
    lines += [f"FAIL  {one.behaviour.name}: expected {one.behaviour.word}; {'; '.join(one.faults)}" for one in report.wrong]
    lines.append("words: " + ", ".join(f"{word} {n}" for word, n in Counter(one.word for one in report.came).most_common()))
    lines.append(summary(report))
    return "\n".join(lines)


def summary(report: Report) -> str:
    figures = "hostile: " + ", ".join(f"{name} {value}" for name, value in report.figures().items())
    return "\n".join([figures, *(f"FAIL  {fault}" for fault in report.faults())])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
