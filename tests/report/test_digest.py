"""What the report of a crawl shows first, and that no page can write into it."""

from datetime import UTC, datetime

import pytest

from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Evidence, Finding, Record, Rule, Severity, SiteLabel, State
from govcrawl.report.digest import _cell
from govcrawl.report.gravity import gravest_first

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def record(site: str, severity: Severity) -> Record:
    evidence = Evidence(mask.text("evidence"))
    words = ("title", f"http://{site}.test/", "subject", evidence)
    finding = Finding(Rule("dark-links/x", 1, "a rule"), Category.DARK_LINK, severity, Confidence.HIGH, *words)
    return Record("id", finding, SiteLabel(site), State.OPEN, NOW, NOW, "c")


def test_the_gravest_findings_come_first_and_those_of_a_site_together():
    seen = [
        record("b", Severity.LOW),
        record("b", Severity.CRITICAL),
        record("a", Severity.MEDIUM),
        record("a", Severity.CRITICAL),
    ]
    shown = [(one.finding.severity.value, one.site.id) for one in gravest_first(seen)]
    assert shown == [("critical", "a"), ("critical", "b"), ("medium", "a"), ("low", "b")]


@pytest.mark.parametrize(
    ("text", "cell"),
    [("<script>", "\\<script\\>"), ("a | b", "a \\| b"), ("two\nlines", "two lines"), (None, ""), ("[x](y)", "\\[x\\](y)")],
)
def test_text_of_a_page_becomes_no_markup_of_the_report(text, cell):
    assert _cell(text) == cell
