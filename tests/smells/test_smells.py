"""The smells are measured on made-up modules, and the detector trial on the real registry."""

import json
from pathlib import Path

import pytest

from tests.smells import code, detectors, drift


def module(tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> code.Module:
    monkeypatch.setattr(code, "ROOT", tmp_path)
    monkeypatch.setattr(code, "PRODUCT", tmp_path)
    file = tmp_path / "x.py"
    file.write_text(text, encoding="utf-8")
    return code.Module(file)


def test_a_new_detector_is_found_when_its_one_file_is_there():
    smell = detectors.files_to_add_one()
    assert (smell.value, smell.over, smell.where) == ("1", False, [])


def test_a_docstring_blank_lines_and_comments_are_no_body_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = 'def f():\n    """Says."""\n    # why\n\n    a = 1\n    return a\n'
    found = module(tmp_path, text, monkeypatch)
    assert code.body_lines(found, found.tree.body[0]) == 2


def test_examples_of_a_detector_are_no_file_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = "class D:\n    id = 1\n    flagged = (\n        1,\n        2,\n    )\n"
    assert code.file_lines(module(tmp_path, text, monkeypatch)) == 2


def test_a_long_test_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    short = module(tmp_path, "a = 1\n" * 400, monkeypatch)
    assert not code.long_tests([short]).over
    assert code.long_tests([module(tmp_path, "a = 1\n" * 401, monkeypatch)]).where == ["x.py: 401 lines"]


@pytest.mark.parametrize(
    ("handler", "count"),
    [
        ("except Exception:\n    pass", 1),
        ("except:\n    pass", 1),
        ("except (OSError, Exception):\n    pass", 1),
        ("except BaseException:\n    undo()\n    raise", 0),
        ("except OSError:\n    pass", 0),
    ],
)
def test_a_broad_except_counts_unless_it_raises_again(handler: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    found = module(tmp_path, f"try:\n    x()\n{handler}\n", monkeypatch)
    assert int(code.broad_excepts([found]).value) == count


def test_an_except_that_returns_none_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    text = "def f():\n    try:\n        return 1\n    except OSError:\n        return None\n"
    assert code.broad_excepts([module(tmp_path, text, monkeypatch)]).over


def test_a_foreign_import_is_named_with_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    found = module(tmp_path, "import json\nfrom scrapy import Spider\n", monkeypatch)
    assert code.foreign_imports([found]).where == ["x.py imports scrapy"]


def test_a_clock_outside_its_place_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    found = module(tmp_path, "import time\nT = time.time()\nM = time.monotonic()\n", monkeypatch)
    assert code.clocks([found]).where == ["x.py:2 time.time"]


def test_a_field_that_the_mapping_lacks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    short = tmp_path / "findings.json"
    mapping = json.loads(drift.MAPPING.read_text(encoding="utf-8"))
    del mapping["template"]["mappings"]["properties"]["rule"]["properties"]["version"]
    short.write_text(json.dumps(mapping), encoding="utf-8")
    monkeypatch.setattr(drift, "MAPPING", short)
    assert [line for smell in drift.all_drift() for line in smell.where] == ["the mapping lacks rule.version"]
