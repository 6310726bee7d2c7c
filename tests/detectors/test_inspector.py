from collections.abc import Callable, Iterator
from datetime import date

import pytest

from govcrawl.detectors.base import Context, Detector
from govcrawl.detectors.inspector import Inspection, Inspector
from govcrawl.findings.mask import Masked
from govcrawl.findings.model import Category, Confidence, Evidence, Finding, Rule, Severity
from govcrawl.kit.clock import thread_seconds
from govcrawl.page.model import Page
from govcrawl.sites.model import Site

DAY = date(2025, 11, 20)
RULE = Rule("tests/rule", 1, "Told")


class Told(Detector):
    category = Category.DARK_LINK
    title = "Told"

    def __init__(self, name: str, findings: Callable[[], Iterator[Finding]]) -> None:
        self.id, self.findings = f"tests/{name}", findings

    def inspect(self, page: Page, context: Context) -> Iterator[Finding]:  # noqa: ARG002 - the Protocol's shape
        return self.findings()


def finding(number: int) -> Finding:
    evidence = Evidence(Masked("as told"))
    return Finding(
        RULE, Category.DARK_LINK, Severity.LOW, Confidence.LOW, "Told", "http://a.gov.cn/", f"subject {number}", evidence
    )


def busy(seconds: float) -> None:
    until = thread_seconds() + seconds
    while thread_seconds() < until:
        pass


def endless() -> Iterator[Finding]:
    for number in range(10_000):
        busy(0.03)
        yield finding(number)


def one() -> Iterator[Finding]:
    yield finding(1)


def many() -> Iterator[Finding]:
    return map(finding, range(5_000))


def broken() -> Iterator[Finding]:
    yield finding(1)
    raise RuntimeError("as told")


def inspected(*detectors: Detector, most_seconds: float = 10.0) -> Inspection:
    page = Page("http://a.gov.cn/", b"<p>x", today=DAY)
    return Inspector(detectors, most_seconds=most_seconds).inspect(page, Context(Site("s1", page.url), DAY))


def test_a_detector_that_uses_up_the_time_of_its_page_is_stopped_and_none_follows():
    inspection = inspected(Told("first", one), Told("endless", endless), Told("last", one), most_seconds=0.1)
    assert 3 <= len(inspection.findings) <= 6
    assert inspection.failed == {
        "tests/endless": "stopped: the page took 0.1 seconds of the processor",
        "tests/last": "not run: the page had taken 0.1 seconds of the processor",
    }
    assert inspection.seconds["tests/endless"] >= 0.1


def test_what_is_left_of_too_many_findings_is_told():
    inspection = inspected(Told("many", many), Told("last", one))
    assert len(inspection.findings) == 1_001
    assert inspection.failed == {"tests/many": "more than 1,000 findings; these are the first"}


@pytest.mark.parametrize("first", [broken, many])
def test_one_detector_costs_the_page_no_other(first):
    inspection = inspected(Told("first", first), Told("last", one))
    assert inspection.findings[-1] == finding(1)
    assert list(inspection.failed) == ["tests/first"]
    assert set(inspection.seconds) == {"tests/first", "tests/last"}
