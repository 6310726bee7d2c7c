"""What a sheet reader leaves out of a binary Excel stream: comments, text boxes, headers, footers ([MS-XLS] 2.4)."""

import struct
from collections.abc import Iterator

from govcrawl.page.attachments.values import Refused, Tray, Where

_HEADER, _FOOTER = 0x0014, 0x0015
_CONTINUE = 0x003C
_TEXT_OBJECT = 0x01B6
_ENCRYPTED = 0x002F


def read_records(stream: bytes, path: str, tray: Tray) -> None:
    """Raises Refused where the workbook has a password."""
    comments: list[str] = []
    edges: list[str] = []
    previous = 0
    for kind, data in _records(stream):
        if kind == _ENCRYPTED:
            raise Refused("encrypted")
        if kind in {_HEADER, _FOOTER} and len(data) > 3:
            edges.append(_string(data))
        elif kind == _CONTINUE and previous == _TEXT_OBJECT and data:
            comments.append(data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "replace"))
        previous = kind
    tray.add("\n".join(comments), Where.COMMENT, path)
    tray.add("\n".join(edges), Where.HEADER, path)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _string(data: bytes) -> str:
    """A string with its length before it and a flag that says how wide the characters are."""
    flag = data[2]
    return data[3:].decode("utf-16-le" if flag & 1 else "latin-1", "replace")
