"""The report file of one crawl: its summary, every site, every finding."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from govcrawl.findings.document import to_document
from govcrawl.findings.model import Record, Severity
from govcrawl.report.summary import Summary

Sites = Sequence[Mapping[str, object]]
_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}


def as_json(summary: Summary, sites: Sites, findings: Sequence[Record]) -> str:
    whole = {"summary": summary.document(), "sites": list(sites), "findings": [to_document(record) for record in findings]}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def as_markdown(summary: Summary, sites: Sites, findings: Sequence[Record]) -> str:
    return "\n".join(_markdown(summary, sites, findings)) + "\n"


FORMS: Mapping[str, Callable[[Summary, Sites, Sequence[Record]], str]] = {".json": as_json, ".md": as_markdown}


def _markdown(summary: Summary, sites: Sites, findings: Sequence[Record]) -> Iterator[str]:
    yield f"# Inspection {summary.status.campaign.id}\n"
    yield from (f"- {name}: {value}" for name, value in summary.lines())
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
    headings = ("id", "state", "reason", "pages", "failed_pages", "findings")
    yield from _table(headings, [[site[name] for name in headings] for site in sites])


def gravest_first(findings: Sequence[Record]) -> list[Record]:
    """Those of a site stay together within their severity."""
    return sorted(findings, key=lambda record: (_GRAVITY[record.finding.severity], record.site.id))


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{'---|' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(_cell(value) for value in row)} |"


def _cell(value: object) -> str:
    """Text of a page must not become markup of the report."""
    text = "" if value is None else " ".join(str(value).split())
    for letter in "\\`*_[]<>|#":
        text = text.replace(letter, f"\\{letter}")
    return text
