"""The text layer of a PDF, its annotations, form fields, properties and embedded files."""

import ctypes
from collections.abc import Callable

import pypdfium2
from pypdfium2 import raw

from govcrawl.page.attachments.values import Refused, Tray, Where

Nested = Callable[[bytes, str, Tray, int], None]

_FAULTS = (pypdfium2.PdfiumError, ValueError, OSError)
_PASSWORD = "password"  # noqa: S105 - the word in the reader's message
_SCANS_TOLD = 3


def read_pdf(body: bytes, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    try:
        document = pypdfium2.PdfDocument(body)
    except _FAULTS as fault:
        raise Refused("encrypted" if _PASSWORD in str(fault).lower() else f"damaged PDF ({type(fault).__name__})") from fault
    try:
        tray.add("\n".join(value for value in document.get_metadata_dict().values() if value), Where.PROPERTIES, path)
        _pages(document, path, tray)
        _files(document, path, tray, depth, nested)
    finally:
        document.close()
    if b"%%EOF" not in body[-2048:]:
        tray.skip(path, "cut off before its end")


def _pages(document: pypdfium2.PdfDocument, path: str, tray: Tray) -> None:
    scans: list[int] = []
    count = len(document)
    for number in range(min(count, tray.limits.pages)):
        inside = f"{path}/page {number + 1}"
        try:
            if not _page(document, number, inside, tray):
                scans.append(number + 1)
        except _FAULTS as fault:
            tray.skip(inside, f"damaged page ({type(fault).__name__})")
    if count > tray.limits.pages:
        tray.skip(path, f"more than {tray.limits.pages:,} pages")
    if scans:
        named = ", ".join(map(str, scans[:_SCANS_TOLD])) + (" ..." if len(scans) > _SCANS_TOLD else "")
        tray.skip(path, f"{len(scans)} pages without a text layer (page {named})")


def _page(document: pypdfium2.PdfDocument, number: int, path: str, tray: Tray) -> bool:
    """Whether the page had text, or nothing to read at all."""
    page = document[number]
    try:
        layer = page.get_textpage()
        text = layer.get_text_bounded().replace("\r\n", "\n")
        layer.close()
        tray.add(text, Where.BODY, path)
        notes = "\n".join(_annotations(page))
        tray.add(notes, Where.COMMENT, path)
        if text.strip():
            return True
        return not any(thing.type == raw.FPDF_PAGEOBJ_IMAGE for thing in page.get_objects(max_depth=3))
    finally:
        page.close()


def _annotations(page: pypdfium2.PdfPage) -> list[str]:
    """Contents of comments and values of form fields."""
    found = []
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        found += [value for key in (b"Contents", b"V", b"RC") if (value := _value(annotation, key))]
        raw.FPDFPage_CloseAnnot(annotation)
    return found


def _value(annotation: object, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _files(document: pypdfium2.PdfDocument, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    for index in range(document.count_attachments()):
        inside = path
        try:
            tray.file()
            attachment = document.get_attachment(index)
            inside = f"{path}/{attachment.get_name()}"
            data = bytes(attachment.get_data())
            tray.unpacked(len(data))
            nested(data, inside, tray, depth + 1)
        except Refused as refusal:
            tray.skip(inside, str(refusal))
        except _FAULTS as fault:
            tray.skip(inside, f"damaged embedded file ({type(fault).__name__})")
