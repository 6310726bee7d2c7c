"""Our leak rules beside the rule file of gitleaks, on all labelled pages: those that leak, their look-alikes, and the others.

    python -m tests.eval.gitleaks                              their rules in our engine, which reads their file as it is
    python -m tests.eval.gitleaks --binary ~/go/bin/gitleaks   and their program with its own rules, on the same pages
    ... --files ~/go/pkg/mod/github.com/zricethezav/gitleaks/v8@v8.30.1/testdata
                                                               and on the files that their program is tested with

The program comes by `go install github.com/zricethezav/gitleaks/v8@v8.30.1`, its test files with it. Its time is that of its whole run, by
the pages of it. The path filter for images and documents does not apply to pages.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from govcrawl.detectors.base import Context
from govcrawl.detectors.inspector import Inspector
from govcrawl.detectors.registry import all_detectors
from govcrawl.detectors.rules import Piece
from govcrawl.detectors.rules_engine import RuleSet
from govcrawl.detectors.rules_load import load
from govcrawl.page.model import Page
from govcrawl.sites.model import Site
from tests.eval.corpus import ROOT, Sample, available
from tests.eval.leaks import leak_pages, leaks
from tests.eval.table import Row

RULES = ROOT / "leaks" / "gitleaks" / "config" / "gitleaks.toml"
_TODAY = date(2017, 4, 1)
Judge = Callable[[Page], bool]


def judges() -> dict[str, Judge]:
    rules, everywhere = load(RULES.read_text(encoding="utf-8"), "gitleaks.toml", prefix="gitleaks")
    theirs = RuleSet.of(rules, everywhere)
    ours = Inspector([detector for detector in all_detectors() if detector.id.startswith("leaks/")])
    return {
        "ours": lambda page: bool(ours.inspect(page, Context(Site(id="eval", url=page.url), _TODAY)).findings),
        "gitleaks": lambda page: bool(theirs.scan([Piece("source", page.html.encode("utf-8", "replace"), page.url)])),
    }


def measured(judge: Judge, pages: list[tuple[bool, Page]], name: str) -> tuple[Row, float]:
    """Counts by page, and milliseconds of CPU on the median page."""
    spent, said = [], []
    for _, page in pages:
        started = time.process_time()
        said.append(judge(page))
        spent.append(time.process_time() - started)
    pairs = [(leaks, flagged) for (leaks, _), flagged in zip(pages, said, strict=True)]
    counts = (pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)))
    return Row("gitleaks", name, len(pages), *counts), 1000 * statistics.median(spent)


def compared() -> list[tuple[Row, float]]:
    found = []
    for name, judge in judges().items():
        pages = labelled()
        for _, page in pages[:1]:
            judge(page)  # compiles the rules
        found.append(measured(judge, pages, name))
    return found


def by_program(binary: Path) -> tuple[Row, float]:
    """What the program says of the same pages, each a file in UTF-8. Raises CalledProcessError where it does not run."""
    pages = labelled()
    with tempfile.TemporaryDirectory() as held:
        for number, (_, page) in enumerate(pages):
            (Path(held) / f"{number}.html").write_text(page.html, encoding="utf-8", errors="replace")
        began = time.perf_counter()
        flagged = {int(file.stem) for file in flagged_by_program(binary, Path(held))}
        spent = time.perf_counter() - began
    pairs = [(leaks, number in flagged) for number, (leaks, _) in enumerate(pages)]
    counts = (pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)))
    return Row("gitleaks", "program", len(pages), *counts), 1000 * spent / len(pages)


def flagged_by_program(binary: Path, folder: Path) -> set[Path]:
    with tempfile.TemporaryDirectory() as held:
        report = Path(held) / "report.json"
        command = [
            str(binary),
            "dir",
            str(folder),
            "--no-banner",
            "--exit-code=0",
            "--report-format=json",
            f"--report-path={report}",
        ]
        subprocess.run(command, check=True, capture_output=True)
        return {Path(one["File"]) for one in json.loads(report.read_text(encoding="utf-8"))}


def on_its_files(binary: Path, folder: Path) -> tuple[set[Path], set[Path]]:
    """The files that our leak detectors flag, and those that the program flags."""
    judge = judges()["ours"]
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    # As if each was linked from a page: its name counts, the folders of its tests do not.
    ours = {file for file in files if judge(Page(f"http://www.qingshan.gov.cn/{file.name}", file.read_bytes(), today=_TODAY))}
    return ours, flagged_by_program(binary, folder)


def labelled() -> list[tuple[bool, Page]]:
    """Whether a page leaks, and the page, not yet looked at."""
    return [(leaks(sample), _page(sample)) for sample in leak_pages()]


def _page(sample: Sample) -> Page:
    page = Page(sample.url or "http://www.qingshan.gov.cn/", sample.body(), today=_TODAY)
    assert page.html is not None  # decoding belongs to the page, not to either set of rules
    return page


def faults(rows: list[Row]) -> list[str]:
    """Where we are not at least as good as gitleaks."""
    ours, *others = rows
    said = []
    for theirs in others:
        said += [] if ours.tp >= theirs.tp else [f"ours finds {ours.tp} pages, {theirs.technique} {theirs.tp}"]
        said += [] if ours.fp <= theirs.fp else [f"ours raises {ours.fp} false alarms, {theirs.technique} {theirs.fp}"]
    return said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, metavar="PATH", help="the program of gitleaks, to run it beside ours")
    parser.add_argument("--files", type=Path, metavar="FOLDER", help="files to compare on, too; needs --binary")
    words = parser.parse_args()
    if words.files and not words.binary:
        parser.error("--files needs --binary: the program says which of its files leak")
    if not available():
        print(f"no labelled pages at {ROOT}; set GOVCRAWL_CORPUS", file=sys.stderr)
        return 2
    found = compared() + ([by_program(words.binary)] if words.binary else [])
    print(f"{'':10}{'pages':>7}{'found':>7}{'missed':>8}{'false':>7}{'P':>8}{'R':>8}{'ms':>8}")
    for row, spent in found:
        precision, recall = (f"{value:.3f}" if value is not None else "-" for value in (row.precision, row.recall))
        print(f"{row.technique:10}{row.n:7}{row.tp:7}{row.fn:8}{row.fp:7}{precision:>8}{recall:>8}{spent:8.3f}")
    said = faults([row for row, _ in found])
    if words.files:
        ours, theirs = on_its_files(words.binary, words.files)
        print(f"its own files: the program flags {len(theirs)}, ours {len(ours & theirs)} of them and {len(ours - theirs)} more")
        said += [f"{file}: only the program flags it" for file in sorted(theirs - ours)]
    for line in said:
        print(f"FAIL {line}", file=sys.stderr)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
