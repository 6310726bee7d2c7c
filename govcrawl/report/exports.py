"""Findings as a file: CSV and XLSX for spreadsheets, JSON lines for programs."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import BinaryIO, Protocol

from govcrawl.findings.document import to_document
from govcrawl.findings.model import Record
from govcrawl.kit.clock import iso
from govcrawl.kit.plain import json_line, plain
from govcrawl.report.xlsx import Workbook

HEADINGS = ("id", "state", "severity", "confidence", "category", "rule", "title", "site_id", "site", "region", "organizer",
            "url", "target", "reason", "evidence", "pages", "first_seen", "last_seen", "campaign", "reviewed_by", "review")  # fmt: skip

# The letters that make a spreadsheet take a cell for a formula, also in their wide forms.
_FORMULA = tuple("=+-@＝＋－＠")


class Export(Protocol):
    """Takes findings one by one; the file is complete after `close`."""

    def add(self, record: Record) -> None: ...

    def close(self) -> None: ...


class CsvExport:
    """With a byte order mark, because spreadsheets take UTF-8 for something else without it."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink
        sink.write("\N{BYTE ORDER MARK}".encode())
        self._write(HEADINGS)

    def add(self, record: Record) -> None:
        self._write(row(record))

    def close(self) -> None:
        self._sink.flush()

    def _write(self, cells: Sequence[object]) -> None:
        line = io.StringIO()
        csv.writer(line).writerow(cells)
        self._sink.write(line.getvalue().encode())


class XlsxExport:
    def __init__(self, sink: BinaryIO) -> None:
        self._book = Workbook(sink, HEADINGS)

    def add(self, record: Record) -> None:
        self._book.add(row(record))

    def close(self) -> None:
        self._book.close()


class JsonLinesExport:
    """The whole document of each finding."""

    def __init__(self, sink: BinaryIO) -> None:
        self._sink = sink

    def add(self, record: Record) -> None:
        self._sink.write(json_line(to_document(record)).encode() + b"\n")

    def close(self) -> None:
        self._sink.flush()


FORMS: Mapping[str, type[CsvExport | XlsxExport | JsonLinesExport]] = {
    ".csv": CsvExport,
    ".xlsx": XlsxExport,
    ".jsonl": JsonLinesExport,
}


def row(record: Record) -> tuple[object, ...]:
    """The cells of a finding below HEADINGS."""
    finding, site, said = record.finding, record.site, record.review
    return tuple(map(harmless, (
        record.id, record.state, finding.severity, finding.confidence, finding.category, finding.rule.id, finding.title,
        site.id, site.name, site.region, site.organizer, finding.url, finding.evidence.target, finding.evidence.reason,
        finding.evidence.snippet, record.occurrences, record.first_seen, record.last_seen, record.last_campaign,
        said.by if said else "", said.reason if said else "",
    )))  # fmt: skip


def harmless(value: object) -> object:
    """A number, or text that no spreadsheet takes for a formula and that holds no control character but the line feed."""
    if value is None or isinstance(value, int):
        return "" if value is None else value
    text = iso(value) if isinstance(value, datetime) else str(value)
    shown = plain(text, lines=True)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
