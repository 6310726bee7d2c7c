"""The text layer of a PDF, its annotations, form fields, bookmarks, properties and embedded files."""

import ctypes
import html
import re
from collections.abc import Callable

import pypdfium2
from pypdfium2 import raw

from govcrawl.page.attachments.values import Refused, Tray, Where

Nested = Callable[[bytes, str, Tray, int], None]

_FAULTS = (pypdfium2.PdfiumError, ValueError, OSError)
_PASSWORD = "password"  # noqa: S105 - the word in the reader's message
_SCANS_TOLD = 3
# Properties as XML: programs that search files for them need them as they are, so they are never packed.
_XMP = re.compile(rb"<x:xmpmeta\b.{0,200000}?</x:xmpmeta>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_BOOKMARKS = 20_000


def read_pdf(body: bytes, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    try:
        document = pypdfium2.PdfDocument(body)
    except _FAULTS as fault:
        raise Refused("encrypted" if _PASSWORD in str(fault).lower() else f"damaged PDF ({type(fault).__name__})") from fault
    try:
        _about(document, body, path, tray)
        if document.get_formtype():
            document.init_forms()
            _packets(document, path, tray)
        _pages(document, path, tray, depth, nested)
        _files(document, path, tray, depth, nested)
    finally:
        document.close()
    if b"%%EOF" not in body[-2048:]:
        tray.skip(path, "cut off before its end")


def _about(document: pypdfium2.PdfDocument, body: bytes, path: str, tray: Tray) -> None:
    """Properties in both forms, and the bookmarks."""
    values = [value for value in document.get_metadata_dict().values() if value]
    packets = [match.group().decode("utf-8", "replace") for match in _XMP.finditer(body)]
    tray.add("\n".join([*values, *(html.unescape(_TAG.sub("\n", packet)) for packet in packets)]), Where.PROPERTIES, path)
    try:
        marks = [bookmark.get_title() for bookmark, _ in zip(document.get_toc(), range(_BOOKMARKS), strict=False)]
    except _FAULTS as fault:
        tray.skip(f"{path}/bookmarks", f"damaged bookmarks ({type(fault).__name__})")
    else:
        tray.add("\n".join(marks), Where.HEADER, f"{path}/bookmarks")


def _packets(document: pypdfium2.PdfDocument, path: str, tray: Tray) -> None:
    """The values of a form of the XML kind (XFA)."""
    for index in range(max(0, raw.FPDF_GetXFAPacketCount(document))):
        size = ctypes.c_ulong()
        if not raw.FPDF_GetXFAPacketContent(document, index, None, 0, size) or not size.value:
            continue
        tray.unpacked(size.value)
        buffer = ctypes.create_string_buffer(size.value)
        raw.FPDF_GetXFAPacketContent(document, index, buffer, size.value, size)
        text = _TAG.sub("\n", buffer.raw[: size.value].decode("utf-8", "replace"))
        tray.add(html.unescape(text), Where.BODY, f"{path}/form")


def _pages(document: pypdfium2.PdfDocument, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    scans: list[int] = []
    count = len(document)
    for number in range(min(count, tray.limits.pages)):
        inside = f"{path}/page {number + 1}"
        try:
            if not _page(document, number, inside, tray, depth, nested):
                scans.append(number + 1)
        except _FAULTS as fault:
            tray.skip(inside, f"damaged page ({type(fault).__name__})")
    if count > tray.limits.pages:
        tray.skip(path, f"more than {tray.limits.pages:,} pages")
    if scans:
        named = ", ".join(map(str, scans[:_SCANS_TOLD])) + (" ..." if len(scans) > _SCANS_TOLD else "")
        tray.skip(path, f"{len(scans)} pages without a text layer (page {named})")


def _page(document: pypdfium2.PdfDocument, number: int, path: str, tray: Tray, depth: int, nested: Nested) -> bool:  # noqa: PLR0917 - as a reader
    """Whether the page had text, or nothing to read at all."""
    page = document[number]
    try:
        layer = page.get_textpage()
        # All of it, also what lies outside the edges of the page.
        text = layer.get_text_range().replace("\r\n", "\n")
        layer.close()
        tray.add(text, Where.BODY, path)
        _annotations(page, path, tray, depth, nested)
        if text.strip():
            return True
        return not any(thing.type == raw.FPDF_PAGEOBJ_IMAGE for thing in page.get_objects(max_depth=3))
    finally:
        page.close()


def _annotations(page: pypdfium2.PdfPage, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    """Comments with the files that hang on them, and the values of form fields."""
    found = []
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        found += [value for key in _TEXTS if (value := _value(annotation, key))]
        found.append(_field(page, annotation))
        file = raw.FPDFAnnot_GetFileAttachment(annotation)
        if file:
            _file(pypdfium2.PdfAttachment(file, page.pdf), path, tray, depth, nested)
        raw.FPDFPage_CloseAnnot(annotation)
    tray.add("\n".join(value for value in found if value), Where.COMMENT, path)


_TEXTS = (b"Contents", b"RC", b"T", b"Subj", b"V", b"TU")


def _field(page: pypdfium2.PdfPage, annotation: object) -> str:
    """The value of a form field, which it may have from the field above it."""
    if page.formenv is None:
        return ""
    size = raw.FPDFAnnot_GetFormFieldValue(page.formenv, annotation, None, 0)
    buffer = ctypes.create_string_buffer(max(size, 2))
    raw.FPDFAnnot_GetFormFieldValue(page.formenv, annotation, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "replace")


def _value(annotation: object, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def _files(document: pypdfium2.PdfDocument, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    for index in range(document.count_attachments()):
        try:
            tray.file()
            attachment = document.get_attachment(index)
        except _FAULTS as fault:
            tray.skip(path, f"damaged embedded file ({type(fault).__name__})")
        else:
            _file(attachment, path, tray, depth, nested)


def _file(attachment: pypdfium2.PdfAttachment, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    inside = path
    try:
        inside = f"{path}/{attachment.get_name()}"
        data = bytes(attachment.get_data())
        tray.unpacked(len(data))
        nested(data, inside, tray, depth + 1)
    except Refused as refusal:
        tray.skip(inside, str(refusal))
    except _FAULTS as fault:
        tray.skip(inside, f"damaged embedded file ({type(fault).__name__})")
