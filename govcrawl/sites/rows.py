"""The rows of a site list file: CSV, XLSX or JSONL, each with its place and its cells by field."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from govcrawl.kit.urls import resolve
from govcrawl.sites.faults import Problem, SiteListError
from govcrawl.sites.headings import field_of, fields_of
from govcrawl.sites.text import Line, lines_of

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# Office lists open with a title and a remark or two above the heading.
_HEADING_WITHIN = 10
_HOST_ALONE = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+([:/].*)?")


@dataclass(frozen=True, slots=True)
class Row:
    place: str
    cells: Mapping[str, str]


Record = tuple[str, Sequence[str]]


def rows_of(path: Path) -> Iterator[Row | Problem]:
    """Every row under the heading, and every line that is none. A file that cannot be used at all is a SiteListError."""
    body = _read(path)
    if body.startswith(_WORKBOOKS):
        return _under_heading(path, _sheet(path))
    lines = list(lines_of(path, body))
    if not any(isinstance(line, Problem) or line.text.strip() for line in lines):
        raise SiteListError(f"{path}: the file is empty; it needs a heading with a column url and a line for each site")
    if next(line.text.lstrip() for line in lines if isinstance(line, Line) and line.text.strip()).startswith("{"):
        return _objects(lines)
    return _under_heading(path, _records(lines))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as fault:
        raise SiteListError(f"{path}: no such file") from fault
    except IsADirectoryError as fault:
        raise SiteListError(f"{path}: a folder; name the site list in it") from fault
    except OSError as fault:
        raise SiteListError(f"{path}: {fault.strerror}; check the file's permissions") from fault


def _sheet(path: Path) -> Iterator[Record]:
    """The first sheet of the workbook that has any rows."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError) as fault:
        raise SiteListError(f"{path}: a binary file that is no readable workbook ({fault}); give CSV, XLSX or JSONL") from fault
    rows: Sequence[Sequence[object]] = next((sheet for sheet in sheets if sheet), [])
    for number, row in enumerate(rows, 1):
        yield f"row {number}", [_word(cell) for cell in row]


def _word(cell: object) -> str:
    # A spreadsheet keeps an identification code as a number: 1100000001.0.
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def _records(lines: Sequence[Line | Problem]) -> Iterator[Record | Problem]:
    texts = [line.text if isinstance(line, Line) else "" for line in lines]
    delimiter = _delimiter(texts)
    position = 0
    while position < len(lines):
        line = lines[position]
        if isinstance(line, Problem):
            yield line
            position += 1
            continue
        record, taken = _record(texts, position, delimiter)
        yield record if isinstance(record, Problem) else (f"line {line.number}", record)
        position += taken


def _record(texts: Sequence[str], start: int, delimiter: str) -> tuple[list[str] | Problem, int]:
    """The record that begins at a line, and how many lines it takes. A quote that never closes costs only its own line."""
    reader = csv.reader((f"{text}\n" for text in texts[start : start + 50]), delimiter=delimiter, strict=True)
    try:
        return [cell.strip() for cell in next(reader)], reader.line_num
    except csv.Error:
        return Problem(f"line {start + 1}", "a quote is out of place or does not close; remove it or double it"), 1


def _delimiter(texts: Iterable[str]) -> str:
    first = next((text for text in texts if text.strip()), "")
    return max(",\t;", key=first.count)


def _under_heading(path: Path, records: Iterable[Record | Problem]) -> Iterator[Row | Problem]:
    everything = [record for record in records if isinstance(record, Problem) or any(record[1])]
    if not everything:
        raise SiteListError(f"{path}: no row in it; it needs a heading with a column url and a line for each site")
    fields, below = _heading(path, everything)
    for record in everything[below:]:
        yield record if isinstance(record, Problem) else _row(record, fields)


def _row(record: Record, fields: Sequence[str | None]) -> Row:
    return Row(record[0], {field: cell for field, cell in zip(fields, record[1], strict=False) if field and cell})


def _heading(path: Path, records: Sequence[Record | Problem]) -> tuple[Sequence[str | None], int]:
    """The fields and how many rows the heading takes: 0 for a bare list of addresses."""
    rows = [(at, record[1]) for at, record in enumerate(records) if not isinstance(record, Problem)]
    for at, cells in rows[:_HEADING_WITHIN]:
        if fields := fields_of(cells):
            return fields, at + 1
    first = rows[0][1] if rows else []
    column = next((at for at, cell in enumerate(first) if resolve("", cell) or _HOST_ALONE.fullmatch(cell)), None)
    if column is None:
        seen = ", ".join(cell[:20] for cell in first[:8] if cell)
        raise SiteListError(f"{path}: no column url or 首页网址 (first line: {seen}); name one in the heading")
    return [*[None] * column, "url"], 0


def _objects(lines: Iterable[Line | Problem]) -> Iterator[Row | Problem]:
    for line in lines:
        if isinstance(line, Problem):
            yield line
        elif line.text.strip():
            yield _object(line)


def _object(line: Line) -> Row | Problem:
    place = f"line {line.number}"
    try:
        read = json.loads(line.text)
    except json.JSONDecodeError as fault:
        return Problem(place, f"not JSON ({fault.msg} at column {fault.colno}); write one object a line")
    if not isinstance(read, dict):
        return Problem(place, 'not a JSON object; write {"url": "http://..."}')
    return Row(place, {field: _joined(value) for key, value in read.items() if (field := field_of(key)) and value is not None})


def _joined(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value).strip()
