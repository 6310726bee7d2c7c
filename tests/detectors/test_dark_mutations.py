"""No broken page breaks a dark-link detector: the short form of `python -m tests.bench.mutations`."""

import pytest

from tests.bench.mutations import run
from tests.eval.corpus import ROOT, available


@pytest.mark.skipif(not available(), reason=f"no labelled pages at {ROOT}; set GOVCRAWL_CORPUS")
def test_two_hundred_broken_pages_break_nothing():
    found = run(200)
    assert found["pages"] == 200
    assert found["faulty"] == []
