"""Text of a binary Word document through its piece table ([MS-DOC] 2.4.1)."""

import re
import struct
from collections.abc import Iterator, Mapping

from govcrawl.page.attachments.values import Refused, Tray, Where

_MAGIC = 0xA5EC
_ENCRYPTED = 0x0100
_TABLE_ONE = 0x0200
_CLX_AT = 0x01A2
_PIECE_TABLE = 2
_COMPRESSED = 0x40000000
_CHARACTERS = 4_000_000
# 7 ends a cell or a row, 13 a paragraph, 19-21 enclose a field, 30 and 31 are hyphens.
_SIGNS = str.maketrans(
    {"\x07": "\t", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x13": " ", "\x14": " ", "\x15": " ", "\x1e": "-", "\x1f": ""}
)
_READABLE = re.compile(rb"(?:[\x20-\x7e\r\n\x07]\x00|[\x00-\xff][\x4e-\x9f]){8,}")


def read_word(stream: bytes, tables: Mapping[str, bytes], path: str, tray: Tray) -> None:
    """Body, footnotes, headers, comments and text boxes: the piece table covers them all."""
    magic, _, _, _, _, flags = struct.unpack_from("<6H", stream, 0)
    if flags & _ENCRYPTED:
        raise Refused("encrypted")
    table = tables.get("1Table" if flags & _TABLE_ONE else "0Table", b"")
    text = "".join(_pieces(stream, table)) if magic == _MAGIC else ""
    if not text.strip():
        text = "\n".join(match.group().decode("utf-16-le", "replace") for match in _READABLE.finditer(stream))
    if not text.strip():
        raise Refused("no text found in the Word stream")
    text = text.translate(_SIGNS)
    tray.add(text, Where.TABLE if "\t" in text else Where.BODY, path)


def _pieces(stream: bytes, table: bytes) -> Iterator[str]:
    start, size = struct.unpack_from("<2I", stream, _CLX_AT)
    clx = table[start : start + size]
    at = 0
    while at < len(clx) and clx[at] == 1:  # formatting of pieces, skipped
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at >= len(clx) or clx[at] != _PIECE_TABLE:
        return
    (length,) = struct.unpack_from("<I", clx, at + 1)
    pieces = clx[at + 5 : at + 5 + length]
    count = (len(pieces) - 4) // 12
    bounds = struct.unpack_from(f"<{count + 1}I", pieces, 0)
    for number in range(count):
        (position,) = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * number + 2)
        yield _piece(stream, position, min(bounds[number + 1] - bounds[number], _CHARACTERS))


def _piece(stream: bytes, position: int, characters: int) -> str:
    if characters <= 0:
        return ""
    if position & _COMPRESSED:
        first = (position & ~_COMPRESSED) // 2
        return stream[first : first + characters].decode("cp1252", "replace")
    return stream[position : position + 2 * characters].decode("utf-16-le", "replace")
