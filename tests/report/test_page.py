"""The report as a page, opened in a real browser: no script runs, no request leaves it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from govcrawl.findings import mask
from govcrawl.findings.model import Category, Confidence, Evidence, Finding, Record, Rule, Severity, SiteLabel, State
from govcrawl.frontier.model import Campaign, CampaignState, CampaignStatus, SiteState
from govcrawl.report.page import as_html
from govcrawl.report.summary import Summary
from tests.hostile.trap import Trap
from tests.services import chromium

NOW = datetime(2026, 11, 25, tzinfo=UTC)
# Each asks the trap for something, or names itself in the title of the page.
LURES = (
    "<script>document.title='ran'</script>",
    "</td></table><script src=//TRAP/s.js></script>",
    "<img src=//TRAP/i onerror=document.title='ran'>",
    "'\"><svg onload=document.title='ran'><image href=//TRAP/v></svg>",
    "</title></style><iframe src=//TRAP/f></iframe>",
    "<style>@import '//TRAP/c';body{background:url(//TRAP/b)}</style>",
    "<meta http-equiv=refresh content='0;url=//TRAP/m'>",
    "<link rel=stylesheet href=//TRAP/l><link rel=prefetch href=//TRAP/p>",
    "<base href=//TRAP/><a href=x ping=//TRAP/a autofocus onfocus=document.title='ran'>",
    "<object data=//TRAP/o></object><video src=//TRAP/vi autoplay></video>",
    "<form action=//TRAP/fo><input autofocus onfocus=document.title='ran'></form>",
    "&lt;script&gt;document.title='ran'&lt;/script&gt; javascript:document.title='ran'",
    "\x1b[2J\x00\ud800\ufffe\u202e<!-- ]]> {{7*7}} ${7*7}",
)


@pytest.fixture(scope="module")
def browser() -> None:
    chromium.needed()


@pytest.fixture
def trap() -> Iterator[Trap]:
    with Trap("127.0.0.1") as opened:
        yield opened


def record(words: str) -> Record:
    evidence = Evidence(mask.text(words), target=mask.text(words), reason=mask.text(words))
    finding = Finding(
        Rule(f"dark-links/{words}", 1, words), Category.DARK_LINK, Severity.HIGH, Confidence.HIGH, words, words, words, evidence
    )
    return Record("id", finding, SiteLabel(words, words, organizer=words), State.OPEN, NOW, NOW, "c", 3)


def report(lures: list[str]) -> str:
    status = CampaignStatus(Campaign(lures[0], NOW), CampaignState.FINISHED, NOW, 3, 0, 0, 0, 0, {SiteState.COMPLETE: 1})
    sites = [
        {"id": words, "url": words, "state": words, "reason": words, "pages": 1, "failed_pages": 0, "findings": 1}
        for words in lures
    ]
    return as_html(Summary(status, {"dark_link": len(lures)}, 1.0), sites, list(map(record, lures)))


def lures_to(trap: Trap) -> list[str]:
    return [lure.replace("//TRAP", f"http://127.0.0.1:{trap.port}") for lure in LURES]


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "report.html"
    file.write_text(text, encoding="utf-8", errors="replace")
    return file


def test_the_report_shows_every_finding_and_site_as_text():
    words = ["青山县人民政府", "<b>bold</b> & more"]
    shown = LexborHTMLParser(report(words))
    assert {cell.text() for cell in shown.css("table:first-of-type tbody tr td:nth-child(4)")} == set(words)
    assert [cell.text() for cell in shown.css("table:last-of-type tbody tr td:first-child")] == words
    assert shown.css_first("title").text() == f"Inspection {words[0]}"


def test_a_cell_is_no_longer_than_a_person_reads():
    assert max(len(cell.text(deep=False)) for cell in LexborHTMLParser(report(["x" * 100_000])).css("td")) <= 1000


def test_nothing_in_the_report_is_an_element_of_a_stranger(trap):
    shown = LexborHTMLParser(report(lures_to(trap)))
    assert {node.tag for node in shown.css("*")} == {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "small",
    }  # fmt: skip
    assert {name for node in shown.css("body, body *") for name in node.attributes} == {"class"}


def test_in_a_browser_no_script_of_a_finding_runs_and_no_request_leaves_the_report(browser, trap, tmp_path):
    lures = lures_to(trap)
    dom = LexborHTMLParser(chromium.opened(written(tmp_path, report(lures))))
    assert dom.css_first("title").text() == f"Inspection {lures[0]}"
    assert len(dom.css("table:first-of-type tbody tr")) == len(lures)
    assert trap.caught == []
    assert chromium.printed(tmp_path / "report.html", tmp_path / "report.pdf").startswith(b"%PDF")
    assert trap.caught == []


def test_the_policy_alone_stops_what_an_element_would_do(browser, trap, tmp_path):
    """As if a text had become markup after all. What leads to another page (a frame, a refresh) is no policy's business."""
    lures = lures_to(trap)
    unescaped = report(["x"]).replace("<h1>", "".join([*lures[:4], lures[5], *lures[7:]]) + "<h1>")
    dom = LexborHTMLParser(chromium.opened(written(tmp_path, unescaped)))
    assert dom.css_first("script") is not None
    assert dom.css_first("title").text() == "Inspection x"
    assert trap.caught == []


def test_the_browser_and_the_trap_would_tell(browser, trap, tmp_path):
    lured = f"<!DOCTYPE html><title>x</title><img src=http://127.0.0.1:{trap.port}/i onerror=\"document.title='ran'\">"
    dom = LexborHTMLParser(chromium.opened(written(tmp_path, lured)))
    assert dom.css_first("title").text() == "ran"
    assert trap.caught
