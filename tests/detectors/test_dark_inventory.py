"""Every technique of the design notes has a detector and a test, or the reason why it has none."""

import tomllib
from pathlib import Path

import pytest

from govcrawl.detectors.registry import all_detectors
from tests.detectors.dark_links.cases import TECHNIQUES
from tests.eval.dark_links import detectors

ROOT = Path(__file__).resolve().parents[2]
INVENTORY = tomllib.loads(TECHNIQUES.with_name("inventory.toml").read_text(encoding="utf-8"))["techniques"]
ALL = [
    "H1",
    "H2",
    "H3",
    "H4",
    "H5",
    "H6",
    "H7",
    "H8",
    "H9",
    "J1",
    "J2",
    "J3",
    "J4",
    "J5",
    "T1",
    "T2",
    "C1",
    "C2",
    "C3",
    "P1",
    "P2",
    "P3",
    "P4",
    "X1",
    "X2",
    "X3",
    "Q1",
    "S1",
    "M1",
]
_FOREIGN = [detector for detector in all_detectors() if detector.id.startswith("foreign-scripts/")]
_DETECTORS = {detector.id.removeprefix("dark-links/"): detector for detector in (*detectors(), *_FOREIGN)}
_CASES = [
    entry["id"]
    for kind, entries in tomllib.loads(TECHNIQUES.read_text(encoding="utf-8")).items()
    if kind != "links"
    for entry in entries
]


def test_the_inventory_has_every_technique_once():
    assert [entry["id"] for entry in INVENTORY] == ALL


@pytest.mark.parametrize("entry", INVENTORY, ids=lambda entry: entry["id"])
def test_a_technique_has_a_detector_and_a_test_or_a_reason(entry):
    assert entry["detectors"] or entry["gap"]
    assert set(entry["detectors"]) <= set(_DETECTORS)
    assert not [start for start in entry.get("cases", ()) if not any(case.startswith(start) for case in _CASES)]
    assert "test" not in entry or (ROOT / entry["test"]).is_file()
    assert all(len(_DETECTORS[name].flagged) >= 2 for name in entry["detectors"])


def test_every_detector_answers_for_a_technique():
    assert {name for entry in INVENTORY for name in entry["detectors"]} == set(_DETECTORS)
