"""Smells of the detectors: examples that are too few or unexplained, and what it costs to add one."""

import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from govcrawl.detectors.base import Detector
from govcrawl.detectors.registry import all_detectors
from tests.smells.measure import PRODUCT, ROOT, Smell, places

LEAST = 2
_ADDED = '''
"""A page that says the word."""
from govcrawl.detectors.base import Detector, Example
from govcrawl.findings.model import Category

class Added(Detector):
    id, title, category = "added/word", "The word", Category.WORDING
    flagged = (Example("<p>zzyzx", "says it"), Example("<b>zzyzx", "says it loudly"))
    clean = (Example("<p>x", "does not"), Example("", "says nothing"))

    def inspect(self, page, context):
        if b"zzyzx" in page.body:
            yield self.finding(page.url, "zzyzx", "zzyzx")
'''
# The folder is walked as if it lay in govcrawl/detectors, without writing into the checkout.
_TRIAL = """
import sys, govcrawl.detectors as package
package.__path__.append(sys.argv[1])
from govcrawl.detectors.check import disagreements
from govcrawl.detectors.registry import all_detectors
added = [detector for detector in all_detectors() if detector.id == "added/word"]
print(len(added), len(list(disagreements(added))))
"""


def unexplained() -> Smell:
    return places("detectors or rules with < 2 flagged or < 2 clean examples, or one without a reason", list(_gaps()))


def _gaps() -> Iterator[str]:
    for detector in all_detectors():
        yield from _of_detector(detector)
    for file in sorted((PRODUCT / "detectors").rglob("*.toml")):
        for rule in tomllib.loads(file.read_text(encoding="utf-8")).get("rules", ()):
            yield from _of_rule(f"{file.relative_to(PRODUCT)}: {rule.get('id', 'a rule without id')}", rule)


def _of_detector(detector: Detector) -> Iterator[str]:
    for kind in ("flagged", "clean"):
        if len(getattr(detector, kind)) < LEAST:
            yield f"{detector.id} has {len(getattr(detector, kind))} {kind} examples"
    for kind in ("flagged", "clean", "misses"):
        if not all(example.reason.strip() for example in getattr(detector, kind)):
            yield f"{detector.id} has a {kind} example without a reason"


def _of_rule(name: str, rule: dict[str, list[object]]) -> Iterator[str]:
    for kind in ("flagged", "clean"):
        samples = rule.get(kind, [])
        if len(samples) < LEAST:
            yield f"{name} has {len(samples)} {kind} samples"
        if not all(isinstance(sample, dict) and str(sample.get("reason", "")).strip() for sample in samples):
            yield f"{name} has a {kind} sample without a reason"


def files_to_add_one() -> Smell:
    """One file is laid beside the detectors in a new process; it must be found there and pass its own examples."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "added_word.py").write_text(_ADDED, encoding="utf-8")
        trial = subprocess.run([sys.executable, "-c", _TRIAL, folder], cwd=ROOT, capture_output=True, text=True, check=False)
    found = trial.stdout.split() == ["1", "0"]
    where = [] if found else [f"the trial said {(trial.stdout or trial.stderr).strip()[-200:]!r}"]
    return Smell("files touched to add a detector", "1" if found else "> 1", "1", not found, where=where)
