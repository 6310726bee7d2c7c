"""The comparison with the answer sheet."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from govcrawl.demo.compare import Line, Seen, compare
from govcrawl.demo.sheet import Plant
from govcrawl.demo.show import verdict
from govcrawl.demo.web import Web, build_web
from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Evidence, Finding, Record, Rule, Severity, SiteLabel, State

NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture(scope="module")
def web() -> Web:
    return build_web(date(2026, 11, 25))


def record(web: Web, plant: Plant, **changes: str) -> Record:
    """The finding that the sheet expects for a plant."""
    rule = Rule(plant.rule or "x/y", 1, "A rule")
    words = {"category": plant.category, "url": web.addresses[plant], **changes}
    finding = Finding(
        rule,
        Category(words["category"]),
        Severity.HIGH,
        Confidence.HIGH,
        "A title",
        words["url"],
        "subject",
        Evidence(mask.text("evidence")),
    )
    return Record("id", finding, SiteLabel(plant.site), State.OPEN, NOW, NOW, "demo", 1, (words["url"],))


def all_right(web: Web) -> Seen:
    records = tuple(record(web, plant) for plant in web.sheet.planted)
    states = {check.site: "failed (reset)" for check in web.sheet.checks if check.kind == "failed"}
    asked = {f"http://{check.site}{check.page}": 1 for check in web.sheet.checks if check.kind == "fetched"}
    return Seen(records, states, asked)


def wrong(lines: list[Line]) -> list[tuple[str, str]]:
    return [(line.kind, line.said) for line in lines if not line.right]


def test_a_crawl_that_finds_what_was_planted_and_no_more_is_right(web: Web):
    lines = compare(web, all_right(web))
    assert wrong(lines) == []
    assert verdict(lines).endswith("as the answer sheet says")


def test_a_planted_fault_that_is_missing_is_missed(web: Web):
    seen = all_right(web)
    lines = compare(web, replace(seen, records=seen.records[1:]))
    assert wrong(lines) == [("planted", "MISSED")]
    assert "1 lines differ" in verdict(lines)


def test_a_planted_fault_of_another_category_does_not_count_as_found(web: Web):
    seen = all_right(web)
    first = record(web, web.sheet.planted[0], category="wording")
    assert ("planted", "MISSED") in wrong(compare(web, replace(seen, records=(first, *seen.records[1:]))))


def test_a_finding_on_a_look_alike_is_a_false_alarm(web: Web):
    seen = all_right(web)
    false = record(web, web.sheet.look_alikes[0], category="dark_link")
    assert wrong(compare(web, replace(seen, records=(*seen.records, false)))) == [("look-alike", "FLAGGED by x/y")]


def test_a_finding_where_the_sheet_has_nothing_is_a_false_alarm(web: Web):
    seen = all_right(web)
    stray = record(web, web.sheet.planted[0], url="http://www.qingshan.gov.test/nowhere")
    assert wrong(compare(web, replace(seen, records=(*seen.records, stray)))) == [
        ("elsewhere", "FLAGGED by dark-links/hidden-by-style")
    ]


def test_a_dead_site_must_be_failed_and_a_denied_page_left_alone(web: Web):
    denied = next(check for check in web.sheet.checks if check.kind == "kept-out" and check.page.startswith("/"))
    seen = replace(all_right(web), states={}, asked={f"http://{denied.site}{denied.page}": 1})
    assert sorted(wrong(compare(web, seen))) == [("crawl", "fetched"), ("crawl", "never asked for"), ("crawl", "without a state")]
