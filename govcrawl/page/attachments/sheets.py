"""Cells of spreadsheets, hidden sheets, rows and columns among them."""

from collections.abc import Callable
from functools import partial
from io import BytesIO

import python_calamine

from govcrawl.page.attachments.values import Refused, Tray, Where

# The reader's own errors derive from this one; its panics from BaseException are stopped by the process.
_FAULTS = (python_calamine.CalamineError, OSError, ValueError, KeyError, IndexError)


def read_workbook(body: bytes, path: str, tray: Tray) -> None:
    """One part a sheet: a row a line, cells separated by tabs. Numbers of 15 digits and more keep all their digits."""
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(BytesIO(body))
        sheets = list(workbook.sheets_metadata)
    except _FAULTS as fault:
        raise Refused(f"damaged spreadsheet ({type(fault).__name__})") from fault
    for sheet in sheets:
        _guarded(partial(_sheet, workbook, sheet, path, tray), f"{path}/{sheet.name}", tray)


def _guarded(read: Callable[[], None], path: str, tray: Tray) -> None:
    try:
        read()
    except _FAULTS as fault:
        tray.skip(path, f"damaged sheet ({type(fault).__name__})")


def _sheet(workbook: python_calamine.CalamineWorkbook, sheet: python_calamine.SheetMetadata, path: str, tray: Tray) -> None:
    if sheet.typ != python_calamine.SheetTypeEnum.WorkSheet:
        return
    shown = sheet.visible == python_calamine.SheetVisibleEnum.Visible
    inside = f"{path}/{sheet.name}" + ("" if shown else " (hidden)")
    lines: list[str] = []
    cut = False
    for number, row in enumerate(workbook.get_sheet_by_name(sheet.name).iter_rows()):
        if number >= tray.limits.rows:
            cut = True
            break
        cells = [_cell(value) for value in row]
        # An empty row stays, so that the number of a line is the number of its row.
        lines.append("\t".join(cells) if any(cells) else "\t")
    tray.add(sheet.name, Where.NAME, path)
    while lines and lines[-1] == "\t":
        lines.pop()
    tray.add("\n".join(lines), Where.TABLE, inside)
    if cut:
        tray.skip(inside, f"more than {tray.limits.rows:,} rows")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value).replace("\t", " ").replace("\n", " ")
