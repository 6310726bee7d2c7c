"""Text of a binary Word document through its piece table ([MS-DOC] 2.4.1)."""

import re
import struct
from collections.abc import Iterator, Mapping

from govcrawl.page.attachments.values import Refused, Tray, Where

_MAGIC = 0xA5EC
_ENCRYPTED = 0x0100
_TABLE_ONE = 0x0200
_LENGTHS_AT = 0x4C
_FORMATS_AT = 0x00FA
_CLX_AT = 0x01A2
_PIECE_TABLE = 2
_COMPRESSED = 0x40000000
_CHARACTERS = 4_000_000
_PAGE = 512
# Formats that take a text out of sight: not shown, and deleted with the change on record.
_HIDING = (b"\x3c\x08\x01", b"\x00\x08\x01")
# The stories follow one another in this order, each with its number of characters in the head.
_STORIES = (Where.BODY, Where.NOTE, Where.HEADER, Where.HEADER, Where.COMMENT, Where.NOTE, Where.BODY, Where.HEADER)
# 7 ends a cell or a row, 13 a paragraph, 19-21 enclose a field, 30 and 31 are hyphens.
_SIGNS = str.maketrans(
    {"\x07": "\t", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x13": " ", "\x14": " ", "\x15": " ", "\x1e": "-", "\x1f": ""}
)
_READABLE = re.compile(rb"(?:[\x20-\x7e\r\n\x07]\x00|[\x00-\xff][\x4e-\x9f]){8,}")
Piece = tuple[int, str]  # the offset in the stream, times two where a character is one byte; and its text


def read_word(stream: bytes, tables: Mapping[str, bytes], path: str, tray: Tray) -> None:
    """Body, footnotes, headers, comments and text boxes: the piece table covers them all."""
    magic, _, _, _, _, flags = struct.unpack_from("<6H", stream, 0)
    if flags & _ENCRYPTED:
        raise Refused("encrypted")
    table = tables.get("1Table" if flags & _TABLE_ONE else "0Table", b"")
    pieces = list(_pieces(stream, table)) if magic == _MAGIC else []
    text = "".join(words for _, words in pieces)
    if not text.strip():
        text = "\n".join(match.group().decode("utf-16-le", "replace") for match in _READABLE.finditer(stream))
    if not text.strip():
        raise Refused("no text found in the Word stream")
    # Before the stories, which hold it as well: the first place that shows a text is the one that is told.
    tray.add("\n".join(_hidden(stream, table, pieces)).translate(_SIGNS), Where.HIDDEN, path)
    for where, story in _stories(stream, text):
        words = story.translate(_SIGNS)
        tray.add(words, Where.TABLE if "\t" in words and where is Where.BODY else where, path)


def _stories(stream: bytes, text: str) -> Iterator[tuple[Where, str]]:
    """The text cut at the lengths that the head states; whatever they leave over is body."""
    at = 0
    for where, length in zip(_STORIES, struct.unpack_from("<8i", stream, _LENGTHS_AT), strict=True):
        if length > 0:
            yield where, text[at : at + length]
            at += length
    yield Where.BODY, text[at:]


def _pieces(stream: bytes, table: bytes) -> Iterator[Piece]:
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
        yield position, _piece(stream, position, min(bounds[number + 1] - bounds[number], _CHARACTERS))


def _piece(stream: bytes, position: int, characters: int) -> str:
    if characters <= 0:
        return ""
    if position & _COMPRESSED:
        first = (position & ~_COMPRESSED) // 2
        return stream[first : first + characters].decode("cp1252", "replace")
    return stream[position : position + 2 * characters].decode("utf-16-le", "replace")


def _hidden(stream: bytes, table: bytes, pieces: list[Piece]) -> Iterator[str]:
    """Texts that a person who opens the document does not see."""
    for first, last in _hidden_runs(stream, table):
        for position, text in pieces:
            wide = 1 if position & _COMPRESSED else 2
            start = (position & ~_COMPRESSED) // 2 if wide == 1 else position
            begin, end = max(first, start), min(last, start + wide * len(text))
            if begin < end:
                yield text[(begin - start) // wide : (end - start) // wide]


def _hidden_runs(stream: bytes, table: bytes) -> Iterator[tuple[int, int]]:
    """Bounds in the stream of runs with a hiding format, from the pages of character formats."""
    start, size = struct.unpack_from("<2I", stream, _FORMATS_AT)
    count = (size - 4) // 8
    if count < 1 or start + size > len(table):
        return
    for (page,) in struct.iter_unpack("<I", table[start + 4 * (count + 1) : start + size]):
        yield from _runs_of(stream[(page & 0x3FFFFF) * _PAGE : (page & 0x3FFFFF) * _PAGE + _PAGE])


def _runs_of(page: bytes) -> Iterator[tuple[int, int]]:
    if len(page) < _PAGE:
        return
    runs = page[_PAGE - 1]
    if 5 * runs + 4 > _PAGE:
        return
    bounds = struct.unpack_from(f"<{runs + 1}I", page, 0)
    for number in range(runs):
        at = 2 * page[4 * (runs + 1) + number]
        if at and any(sign in page[at + 1 : at + 1 + page[at]] for sign in _HIDING):
            yield bounds[number], bounds[number + 1]
