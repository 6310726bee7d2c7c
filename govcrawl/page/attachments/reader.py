"""One attachment, read by what it is, with everything nested in it."""

import zipfile
from collections.abc import Callable
from io import BytesIO

from govcrawl.page.attachments import archives, open_document, pdf, plain, rtf, sheets
from govcrawl.page.attachments.naming import name_of
from govcrawl.page.attachments.ole import read_ole
from govcrawl.page.attachments.ooxml import read_package
from govcrawl.page.attachments.sniff import sniff
from govcrawl.page.attachments.values import Extracted, Limits, Refused, Tray, Where

Reader = Callable[[bytes, str, Tray, int], None]

_NO_TEXT = {
    "image": "an image, no text layer",
    "media": "sound or film",
    "font": "a font",
    "program": "a program",
    "sqlite": "a database file",
    "ds_store": "a folder index of macOS",
    "compressed": "no reader for this old compression",
    "binary": "an unknown binary format",
}
# A picture or a font inside a document says nothing that the words do not; one that stands alone is recorded.
_QUIET_INSIDE = frozenset({"font", "ds_store"})


def extract(body: bytes, url: str = "", limits: Limits | None = None) -> Extracted:
    """All texts of a document and all that could not be read; never raises for what the bytes are.

    `url` names the document in the paths; it says nothing of what the bytes are.
    """
    limits = limits or Limits()
    tray = Tray(limits)
    name = name_of(url)
    kind = sniff(body)
    try:
        read(body, name, tray, 0)
    except Refused as refusal:
        tray.skip(name, str(refusal))
    if not any(part.where is not Where.NAME for part in tray.parts) and not tray.unread:
        tray.skip(name, "no text found")
    return Extracted(kind, tuple(tray.parts), tuple(tray.unread))


def read(body: bytes, path: str, tray: Tray, depth: int) -> None:
    """Reads a file, top or nested. Raises Refused where it is left unread."""
    if depth > tray.limits.depth:
        raise Refused(f"nested deeper than {tray.limits.depth}")
    if not body:
        raise Refused("empty")
    if len(body) > tray.limits.input_bytes:
        raise Refused(f"larger than {tray.limits.input_bytes:,} bytes")
    kind = sniff(body)
    if kind in _NO_TEXT:
        if not (depth and kind in _QUIET_INSIDE):
            raise Refused(_NO_TEXT[kind])
        return
    try:
        _READERS[kind](body, path, tray, depth)
    except RecursionError as fault:
        raise Refused("nested too deep") from fault
    except MemoryError as fault:
        raise Refused("more memory than allowed") from fault


def _office(body: bytes, path: str, tray: Tray, depth: int, walk: Callable[..., None]) -> None:
    try:
        archive = zipfile.ZipFile(BytesIO(body))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise Refused(f"damaged file ({type(fault).__name__})") from fault
    with archive:
        walk(archive, path, tray, depth, read)


def _spreadsheet(body: bytes, path: str, tray: Tray, depth: int) -> None:
    """Cells by the sheet reader; comments, headers, drawings and properties by the walk through the package."""
    _bounded(body, tray)
    try:
        sheets.read_workbook(body, path, tray)
    except Refused as refusal:
        tray.skip(path, str(refusal))
    _office(body, path, tray, depth, read_package)


def _open_spreadsheet(body: bytes, path: str, tray: Tray, depth: int) -> None:
    _bounded(body, tray)
    try:
        sheets.read_workbook(body, path, tray)
    except Refused as refusal:
        tray.skip(path, str(refusal))
    _office(body, path, tray, depth, open_document.read_open_document)


def _bounded(body: bytes, tray: Tray) -> None:
    """The sheet reader unpacks for itself, so the package is measured before it is handed over."""
    probe = Tray(tray.limits)
    with zipfile.ZipFile(BytesIO(body)) as archive:
        for info in archive.infolist():
            archives.read_entry(archive, info, probe)


def _page(body: bytes, path: str, tray: Tray, depth: int) -> None:  # noqa: ARG001 - the shape of a reader
    plain.read_text(body, path, tray)


_READERS: dict[str, Reader] = {
    "pdf": lambda body, path, tray, depth: pdf.read_pdf(body, path, tray, depth, read),
    "docx": lambda body, path, tray, depth: _office(body, path, tray, depth, read_package),
    "pptx": lambda body, path, tray, depth: _office(body, path, tray, depth, read_package),
    "xlsx": _spreadsheet,
    "ods": _open_spreadsheet,
    "odt": lambda body, path, tray, depth: _office(body, path, tray, depth, open_document.read_open_document),
    "odp": lambda body, path, tray, depth: _office(body, path, tray, depth, open_document.read_open_document),
    "ofd": lambda body, path, tray, depth: _office(body, path, tray, depth, open_document.read_ofd),
    "ole": lambda body, path, tray, depth: read_ole(body, path, tray, depth, read),
    "rtf": lambda body, path, tray, depth: rtf.read_rtf(body, path, tray, depth, read),
    "eml": lambda body, path, tray, depth: plain.read_mail(body, path, tray, depth, read),
    "zip": lambda body, path, tray, depth: archives.read_zip(body, path, tray, depth, read),
    "tar": lambda body, path, tray, depth: archives.read_tar(body, path, tray, depth, read),
    "gzip": lambda body, path, tray, depth: archives.read_compressed(body, path, tray, depth, read),
    "bzip2": lambda body, path, tray, depth: archives.read_compressed(body, path, tray, depth, read),
    "xz": lambda body, path, tray, depth: archives.read_compressed(body, path, tray, depth, read),
    "7z": lambda body, path, tray, depth: archives.read_by_libarchive(body, path, tray, depth, read),
    "rar": lambda body, path, tray, depth: archives.read_by_libarchive(body, path, tray, depth, read),
    "text": _page,
    "html": _page,
}
