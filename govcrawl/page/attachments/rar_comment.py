"""The comment of a RAR archive, which libarchive leaves out; only where it is stored as it is."""

import struct
from collections.abc import Iterator

from govcrawl.page.attachments.values import Tray, Where

_FOUR, _FIVE = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_SERVICE_4, _LONG_BLOCK, _STORED, _FILE_HEAD = 0x7A, 0x8000, 0x30, 32
_SERVICE_5, _EXTRA, _DATA = 3, 1, 2
_HAS_TIME, _HAS_CHECKSUM = 2, 4
_BLOCKS = 10_000
_CALLED = b"CMT"
Comment = tuple[bytes, bool]  # the bytes, and whether they are packed


def read_comment(body: bytes, path: str, tray: Tray) -> None:
    """A packed comment is told as not inspected."""
    blocks = _comments_5(body) if body.startswith(_FIVE) else _comments_4(body) if body.startswith(_FOUR) else iter(())
    for _, (data, packed) in zip(range(_BLOCKS), blocks, strict=False):
        if packed:
            tray.skip(f"{path}/comment", "the archive's comment is packed")
        else:
            tray.add(_decoded(data), Where.COMMENT, path)


def _decoded(data: bytes) -> str:
    if data.count(b"\0") * 4 > len(data):
        return data.decode("utf-16-le", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _comments_4(body: bytes) -> Iterator[Comment]:
    """Blocks of checksum, type, flags and size, and of a file's length where the flags say so."""
    at = len(_FOUR)
    while at + 7 <= len(body):
        _, kind, flags, size = struct.unpack_from("<HBHH", body, at)
        if size < 7:
            return
        added = struct.unpack_from("<I", body, at + 7)[0] if flags & _LONG_BLOCK and at + 11 <= len(body) else 0
        if kind == _SERVICE_4 and body[at + _FILE_HEAD : at + _FILE_HEAD + 3] == _CALLED:
            yield body[at + size : at + size + added], body[at + 25] != _STORED
        at += size + added


def _comments_5(body: bytes) -> Iterator[Comment]:
    """Blocks of checksum, size, type and flags, all numbers of a length of their own."""
    at = len(_FIVE)
    while at + 7 <= len(body):
        size, head = _number(body, at + 4)
        kind, place = _number(body, head)
        flags, place = _number(body, place)
        _, place = _number(body, place) if flags & _EXTRA else (0, place)
        added, place = _number(body, place) if flags & _DATA else (0, place)
        if kind == _SERVICE_5:
            name, method = _service(body, place)
            if name == _CALLED:
                yield body[head + size : head + size + added], bool(method)
        if not size:
            return
        at = head + size + added


def _service(body: bytes, at: int) -> tuple[bytes, int]:
    """The name of a service block and its method of packing, 0 for none."""
    flags, at = _number(body, at)
    _, at = _number(body, at)
    _, at = _number(body, at)
    at += 4 * bool(flags & _HAS_TIME) + 4 * bool(flags & _HAS_CHECKSUM)
    packing, at = _number(body, at)
    _, at = _number(body, at)
    length, at = _number(body, at)
    return body[at : at + min(length, 64)], packing >> 7 & 7


def _number(body: bytes, at: int) -> tuple[int, int]:
    """Seven bits a byte, the lowest first; and where the next begins."""
    value = shift = 0
    while at < len(body) and shift < 70:
        byte = body[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            break
    return value, at
