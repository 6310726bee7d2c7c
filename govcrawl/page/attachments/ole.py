"""The old binary office files: one file system in a file, with Word, PowerPoint, Excel or mail streams inside."""

import re
import struct
from collections.abc import Callable, Iterator
from io import BytesIO

import olefile

from govcrawl.page.attachments.binary_excel import read_pivot, read_records
from govcrawl.page.attachments.binary_powerpoint import read_atoms
from govcrawl.page.attachments.binary_word import read_word
from govcrawl.page.attachments.compound import compound
from govcrawl.page.attachments.sheets import read_workbook
from govcrawl.page.attachments.values import Refused, Tray, Where

Nested = Callable[[bytes, str, Tray, int], None]

_PROPERTIES = ("title", "subject", "author", "keywords", "comments", "last_saved_by", "company", "manager", "category")
_UTF16 = re.compile(rb"(?:[\x20-\x7e]\x00|[\x00-\xff][\x4e-\x9f]){6,}")
_ASCII = re.compile(rb"[\x20-\x7e\x80-\xff]{8,}")
# Properties that somebody made up are in the second part of this stream, which olefile leaves out.
_MORE_PROPERTIES = "\x05DocumentSummaryInformation"
_PIVOT = "_SX_DB_CUR"
# A text of a mail that Outlook saved, in UTF-16 or in bytes; and the data of a file attached to it.
_MAIL_TEXT = re.compile(r"__substg1\.0_[0-9A-F]{4}001([EF])")
_MAIL_FILE = "__substg1.0_37010102"
_FAULTS = (OSError, struct.error, ValueError, IndexError, KeyError, OverflowError, TypeError, AttributeError)


def read_ole(body: bytes, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    try:
        archive = olefile.OleFileIO(BytesIO(body))
    except _FAULTS as fault:
        raise Refused(f"damaged office file ({type(fault).__name__})") from fault
    with archive:
        streams = ["/".join(entry) for entry in archive.listdir(streams=True, storages=False)]
        if "EncryptedPackage" in streams:
            raise Refused("encrypted")
        _properties(archive, path, tray)
        for name in streams:
            tray.file()
            try:
                _stream(archive, name, body, path, tray, depth, nested)
            except Refused as refusal:
                tray.skip(f"{path}/{name}", str(refusal))
            except _FAULTS as fault:
                tray.skip(f"{path}/{name}", f"damaged stream ({type(fault).__name__})")


def _properties(archive: olefile.OleFileIO, path: str, tray: Tray) -> None:
    try:
        metadata = archive.get_metadata()
    except _FAULTS as fault:
        tray.skip(f"{path}/properties", f"damaged properties ({type(fault).__name__})")
    else:
        values = [getattr(metadata, name, None) for name in _PROPERTIES]
        tray.add("\n".join(_decoded(value) for value in values if value), Where.PROPERTIES, path)


def _decoded(value: object) -> str:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("gb18030", "replace")


def _stream(archive: olefile.OleFileIO, name: str, body: bytes, path: str, tray: Tray, depth: int, nested: Nested) -> None:  # noqa: PLR0917
    storage, _, leaf = name.rpartition("/")
    inside = f"{path}/{name}" if storage else path
    data = archive.openstream(name).read()
    if leaf == "WordDocument":
        read_word(data, _tables(archive, storage), inside, tray)
    elif leaf in {"Workbook", "Book"}:
        read_records(data, inside, tray)
        read_workbook(compound(leaf, data) if storage else body, inside, tray)
    elif leaf == "PowerPoint Document":
        for number, file in enumerate(read_atoms(data, inside, tray)):
            nested(file, f"{inside}/object {number + 1}", tray, depth + 1)
    elif leaf == "\x01Ole10Native":
        nested(_native(data), inside, tray, depth + 1)
    elif leaf in {"Package", "CONTENTS", _MAIL_FILE}:
        nested(data, inside, tray, depth + 1)
    else:
        _aside(data, storage, leaf, inside, tray)


def _aside(data: bytes, storage: str, leaf: str, inside: str, tray: Tray) -> None:
    if storage == _PIVOT:
        read_pivot(data, inside, tray)
    elif leaf == _MORE_PROPERTIES:
        tray.add("\n".join(_scraped(data)), Where.PROPERTIES, inside)
    elif mail := _MAIL_TEXT.fullmatch(leaf):
        tray.add(data.decode("utf-16-le", "replace") if mail[1] == "F" else _decoded(data), Where.BODY, inside)
    elif storage.startswith(("ObjectPool", "MBD")) and leaf not in {"0Table", "1Table"}:
        tray.add("\n".join(_scraped(data)), Where.BODY, inside)


def _tables(archive: olefile.OleFileIO, storage: str) -> dict[str, bytes]:
    prefix = f"{storage}/" if storage else ""
    return {leaf: archive.openstream(prefix + leaf).read() for leaf in ("0Table", "1Table") if archive.exists(prefix + leaf)}


def _native(data: bytes) -> bytes:
    """The file inside an embedded "package": size, type, three names, then the bytes."""
    at = 6
    for _ in range(2):
        at = data.index(b"\0", at) + 1
    at += 4
    (length,) = struct.unpack_from("<I", data, at)
    at += 4 + length
    (size,) = struct.unpack_from("<I", data, at)
    return data[at + 4 : at + 4 + size]


def _scraped(data: bytes) -> Iterator[str]:
    """Runs of readable text in a stream of a form that nobody reads here."""
    for match in _UTF16.finditer(data):
        yield match.group().decode("utf-16-le", "replace")
    for match in _ASCII.finditer(data):
        yield match.group().decode("gb18030", "replace")
