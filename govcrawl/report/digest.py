"""The report file of one crawl: its summary, every site, every finding."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from govcrawl.findings.document import to_document
from govcrawl.findings.model import Record
from govcrawl.kit.plain import json_line, plain
from govcrawl.report.gravity import gravest_first
from govcrawl.report.page import as_html
from govcrawl.report.summary import Summary

Sites = Sequence[Mapping[str, object]]


def as_json(summary: Summary, sites: Sites, findings: Sequence[Record]) -> str:
    whole = {"summary": summary.document(), "sites": list(sites), "findings": [to_document(record) for record in findings]}
    return json_line(whole, indent=1) + "\n"


def as_markdown(summary: Summary, sites: Sites, findings: Sequence[Record]) -> str:
    return "\n".join(_markdown(summary, sites, findings)) + "\n"


FORMS: Mapping[str, Callable[[Summary, Sites, Sequence[Record]], str]] = {
    ".html": as_html,
    ".json": as_json,
    ".md": as_markdown,
}


def _markdown(summary: Summary, sites: Sites, findings: Sequence[Record]) -> Iterator[str]:
    yield f"# Inspection {_cell(summary.status.campaign.id)}\n"
    yield from (f"- {name}: {_cell(value)}" for name, value in summary.lines())
    yield "\n## Findings\n"
    yield from _table(
        ("severity", "site", "what", "page", "pages", "evidence"),
        [
            (
                record.finding.severity,
                record.site.name or record.site.id,
                record.finding.title,
                record.finding.url,
                record.occurrences,
                record.finding.evidence.snippet[:120],
            )
            for record in gravest_first(findings)
        ],
    )
    yield "\n## Sites\n"
    headings = ("id", "url", "state", "reason", "pages", "failed_pages", "findings")
    yield from _table(headings, [[site[name] for name in headings] for site in sites])


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(_cell(value) for value in row)} |"


def _cell(value: object) -> str:
    """Text of a page must not become markup of the report."""
    text = "" if value is None else " ".join(plain(str(value)).split())
    for letter in "\\`*_[]<>|#~&":
        text = text.replace(letter, f"\\{letter}")
    return text
