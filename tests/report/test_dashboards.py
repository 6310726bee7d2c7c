"""The dashboard files: what Kibana takes, what the mapping has, and that they can be read back."""

from datetime import timedelta
from itertools import combinations

import pytest

from govcrawl.report import kql, panels
from govcrawl.store import questions
from govcrawl.store.questions import Match
from tests.findings.observed import NOON
from tests.report import kibana_schema

VIEWS = {view["id"]: view for view in panels.data_views()}


@kibana_schema.needed
@pytest.mark.parametrize("name", panels.NAMES)
def test_a_dashboard_is_what_the_dashboards_api_takes(name):
    assert list(kibana_schema.faults(panels.source(name))) == []


@kibana_schema.needed
def test_a_broken_dashboard_is_refused_by_the_schema():
    broken = panels.source("overview")
    broken["panels"][1]["config"]["metrics"][0]["operation"] = "guess"
    assert {fault.partition(":")[0] for fault in kibana_schema.faults(broken)} - {"dashboard"} == {"open-findings"}


@pytest.mark.parametrize("name", panels.NAMES)
def test_every_field_that_a_dashboard_names_is_mapped(name):
    for panel in panels.dashboard(name, NOON).panels:
        questions.check(panel.question)
    for control in panels.source(name)["pinned_panels"]:
        view = VIEWS[control["config"]["data_view_id"]]
        assert questions.kind(view["id"].removeprefix("govcrawl-"), control["config"]["field_name"]) == "keyword"


@pytest.mark.parametrize("name", panels.NAMES)
def test_panels_have_names_of_their_own_lie_side_by_side_and_lead_to_dashboards_that_exist(name):
    told = panels.source(name)["panels"]
    assert len({panel["id"] for panel in told}) == len(told)
    for one, other in combinations([panel["grid"] for panel in told], 2):
        apart = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert apart or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    assert max(panel["grid"]["x"] + panel["grid"]["w"] for panel in told) <= 48
    drilled = {drill["dashboard_id"] for panel in told for drill in panel["config"].get("drilldowns", ())}
    assert drilled <= {f"govcrawl-{known}" for known in panels.NAMES}


def test_every_dashboard_but_operations_leads_to_the_findings():
    for name in set(panels.NAMES) - {"operations"}:
        lists = [panel for panel in panels.dashboard(name, NOON).panels if panel.headings[0] == "Finding"]
        assert {panel.question.groups[0].field for panel in lists} == {"finding.id"}


def test_only_what_happened_at_a_time_is_limited_to_the_time_range_of_a_dashboard():
    since = {panel.question.index: panel.question.since for panel in panels.dashboard("overview", NOON).panels}
    assert since == {"findings": None, "sites": None, "events": NOON - timedelta(days=90)}
    assert [view for view in VIEWS.values() if view["title"] != view["id"]] == []


@pytest.mark.parametrize(
    ("expression", "tests"),
    [
        ("", ()),
        ("finding.state : open", (Match("finding.state", ("open",)),)),
        ('rule.id : "a/b" and not site.id : *', (Match("rule.id", ("a/b",)), Match("site.id", (), negated=True))),
        ("finding.state : (open or  confirmed OR reopened)", (Match("finding.state", ("open", "confirmed", "reopened")),)),
    ],
)
def test_an_expression_is_read(expression, tests):
    assert kql.parse(expression) == tests


@pytest.mark.parametrize("expression", ["finding.state", "a : 1 or b : 2", "a : (b and c)x", "a >= 3", "a : b and", "a : (b"])
def test_an_expression_that_says_more_is_refused(expression):
    with pytest.raises(kql.NotUnderstood):
        kql.parse(expression)
