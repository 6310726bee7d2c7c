"""The quality table's arithmetic and floors."""

from pathlib import Path

import pytest

from tests.eval.__main__ import measure
from tests.eval.table import WHOLE, Floor, Row, read_floors, with_totals


def test_a_family_without_a_total_is_summed_over_its_techniques():
    rows = with_totals([Row("leaks", "a", 10, 3, 1, 0), Row("leaks", "b", 5, 1, 0, 2)])
    assert rows[0] == Row("leaks", WHOLE, 15, 4, 1, 2)
    assert [row.technique for row in rows[1:]] == ["a", "b"]


def test_the_figures_of_another_program_are_in_no_total():
    rows = with_totals([Row("columns", "a", 10, 3, 1, 0), Row("columns", "peer: other", 10, 1, 9, 0)])
    assert rows[0] == Row("columns", WHOLE, 10, 3, 1, 0)


def test_a_total_that_a_module_gives_is_not_counted_twice():
    rows = with_totals([Row("dark links", WHOLE, 10, 3, 1, 0), Row("dark links", "a", 10, 3, 1, 0)])
    assert [row.n for row in rows] == [10, 10]


def test_a_measure_without_a_denominator_has_no_value_and_breaks_its_floor():
    row = Row("leaks", WHOLE, 10, 0, 0, 0)
    assert (row.precision, row.recall, row.accuracy) == (None, None, 1.0)
    assert "without a value" in Floor("leaks", WHOLE, "precision", 0.9).broken([row])


@pytest.mark.parametrize(("least", "holds"), [(0.75, True), (0.76, False)])
def test_a_floor_holds_at_its_own_value(least: float, holds: bool):
    said = Floor("leaks", WHOLE, "precision", least).broken([Row("leaks", WHOLE, 4, 3, 1, 0)])
    assert (said == "") is holds


def test_a_family_that_nobody_measured_breaks_its_floor():
    assert "nothing was measured" in Floor("dates", WHOLE, "accuracy", 0.5).broken([])


def test_a_required_module_that_is_missing_is_a_fault():
    result = measure(["nobody_wrote_this"], ["nobody_wrote_this"])
    assert result.rows == []
    assert "nobody_wrote_this broke" in result.faults[0]


def test_every_floor_is_read_with_its_measure(tmp_path: Path):
    file = tmp_path / "floors.toml"
    file.write_text('modules = ["a"]\n[[floors]]\nfamily = "a"\nprecision = 0.9\nrecall = 0.8\n')
    modules, floors = read_floors(file)
    assert modules == ["a"]
    assert floors == [Floor("a", WHOLE, "precision", 0.9), Floor("a", WHOLE, "recall", 0.8)]
