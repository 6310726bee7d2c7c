"""Text of a binary PowerPoint stream: the atoms that carry characters ([MS-PPT] 2.9)."""

import struct
from collections.abc import Iterator

from govcrawl.page.attachments.values import Refused, Tray, Where

_CHARACTERS = 0x0FA0
_BYTES = 0x0FA8
_STRING = 0x0FBA
_ENCRYPTION = 0x2F14
_CONTAINER = 0xF
_DEPTH = 40


def read_atoms(stream: bytes, path: str, tray: Tray) -> None:
    lines = list(_texts(stream, 0, len(stream), 0))
    if not lines:
        raise Refused("no text found in the PowerPoint stream")
    tray.add("\n".join(lines).replace("\r", "\n").replace("\x0b", "\n"), Where.BODY, path)


def _texts(stream: bytes, at: int, end: int, depth: int) -> Iterator[str]:
    while at + 8 <= end:
        version, kind, length = struct.unpack_from("<HHI", stream, at)
        at += 8
        last = min(at + length, end)
        if kind == _ENCRYPTION:
            raise Refused("encrypted")
        if version & 0xF == _CONTAINER and depth < _DEPTH:
            yield from _texts(stream, at, last, depth + 1)
        elif kind in {_CHARACTERS, _STRING}:
            yield stream[at:last].decode("utf-16-le", "replace")
        elif kind == _BYTES:
            yield stream[at:last].decode("latin-1")
        at = last
