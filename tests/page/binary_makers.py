"""Old binary office files and RAR archives, with a text at a chosen place."""

import struct
import zlib

from tests.page import attachment_makers as make

_SUMMARY = "\x05SummaryInformation"
_DOCUMENT_SUMMARY = "\x05DocumentSummaryInformation"
_CODEPAGE, _SUBJECT, _COMPANY = 1, 3, 15


def properties(text: str, number: int = _SUBJECT) -> bytes:
    """A property set with a code page (GBK) and one text."""
    raw = text.encode("gbk") + b"\0"
    raw += b"\0" * (-len(raw) % 4)
    values = [struct.pack("<IHH", 2, 936, 0), struct.pack("<II", 0x1E, len(raw)) + raw]
    at = 8 + 8 * len(values)
    table = b""
    for name, value in zip((_CODEPAGE, number), values, strict=True):
        table += struct.pack("<II", name, at)
        at += len(value)
    body = struct.pack("<II", at, len(values)) + table + b"".join(values)
    return struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0x00020006, b"\0" * 16, 1, b"\0" * 16, 48) + body


# The stories of a Word document in their order; the fourth is reserved.
_STORIES = ("body", "footnote", "header", "", "comment", "endnote", "text box", "header text box")


def doc_at(place: str, text: str, wide: bool = True) -> bytes:
    """`place`: a story, `hidden`, `deleted`, `properties` or `company`."""
    if place in {"properties", "company"}:
        name = _SUMMARY if place == "properties" else _DOCUMENT_SUMMARY
        return make.ole({**_word([("body", "通知\r")]), name: properties(text, _SUBJECT if place == "properties" else _COMPANY)})
    if place in {"hidden", "deleted"}:
        return make.ole(_word([("body", f"通知{text}\r")], hide=(2, 2 + len(text), 0x083C if place == "hidden" else 0x0800)))
    return make.ole(_word([("body", "通知\r"), (place, text + "\r")] if place != "body" else [("body", text + "\r")], wide=wide))


def _word(texts: list[tuple[str, str]], hide: tuple[int, int, int] | None = None, wide: bool = True) -> dict[str, bytes]:
    whole = "".join(text for _, text in texts)
    raw = whole.encode("utf-16-le" if wide else "cp1252")
    stream = bytearray(2048)
    struct.pack_into("<6H", stream, 0, 0xA5EC, 0xC1, 0, 0, 0, 0x0200)
    lengths = [sum(len(text) for name, text in texts if name == story) for story in _STORIES]
    struct.pack_into("<8i", stream, 0x4C, *lengths)
    pieces = struct.pack("<2I", 0, len(whole)) + struct.pack("<HIH", 0, 2048 if wide else 2 * 2048 | 0x40000000, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<2I", stream, 0x01A2, 0, len(table))
    if hide:
        struct.pack_into("<2I", stream, 0x00FA, len(table), 12)
        table += struct.pack("<3I", 2048, 2048 + len(raw), 2)
        stream[1024:1536] = _formats(len(whole), *hide)
    return {"WordDocument": bytes(stream) + raw, "1Table": table}


def _formats(length: int, first: int, last: int, sprm: int) -> bytes:
    """A page of character formats: three runs, of which the second is out of sight."""
    bounds = struct.pack("<4I", *(2048 + 2 * at for at in (0, first, last, length)))
    page = (bounds + bytes([0, 200, 0])).ljust(400, b"\0") + bytes([3]) + struct.pack("<HB", sprm, 1)
    return page.ljust(511, b"\0") + bytes([3])


def _atom(kind: int, data: bytes, version: int = 0) -> bytes:
    return struct.pack("<HHI", version, kind, len(data)) + data


def _holder(kind: int, *parts: bytes) -> bytes:
    return _atom(kind, b"".join(parts), 0xF)


def ppt_at(place: str, text: str, attached: bytes = b"") -> bytes:
    """`place`: body, hidden, notes, master, header, comment, nested or properties."""

    def words(value: str, kind: int = 0x0FA0) -> bytes:
        return _atom(kind, value.encode("utf-16-le"))

    hidden = place == "hidden"
    show = _atom(0x03F9, bytes(10) + bytes([0x04 if hidden else 0]) + bytes(5))
    comment = _holder(0x2EE0, words("王", 0x0FBA), words(text, 0x0FBA))
    tags = _holder(0x1388, _holder(0x138A, words("___PPT10", 0x0FBA), _atom(0x138B, comment)))
    slide = _holder(0x03EE, show, words(text if place in {"body", "hidden"} else "通知"), *([tags] if place == "comment" else []))
    parts = {
        "notes": _holder(0x03F0, words(text)),
        "master": _holder(0x03F8, words(text)),
        "header": _holder(0x0FD9, words(text, 0x0FBA)),
        "nested": _atom(0x1011, struct.pack("<I", len(attached)) + zlib.compress(attached), 0x10),
    }
    more = {_SUMMARY: properties(text)} if place == "properties" else {}
    return make.ole({"PowerPoint Document": _holder(0x03E8, slide) + parts.get(place, b""), **more})


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _counted(value: str, size: str = "<H") -> bytes:
    return struct.pack(size, len(value)) + b"\x01" + value.encode("utf-16-le")


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))


def workbook(place: str, text: str) -> bytes:
    """The stream of a workbook with one sheet in sight and one hidden."""

    def sheet(cell: str, more: bytes = b"") -> bytes:
        label = _record(0x0204, struct.pack("<HHH", 2, 1, 0) + _counted(cell))
        return _begin(0x0010) + more + label + _record(0x000A, b"")

    more = b""
    if place in {"header", "footer"}:
        more = _record(0x0014 if place == "header" else 0x0015, _counted(text))
    elif place == "hidden row":
        more = _record(0x0208, struct.pack("<HHHHHHI", 2, 0, 4, 255, 0, 0, 0x0120))
    elif place in {"comment", "long comment"}:
        half = len(text) // 2 if place == "long comment" else len(text)
        more = _record(0x01B6, struct.pack("<HH6xHHI", 0, 0, len(text), 16, 0))
        more += b"".join(_record(0x003C, b"\x01" + piece.encode("utf-16-le")) for piece in (text[:half], text[half:]) if piece)
        more += _record(0x003C, bytes(16))
    bodies = [sheet(text if place in {"body", "hidden row"} else "通知", more), sheet(text if place == "hidden" else "通知")]

    def book(offsets: list[int]) -> bytes:
        names = zip(offsets, ((b"\0", "表1"), (b"\1", "隐藏")), strict=True)
        bounds = (_record(0x0085, struct.pack("<Ic", at, state) + b"\0" + _counted(name, "<B")) for at, (state, name) in names)
        return _begin(0x0005) + b"".join(bounds) + _record(0x000A, b"")

    size = len(book([0, 0]))
    return book([size, size + len(bodies[0])]) + b"".join(bodies)


def xls_at(place: str, text: str) -> bytes:
    """`place`: as `workbook`; or nested, pivot table, properties."""
    streams = {"Workbook": workbook(place, text)}
    if place == "nested":
        streams["MBD0001/Workbook"] = workbook("hidden", text)
    elif place == "pivot table":
        streams["_SX_DB_CUR/0001"] = _record(0x00C6, bytes(20)) + _record(0x00CD, _counted(text)) + _record(0x000A, b"")
    elif place == "properties":
        streams[_SUMMARY] = properties(text)
    return make.ole(streams)


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def rar5(files: dict[str, bytes], comment: str = "", packed: int = 0) -> bytes:
    """Stored files in the form of version 5; `packed` is the method that the heads state, 0 for none."""

    def block(kind: int, flags: int, rest: bytes, data: bytes = b"") -> bytes:
        head = _number(kind) + _number(flags) + (_number(len(data)) if flags & 2 else b"") + rest
        head = _number(len(head)) + head
        return struct.pack("<I", zlib.crc32(head)) + head + data

    def file(kind: int, name: bytes, data: bytes) -> bytes:
        rest = _number(4) + _number(len(data)) + _number(0o644) + struct.pack("<I", zlib.crc32(data))
        return block(kind, 2, rest + _number(packed << 7) + _number(1) + _number(len(name)) + name, data)

    out = b"Rar!\x1a\x07\x01\x00" + block(1, 0, _number(0))
    out += file(3, b"CMT", comment.encode() + b"\0") if comment else b""
    return out + b"".join(file(2, name.encode(), data) for name, data in files.items()) + block(5, 0, _number(0))


def rar4_comment(comment: str) -> bytes:
    """The service block of version 4 that holds the comment of an archive."""
    data = comment.encode("gbk")
    rest = struct.pack("<IIBIIBBHI", len(data), len(data), 2, zlib.crc32(data), 0x5A000000, 29, 0x30, 3, 0) + b"CMT"
    head = struct.pack("<BHH", 0x7A, 0x8000, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head + data
