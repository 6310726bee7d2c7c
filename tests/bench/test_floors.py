"""The floors of the benches."""

from tests.bench.__main__ import benches, broken_floor, without_server
from tests.services import elasticsearch


def test_a_figure_under_its_floor_or_over_its_ceiling_is_named():
    figures = {"crawl": {"ratio_wall": 1.5, "bytes_a_url": 20.0}}
    assert "ratio_wall is 1.5" in broken_floor({"figure": "crawl.ratio_wall", "least": 2.0}, figures, short=True)
    assert "bytes_a_url is 20" in broken_floor({"figure": "crawl.bytes_a_url", "most": 10.0}, figures, short=True)
    assert broken_floor({"figure": "crawl.ratio_wall", "least": 1.5}, figures, short=True) == ""


def test_a_figure_that_was_not_measured_breaks_its_floor_unless_the_run_is_short_and_the_floor_long():
    floor = {"figure": "crawl.ratio_wall", "least": 2.0, "long": True}
    assert broken_floor(floor, {"crawl": {}}, short=False) == "crawl.ratio_wall was not measured"
    assert broken_floor(floor, {"crawl": {}}, short=True) == ""


def test_a_bench_that_needs_a_server_is_left_out_where_none_is_named(monkeypatch):
    data = {"on_elasticsearch": ["store"]}
    monkeypatch.delenv(elasticsearch.VARIABLE, raising=False)
    assert "store" not in benches(["crawl"], without_server(data))
    monkeypatch.setenv(elasticsearch.VARIABLE, "http://127.0.0.1:9200")
    assert "store" in benches(["crawl"], without_server(data))
