"""The format of a file, told by its first bytes and never by its name."""

import codecs
import re
import zipfile
from io import BytesIO

_HEADS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"{\\rtf", "rtf"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"\x1f\x8b", "gzip"),
    (b"\x1f\x9d", "compressed"),
    (b"LZIP", "compressed"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\x00\x00\x00\x01Bud1", "ds_store"),
    (b"OggS", "media"),
    (b"ID3", "media"),
    (b"RIFF", "media"),
    (b"\x1aE\xdf\xa3", "media"),
    (b"wOFF", "font"),
    (b"wOF2", "font"),
    (b"\x00\x01\x00\x00\x00", "font"),
    (b"OTTO", "font"),
)
_ANY_HEAD = tuple(head for head, _name in _HEADS)
_PDF_WITHIN = 1024
_MAIL = re.compile(
    rb"\A(?:[A-Za-z][A-Za-z0-9-]{1,40}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,60}?(?:\r?\n|\Z)",
)
_MAIL_FIELDS = re.compile(rb"(?im)^(?:from|to|subject|mime-version|received|message-id|date):")
_OOXML = (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx"))
_OPEN_DOCUMENT = {"spreadsheet": "ods", "text": "odt", "presentation": "odp"}
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Signs that no text has.
_CONTROLS = bytes([*range(9), *range(14, 32)])
_TABLES = (".csv", ".tsv", ".txt")
_RULES = "/robots.txt"


def is_document(body: bytes, url: str = "", content_type: str = "") -> bool:
    """Whether a response is read as an attachment and not as a page. Scripts, JSON, robots.txt and the like are pages."""
    kind = sniff(body)
    if kind == "text":
        path = url.partition("?")[0].lower()
        return "text/csv" in content_type.lower() or (path.endswith(_TABLES) and not path.endswith(_RULES))
    return kind != "html"


def sniff(body: bytes) -> str:
    """A word for the format: pdf, zip, docx, ole, rtf, eml ... ; `text` where it is one, `binary` where nobody knows it."""
    if body.startswith(_ANY_HEAD):
        name = next(name for head, name in _HEADS if body.startswith(head))
        return _in_zip(body) if name == "zip" else _checked(name, body)
    if b"%PDF-" in body[:_PDF_WITHIN]:
        return "pdf"
    if body[257:262] == b"ustar":
        return "tar"
    if body[4:8] == b"ftyp":
        return "media"
    return _text_or_binary(body)


def _checked(name: str, body: bytes) -> str:
    """Two letters are no proof: a text may begin with BM or MZ."""
    if body[:2] in {b"BM", b"MZ"} and b"\0" not in body[:64]:
        return _text_or_binary(body)
    return name


def _in_zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = archive.namelist()
            kind = archive.read("mimetype")[:80].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError, KeyError):
        return "zip"
    for word, name in _OPEN_DOCUMENT.items():
        if kind.startswith(f"application/vnd.oasis.opendocument.{word}"):
            return name
    if any(name.rpartition("/")[2].upper() == "OFD.XML" for name in names):
        return "ofd"
    for folder, name in _OOXML:
        if "[Content_Types].xml" in names and any(entry.startswith(folder) for entry in names):
            return name
    return "zip"


def _text_or_binary(body: bytes) -> str:
    if body.startswith(_WIDE):
        return _text_or_binary(body[:20_000].decode("utf-16", "ignore").encode())
    # Browsers show a page with NUL bytes in it, so it must not pass for a binary nobody looks into.
    head = body.lstrip(b"\0")[:4096]
    if head[:64].lstrip().startswith(b"<") and (b"\0" not in head or b"<html" in head.lower()):
        return "html"
    if b"\0" in head:
        return "binary"
    if _MAIL.match(body[:20_000]) and len(_MAIL_FIELDS.findall(body[:20_000])) >= 2:
        return "eml"
    low = head.lower()
    if any(mark in low for mark in (b"<html", b"<!doctype html", b"<body", b"<head")):
        return "html"
    odd = len(head) - len(head.translate(None, _CONTROLS))
    return "binary" if odd > len(head) * 0.05 else "text"
