"""What a finding tells the unit: the words, the address, why nobody sees them, where they stand, and a copy that stays."""

import pytest

from govcrawl.detectors.base import Example
from govcrawl.detectors.check import judge
from govcrawl.detectors.registry import all_detectors

FAMILY = [detector for detector in all_detectors() if detector.id.startswith("dark-links/")]
# A page as a whole is shown to somebody else; a title is its own copy.
WITHOUT_COPY = (
    "dark-links/cloaked",
    "dark-links/spam-title",
    "dark-links/title-swap",
    "dark-links/mixed-encoding",
    "dark-links/poisoned-feed",
)


def flagged():
    return [
        pytest.param(detector, example, id=f"{detector.id}: {example.reason}")
        for detector in FAMILY
        for example in detector.flagged
    ]


@pytest.mark.parametrize(("detector", "example"), flagged())
def test_every_finding_says_why_and_where_and_shows_it(detector, example):
    for finding in judge(detector, example):
        evidence = finding.evidence
        assert evidence.snippet
        assert evidence.reason
        assert evidence.locator
        assert evidence.extra["technique"]


@pytest.mark.parametrize(("detector", "example"), flagged())
def test_the_copy_of_a_block_cannot_be_opened_by_accident(detector, example):
    for finding in judge(detector, example):
        copy = finding.evidence.extra.get("block") or finding.evidence.snippet
        assert "http" not in copy
        assert "hxxp" in copy or detector.id in WITHOUT_COPY or finding.evidence.extra["technique"] == "run-together"


def test_a_block_that_a_rule_of_a_sheet_hides_names_the_rule_and_the_sheet():
    sheet = "http://www.qingshan.gov.cn/site.css"
    example = Example(
        '<link rel="stylesheet" href="/site.css"><div id="foot"><p class="x9"><a href="http://a.test/">百家乐</a><a href="http://b.test/1">新葡京</a></p></div>',
        "hidden by the site's own sheet",
        sheets={sheet: "#foot .x9{position:absolute;left:-9999px}"},
    )
    (finding,) = [found for detector in FAMILY for found in judge(detector, example)]
    assert finding.evidence.reason == f'left:-9999px (rule "#foot .x9" in {sheet} on div#foot > p.x9)'
    assert finding.evidence.locator == "div#foot > p.x9"
    assert finding.evidence.snippet == "百家乐 新葡京"
    assert finding.evidence.extra["block"] == "百家乐 → hxxp://a[.]test/; 新葡京 → hxxp://b[.]test/1"


def test_a_block_in_plain_sight_says_where_it_stands():
    example = Example(
        '<div id="links"><p><a href="http://a.test/">百家乐</a> <a href="http://b.test/">新葡京</a></p></div>', "a footer"
    )
    (finding,) = [found for detector in FAMILY for found in judge(detector, example)]
    assert (finding.evidence.reason, finding.evidence.locator) == ("in plain sight", "div#links > p > a")
