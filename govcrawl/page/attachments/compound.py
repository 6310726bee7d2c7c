"""A compound file made anew around one stream, for readers that take whole files only ([MS-CFB])."""

import struct

_SECTOR = 512
_END, _TABLE, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_SMALLEST = 4096  # shorter streams would have to stand in the small sectors
_LINKS = _SECTOR // 4
_TABLES_IN_HEAD = 109
_NAME_BYTES = 64


def compound(name: str, stream: bytes) -> bytes:
    """A file that holds `stream` under `name`, padded with zeros to 4096 bytes; at most 7 MB. Raises ValueError beyond."""
    blocks = max(len(stream), _SMALLEST) // _SECTOR + 1
    tables = (blocks + 1) // (_LINKS - 1) + 1
    if tables > _TABLES_IN_HEAD:
        raise ValueError("the stream is too long")
    links = [*range(1, blocks), _END, _END, *[_TABLE] * tables]
    links += [_FREE] * (tables * _LINKS - len(links))
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry(name, 2, 0, max(len(stream), _SMALLEST)) + bytes(2 * 128)
    return b"".join(
        (
            _head(blocks, tables),
            stream.ljust(blocks * _SECTOR, b"\0"),
            directory,
            struct.pack(f"<{len(links)}I", *links),
        )
    )


def _head(blocks: int, tables: int) -> bytes:
    """The directory follows the stream, the tables follow the directory."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9I", 0, tables, blocks, 0, _SMALLEST, _END, 0, _END, 0)
    return head + struct.pack(
        f"<{_TABLES_IN_HEAD}I", *(blocks + 1 + number if number < tables else _FREE for number in range(_TABLES_IN_HEAD))
    )


def _entry(name: str, kind: int, first: int, size: int, child: int = _FREE) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw.ljust(_NAME_BYTES, b"\0") + struct.pack("<HBB3I", len(raw) + 2, kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", first, size)
