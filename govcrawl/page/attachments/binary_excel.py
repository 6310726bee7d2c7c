"""What a sheet reader leaves out of a binary Excel stream: comments, text boxes, headers, footers ([MS-XLS] 2.4)."""

import struct
from collections.abc import Iterator

from govcrawl.page.attachments.values import Refused, Tray, Where

_HEADER, _FOOTER = 0x0014, 0x0015
_CONTINUE = 0x003C
_TEXT_OBJECT = 0x01B6
_ENCRYPTED = 0x002F
_PIVOT_STRING = 0x00CD


def read_records(stream: bytes, path: str, tray: Tray) -> None:
    """Raises Refused where the workbook has a password."""
    comments: list[str] = []
    edges: list[str] = []
    # Characters that the text object before is still owed: a long text goes on in the next record.
    owed = 0
    for kind, data in _records(stream):
        if kind == _ENCRYPTED:
            raise Refused("encrypted")
        if kind in {_HEADER, _FOOTER} and len(data) > 3:
            edges.append(_string(data))
        elif kind == _TEXT_OBJECT and len(data) >= 12:
            owed = struct.unpack_from("<H", data, 10)[0]
            comments.append("")
        elif kind == _CONTINUE and owed and data:
            piece = _characters(data)[:owed]
            owed -= len(piece)
            comments[-1] += piece
    tray.add("\n".join(comments), Where.COMMENT, path)
    tray.add("\n".join(edges), Where.HEADER, path)


def read_pivot(stream: bytes, path: str, tray: Tray) -> None:
    """The copy of its source that a pivot table keeps, also where the source is no longer in the file."""
    texts = [_string(data) for kind, data in _records(stream) if kind == _PIVOT_STRING and len(data) > 3]
    tray.add("\n".join(texts), Where.HIDDEN, path)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _string(data: bytes) -> str:
    """A string with its length before it."""
    return _characters(data[2:])


def _characters(data: bytes) -> str:
    """A flag says how wide the characters are."""
    return data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "replace")
