import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest

from govcrawl.findings import lifecycle, mask
from govcrawl.findings.document import to_document
from govcrawl.findings.model import Evidence, Review, State
from govcrawl.report.exports import FORMS, HEADINGS, harmless
from govcrawl.report.xlsx import MAX_CELL, Workbook
from tests.findings.observed import after, observation

HOSTILE = "=cmd|' /C calc'!A0\x1b[2J\x00\ufffe末"


def records():
    plain = lifecycle.opened(observation())
    hostile = lifecycle.opened(observation(subject="2", title=HOSTILE, evidence=Evidence(mask.text("\t@SUM(1)\x07"))))
    said = Review(State.IGNORED, "王", "+1", after(1))
    return [plain, hostile, replace(plain, review=said, state=State.IGNORED)]


def exported(suffix):
    sink = io.BytesIO()
    export = FORMS[suffix](sink)
    for record in records():
        export.add(record)
    export.close()
    return sink.getvalue()


def rows(suffix):
    """The table as a spreadsheet reads it, every cell as text."""
    if suffix == ".csv":
        return list(csv.reader(io.StringIO(exported(suffix).decode("utf-8-sig"), newline="")))
    book = openpyxl.load_workbook(io.BytesIO(exported(suffix)))
    return [["" if cell is None else str(cell) for cell in row] for row in book.active.iter_rows(values_only=True)]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_table_has_a_heading_and_a_row_for_each_finding(suffix):
    heading, *found = rows(suffix)
    assert heading == list(HEADINGS)
    assert [row[heading.index("id")] for row in found] == [record.id for record in records()]
    plain = dict(zip(heading, found[0], strict=True))
    assert (plain["site"], plain["region"], plain["pages"]) == ("示例市人民政府", "示例省示例市", "1")
    assert (plain["first_seen"], plain["evidence"]) == ("2026-03-02T12:00:00.250Z", "某市人民政府门户网站 时时彩平台")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_no_cell_is_a_formula_or_holds_a_control_character(suffix):
    cells = [cell for row in rows(suffix) for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
    assert not [cell for cell in cells if any(ord(letter) < 32 or letter in "\x7f\ufffe" for letter in cell)]
    assert "'=cmd|' /C calc'!A0\ufffd[2J\ufffd\ufffd末" in cells
    assert "'+1" in cells


def test_json_lines_hold_the_whole_documents():
    lines = exported(".jsonl").decode().splitlines()
    assert [json.loads(line) for line in lines] == [to_document(record) for record in records()]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (12, 12),
        ("a\tb\r\nc", "a b \nc"),
        ("-1", "'-1"),
        ("　＝1+1", "'　＝1+1"),
        ("\ud83d", "\ufffd"),
        ("a-b=c", "a-b=c"),
    ],
)
def test_a_cell_is_harmless(value, cell):
    assert harmless(value) == cell


def test_rows_that_a_sheet_cannot_hold_go_on_in_the_next_and_long_text_is_cut():
    sink = io.BytesIO()
    book = Workbook(sink, ("number", "text"), max_rows=4)
    for number in range(7):
        book.add((number, "汉" * 40_000))
    book.close()
    sheets = openpyxl.load_workbook(io.BytesIO(sink.getvalue())).worksheets
    read = [list(sheet.iter_rows(values_only=True)) for sheet in sheets]
    assert [len(sheet) for sheet in read] == [4, 4, 2]
    assert {sheet[0] for sheet in read} == {("number", "text")}
    assert [row[0] for sheet in read for row in sheet[1:]] == list(range(7))
    assert {len(row[1]) for sheet in read for row in sheet[1:]} == {MAX_CELL}
