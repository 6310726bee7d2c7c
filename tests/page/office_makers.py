"""OpenDocument files, archives with comments, and packages of the XML form, with a text at a chosen place."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

import libarchive

from tests.page import attachment_makers as make

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "draw", "meta")
)
_MANIFEST = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest:manifest>'


def open_document(kind: str, place: str, text: str, attached: bytes = b"") -> bytes:
    """`kind`: text, spreadsheet or presentation. `place`: body, hidden, tracked, field, hidden sheet, header, comment, nested, properties."""
    pieces = {
        "body": f"<text:p>{text}</text:p>",
        "hidden": f'<text:section text:display="none"><text:p>{text}</text:p></text:section>',
        "tracked": f"<text:tracked-changes><text:deletion><text:p>{text}</text:p></text:deletion></text:tracked-changes>",
        "field": f'<text:p><text:hidden-text text:condition="true" text:string-value="{text}" text:is-hidden="true"/></text:p>',
        "comment": f"<text:p><office:annotation><text:p>{text}</text:p></office:annotation></text:p>",
        "hidden slide": f'<draw:page draw:style-name="dp2"><text:p>{text}</text:p></draw:page>',
        "notes": f"<draw:page><draw:notes><text:p>{text}</text:p></draw:notes></draw:page>",
    }
    piece = pieces.get(place, "<text:p>通知</text:p>")
    sheets = ""
    if kind == "spreadsheet":
        cell = '<table:table-row><table:table-cell office:value-type="string">{}</table:table-cell></table:table-row>'
        sheets = f'<table:table table:name="表1">{cell.format("<text:p>通知</text:p>" if place == "hidden sheet" else piece)}</table:table>'
        if place == "hidden sheet":
            sheets += (
                f'<table:table table:name="隐藏" table:style-name="ta2">{cell.format(f"<text:p>{text}</text:p>")}</table:table>'
            )
        piece = ""
    hidden = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{hidden}</office:automatic-styles><office:body>"
        f"<office:{kind}>{piece}{sheets}</office:{kind}></office:body></office:document-content>"
    )
    header = text if place == "header" else ""
    return make.zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": content,
            "styles.xml": f"<office:document-styles {_NAMES}><style:header><text:p>{header}</text:p></style:header></office:document-styles>",
            "meta.xml": f"<office:document-meta {_NAMES}><meta:user-defined>{text if place == 'properties' else ''}</meta:user-defined></office:document-meta>",
            "META-INF/manifest.xml": _MANIFEST.format(""),
            **({"Object 1": attached} if attached else {}),
        }
    )


def locked_open_document() -> bytes:
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    return make.zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": bytes(range(256)) * 8,
            "META-INF/manifest.xml": _MANIFEST.format(entry),
        }
    )


def zip_with(files: dict[str, str | bytes], *, comment: str = "", entry_comment: str = "", hidden: bool = False) -> bytes:
    """An archive with a comment of its own or on its entries; hidden as the file attributes of DOS say it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment.encode("gb18030")
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.comment = entry_comment.encode()
            entry.external_attr = 0x02 if hidden else 0x20
            archive.writestr(entry, data)
    return buffer.getvalue()


def gzip_with(data: bytes, *, name: str = "", comment: str = "") -> bytes:
    """A gzip file whose head carries a name and a comment."""
    flags = (0x08 if name else 0) | (0x10 if comment else 0)
    words = b"".join(word.encode("gb18030") + b"\0" for word in (name, comment) if word)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush()
    head = b"\x1f\x8b\x08" + bytes([flags]) + bytes(4) + b"\x00\x03"
    return head + words + packed + struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)


def tar_gz_commented(files: dict[str, bytes], comment: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.pax_headers = len(data), {"comment": comment}
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), mtime=0)


def seven_zip(files: dict[str, bytes]) -> bytes:
    blocks: list[bytes] = []
    with libarchive.custom_writer(lambda data: blocks.append(bytes(data)) or len(data), "7zip") as archive:
        for name, data in files.items():
            archive.add_file_from_memory(name, len(data), data)
    return b"".join(blocks)


def locked_seven_zip() -> bytes:
    """An archive whose list of files is encrypted (AES, 06F10701)."""
    coder = bytes.fromhex("2406f107010a0753") + bytes(8)  # identity of four bytes with ten bytes of properties
    head = b"\x17\x06\x00\x01\x09\x40\x00\x07\x0b\x01\x00\x01" + coder + b"\x0c\x40\x00\x00"
    start = struct.pack("<QQI", 64, len(head), zlib.crc32(head))
    return b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start)) + start + bytes(range(64)) + head


def xlsx_with(parts: dict[str, str | bytes]) -> bytes:
    """A workbook of one sheet with further parts."""
    buffer = io.BytesIO(make.xlsx("", ""))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        for path, data in parts.items():
            archive.writestr(path, data)
    return buffer.getvalue()
