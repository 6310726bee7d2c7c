"""Each place that a day is read from has its weight, in the order of trust."""

from datetime import date

import pytest

from govcrawl.page import dates
from govcrawl.page.model import Dated
from govcrawl.page.trust import UNKNOWN, trust_of
from govcrawl.sites.first_days import FIRST_DAY

IN_ORDER = ["meta:pubdate", "item", "label", "address", "feed", "sign-off", "last-modified"]


def test_the_order_is_the_one_in_which_candidates_are_tried():
    weights = [trust_of(source) for source in IN_ORDER]
    assert weights == sorted(weights, reverse=True) == [0.98, 0.95, 0.9, 0.85, 0.7, 0.6, 0.2]


@pytest.mark.parametrize("name", dates._WEAK_META)
def test_the_day_of_a_file_is_less_than_that_of_its_text(name):
    assert trust_of(f"meta:{name}") < trust_of("sign-off") < trust_of(f"meta:{dates._META[0]}")


@pytest.mark.parametrize(
    "source",
    ["byline", "headline", "dateline", "recordset", "data request", "data:pubTime", "item, year by order", FIRST_DAY],
)
def test_no_place_is_forgotten(source):
    assert trust_of(source) > UNKNOWN


def test_what_nobody_knows_is_trusted_little():
    assert trust_of("hearsay") == trust_of("") == UNKNOWN


def test_a_day_tells_its_confidence():
    assert Dated(date(2025, 1, 1), "label").confidence == 0.9
