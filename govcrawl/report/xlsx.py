"""One table as an XLSX file, written row by row: no workbook is ever held in memory."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

# What the format allows: rows of a sheet, UTF-16 units of a cell.
MAX_ROWS = 1_048_576
MAX_CELL = 32_767

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Workbook:
    """Text is inline text and numbers are numbers: nothing in the file is a formula. What one sheet cannot hold goes on in the next."""

    def __init__(self, sink: BinaryIO, headings: Sequence[str], max_rows: int = MAX_ROWS) -> None:
        self._archive = ZipFile(sink, "w", ZIP_DEFLATED)
        self._headings = headings
        self._max_rows = max_rows
        self._sheets = 0
        self._begin()

    def add(self, cells: Sequence[object]) -> None:
        if self._rows == self._max_rows:
            self._end()
            self._begin()
        self._write(cells)

    def close(self) -> None:
        self._end()
        for name, text in self._frame():
            self._archive.writestr(name, _HEAD + text)
        self._archive.close()

    def _begin(self) -> None:
        self._sheets += 1
        self._rows = 0
        self._sheet = self._archive.open(f"xl/worksheets/sheet{self._sheets}.xml", "w", force_zip64=True)
        self._sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
        self._write(self._headings)

    def _write(self, cells: Sequence[object]) -> None:
        self._sheet.write(f"<row>{''.join(map(_cell, cells))}</row>".encode())
        self._rows += 1

    def _end(self) -> None:
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()

    def _frame(self) -> Iterator[tuple[str, str]]:
        """The parts that name the sheets, as every reader expects them."""
        numbers = range(1, self._sheets + 1)
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_MIME}.worksheet+xml"/>' for n in numbers
        )
        yield (
            "[Content_Types].xml",
            (
                f'<Types xmlns="{_PACKAGE}/content-types">'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/xl/workbook.xml" ContentType="{_MIME}.sheet.main+xml"/>{types}</Types>'
            ),
        )
        yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
        yield "xl/_rels/workbook.xml.rels", _relations([("worksheet", f"worksheets/sheet{n}.xml") for n in numbers])
        sheets = "".join(f'<sheet name="findings {n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
        yield "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    parts = "".join(
        f'<Relationship Id="rId{number}" Type={quoteattr(f"{_OFFICE}/{kind}")} Target={quoteattr(target)}/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{parts}</Relationships>'


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"<c><v>{value}</v></c>"
    text = escape(str(value).encode("utf-16-le")[: 2 * MAX_CELL].decode("utf-16-le", "ignore"))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
