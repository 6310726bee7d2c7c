"""The floors of the benches."""

from tests.bench.__main__ import broken_floor


def test_a_figure_under_its_floor_or_over_its_ceiling_is_named():
    figures = {"crawl": {"ratio_wall": 1.5, "bytes_a_url": 20.0}}
    assert "ratio_wall is 1.5" in broken_floor({"figure": "crawl.ratio_wall", "least": 2.0}, figures, short=True)
    assert "bytes_a_url is 20" in broken_floor({"figure": "crawl.bytes_a_url", "most": 10.0}, figures, short=True)
    assert broken_floor({"figure": "crawl.ratio_wall", "least": 1.5}, figures, short=True) == ""


def test_a_figure_that_was_not_measured_breaks_its_floor_unless_the_run_is_short_and_the_floor_long():
    floor = {"figure": "crawl.ratio_wall", "least": 2.0, "long": True}
    assert broken_floor(floor, {"crawl": {}}, short=False) == "crawl.ratio_wall was not measured"
    assert broken_floor(floor, {"crawl": {}}, short=True) == ""
