"""Text of a binary PowerPoint stream: the atoms that carry characters, by slide, note and comment ([MS-PPT] 2.9)."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from govcrawl.page.attachments.values import Refused, Tray, Where

_CHARACTERS = 0x0FA0
_BYTES = 0x0FA8
_STRING = 0x0FBA
_ENCRYPTION = 0x2F14
_EMBEDDED = 0x1011
_SLIDE = 0x03EE
_SHOW = 0x03F9
_HIDDEN_FLAG = 0x04
# Blocks of later versions: records again, though the head does not say so.
_BLOB = 0x138B
_CONTAINER = 0xF
_DEPTH = 40
# Small files of zeros pack well without being a bomb.
_FREE_BYTES = 1_000_000
_PLACES = {
    0x03F0: Where.NOTE,
    0x03F8: Where.HEADER,  # the master slide
    0x0FC9: Where.HEADER,  # handouts
    0x0FD9: Where.HEADER,
    0x2EE0: Where.COMMENT,
}


@dataclass(frozen=True, slots=True)
class Atom:
    kind: int
    data: bytes
    where: Where
    slide: int  # number of the slide that it stands in, 0 outside


def read_atoms(stream: bytes, path: str, tray: Tray) -> list[bytes]:
    """Adds the texts; returns the embedded files, which are compound files. Raises Refused where there is a password or no text."""
    atoms = list(_atoms(stream, 0, len(stream), Where.BODY, [0], 0))
    hidden = {atom.slide for atom in atoms if atom.kind == _SHOW and len(atom.data) >= 12 and atom.data[10] & _HIDDEN_FLAG}
    lines: dict[Where, list[str]] = {}
    for atom in atoms:
        if atom.kind in {_CHARACTERS, _BYTES, _STRING}:
            where = Where.HIDDEN if atom.where is Where.BODY and atom.slide in hidden else atom.where
            lines.setdefault(where, []).append(atom.data.decode("latin-1" if atom.kind == _BYTES else "utf-16-le", "replace"))
    for where, texts in lines.items():
        tray.add("\n".join(texts).replace("\r", "\n").replace("\x0b", "\n"), where, path)
    embedded = [_unpacked(atom.data, tray) for atom in atoms if atom.kind == _EMBEDDED]
    if not lines and not embedded:
        raise Refused("no text found in the PowerPoint stream")
    return embedded


def _atoms(stream: bytes, at: int, end: int, where: Where, slides: list[int], depth: int) -> Iterator[Atom]:  # noqa: PLR0917 - a walk
    """`slides` holds how many slides have begun so far."""
    while at + 8 <= end:
        version, kind, length = struct.unpack_from("<HHI", stream, at)
        at += 8
        last = min(at + length, end)
        if kind == _ENCRYPTION:
            raise Refused("encrypted")
        slides[0] += kind == _SLIDE
        if (version & 0xF == _CONTAINER or kind == _BLOB) and depth < _DEPTH:
            yield from _atoms(stream, at, last, _PLACES.get(kind, where), slides, depth + 1)
        else:
            yield Atom(kind, stream[at:last], where, slides[0])
        at = last


def _unpacked(data: bytes, tray: Tray) -> bytes:
    """A compound file, most often deflated with its length before it."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return data
    room = min(max(len(data) * tray.limits.ratio, _FREE_BYTES), tray.limits.unpacked_bytes)
    decompressor = zlib.decompressobj()
    try:
        found = decompressor.decompress(data[4:], room)
    except zlib.error as fault:
        raise Refused("damaged embedded file") from fault
    tray.unpacked(len(found))
    if decompressor.unconsumed_tail:
        raise Refused(f"unpacks to more than {tray.limits.ratio} times its size")
    return found
