"""Which articles count as of an earlier day."""

from dataclasses import replace
from datetime import date

import pytest

from govcrawl.audit.redating import RULE, first_days
from govcrawl.detectors.stale_columns.new_day import NewDay
from govcrawl.findings import mask
from govcrawl.findings.model import Rule, State
from tests.audit.sites import HOST, record

URL = f"{HOST}/art/1.html"


def told(state=State.OPEN, rule=RULE, **extra):
    made = record(URL, state=state)
    evidence = replace(made.finding.evidence, extra={"day_before": mask.text("2025-03-01")} | extra)
    return replace(made, finding=replace(made.finding, rule=Rule(rule, 1, "x"), evidence=evidence))


def test_the_rule_is_one_that_there_is():
    assert NewDay.id == RULE


@pytest.mark.parametrize("state", [State.OPEN, State.CONFIRMED, State.REOPENED])
def test_an_article_under_a_later_day_counts_as_of_the_day_before(state):
    assert first_days([told(state)]) == {URL: date(2025, 3, 1)}


@pytest.mark.parametrize("record", [told(State.IGNORED), told(State.RESOLVED), told(rule="stale-columns/after-seen")])
def test_what_a_person_found_in_order_what_was_put_right_and_a_new_text_have_their_new_day(record):
    assert first_days([record]) == {}
