"""Broken pages through the code path of `scan`: the short form; the full one is `python -m tests.hostile.mutants`."""

from tests.hostile.mutants import Bench, mutant

SHORT = 300


def test_a_broken_page_breaks_no_detector_and_takes_no_second(tmp_path):
    tally = Bench(tmp_path).run(range(1_000_000, 1_000_000 + SHORT))
    assert tally.faults == []
    assert tally.pages == SHORT
    assert len(tally.kinds) == 7


def test_a_seed_makes_the_same_page_again():
    assert mutant(7) == mutant(7)
    assert len({mutant(seed)[0] for seed in range(20)}) > 10


def test_what_breaks_is_told_with_its_seed(tmp_path):
    bench = Bench(tmp_path)
    bench._scan.inspector.detectors[0].inspect = lambda *_: iter([1 // 0])
    try:
        (first,) = bench.run(range(3, 4)).faults
    finally:
        del bench._scan.inspector.detectors[0].inspect
    assert first.startswith("seed 3 (")
    assert first.endswith("ZeroDivisionError")
