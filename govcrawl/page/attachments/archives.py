"""Archives, unpacked in memory and never onto the disk: zip, tar, gzip, 7z, rar."""

import bz2
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath

from govcrawl.page.attachments.values import Refused, Tray, Where

Nested = Callable[[bytes, str, Tray, int], None]

_BLOCK = 262_144
# Small files of zeros pack well without being a bomb.
_FREE_BYTES = 1_000_000
_ENCRYPTED_FLAG = 0x1


def read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, tray: Tray) -> bytes:
    """The bytes of one entry, counted as they come: the sizes that the archive states are not believed."""
    tray.file()
    if info.flag_bits & _ENCRYPTED_FLAG:
        raise Refused("encrypted")
    try:
        with archive.open(info) as stream:
            return _drained(lambda: stream.read(_BLOCK), max(info.compress_size, 1), tray)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise Refused(f"damaged entry ({type(fault).__name__})") from fault


def _drained(read: Callable[[], bytes], packed: int, tray: Tray) -> bytes:
    found = bytearray()
    while block := read():
        tray.unpacked(len(block))
        found += block
        if len(found) > _FREE_BYTES and len(found) > tray.limits.ratio * packed:
            raise Refused(f"unpacks to more than {tray.limits.ratio} times its size")
    return bytes(found)


def name_of(info: zipfile.ZipInfo) -> str:
    """The name of an entry; Chinese programs write it in GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def read_zip(body: bytes, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    try:
        archive = zipfile.ZipFile(BytesIO(body))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise Refused(f"damaged zip ({type(fault).__name__})") from fault
    with archive:
        tray.add("\n".join(name_of(info) for info in archive.infolist()[: tray.limits.files]), Where.NAME, path)
        for info in archive.infolist():
            if not info.is_dir():
                _entry(f"{path}/{name_of(info)}", partial(read_entry, archive, info, tray), tray, depth, nested)


def _entry(path: str, read: Callable[[], bytes], tray: Tray, depth: int, nested: Nested) -> None:
    if _leaves(path):
        tray.skip(path, "its name points outside the archive (text read in memory)")
    try:
        data = read()
        nested(data, path, tray, depth + 1)
    except Refused as refusal:
        tray.skip(path, str(refusal))


def _leaves(path: str) -> bool:
    return ".." in PurePosixPath(path.replace("\\", "/")).parts or "//" in path or ":\\" in path


def read_tar(body: bytes, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    try:
        with tarfile.open(fileobj=BytesIO(body), mode="r:") as archive:
            for member in archive:
                tray.add(member.name, Where.NAME, path)
                if member.isfile():
                    _entry(f"{path}/{member.name}", partial(_member, archive, member, tray), tray, depth, nested)
                elif not member.isdir():
                    tray.skip(f"{path}/{member.name}", "a link or a device, not a file")
    except (tarfile.TarError, EOFError, OSError, ValueError) as fault:
        raise Refused(f"damaged tar ({type(fault).__name__})") from fault


def _member(archive: tarfile.TarFile, member: tarfile.TarInfo, tray: Tray) -> bytes:
    tray.file()
    stream = archive.extractfile(member)
    if stream is None:
        raise Refused("no data")
    return _drained(lambda: stream.read(_BLOCK), max(member.size, 1), tray)


def read_compressed(body: bytes, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    """One file behind gzip, bzip2 or xz; most often a tar."""
    tray.file()
    stream = _inflated(body)
    try:
        data = _drained(lambda: next(stream, b""), len(body), tray)
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as fault:
        raise Refused(f"damaged archive ({type(fault).__name__})") from fault
    if not data:
        raise Refused("damaged archive (no data)")
    nested(data, f"{path}/content", tray, depth + 1)


def _inflated(body: bytes) -> Iterator[bytes]:
    """Blocks of bounded size, so that a bomb is seen before it fills the memory."""
    if body.startswith(b"\x1f\x8b"):
        yield from _gunzipped(body)
        return
    decompressor = bz2.BZ2Decompressor() if body.startswith(b"BZh") else lzma.LZMADecompressor()
    feed = body
    while not decompressor.eof:
        block = decompressor.decompress(feed, _BLOCK)
        feed = b""
        if not block and decompressor.needs_input:
            raise EOFError
        yield block


def _gunzipped(body: bytes) -> Iterator[bytes]:
    decompressor = zlib.decompressobj(31)
    feed = body
    while feed and not decompressor.eof:
        block = decompressor.decompress(feed, _BLOCK)
        feed = decompressor.unconsumed_tail
        if block:
            yield block
    if not decompressor.eof:
        raise EOFError


def read_by_libarchive(body: bytes, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    """7z and rar, where the system has libarchive; else the archive is not inspected."""
    try:
        import libarchive  # noqa: PLC0415 - loads a system library that may be missing
    except (ImportError, OSError, TypeError, AttributeError) as fault:
        raise Refused("no reader: the system library libarchive is missing") from fault
    try:
        with libarchive.memory_reader(body) as archive:
            for entry in archive:
                tray.add(entry.pathname or "", Where.NAME, path)
                if entry.isfile:
                    _entry(f"{path}/{entry.pathname}", partial(_blocks, entry, len(body), tray), tray, depth, nested)
    except libarchive.exception.ArchiveError as fault:
        reason = "encrypted" if "assphrase" in str(fault) or "ncrypt" in str(fault) else "damaged archive"
        raise Refused(f"{reason} (libarchive)") from fault


def _blocks(entry: "libarchive.ArchiveEntry", packed: int, tray: Tray) -> bytes:  # type: ignore[name-defined]  # noqa: F821 - loaded late
    tray.file()
    blocks = iter(entry.get_blocks(_BLOCK))
    return _drained(lambda: bytes(next(blocks, b"")), packed, tray)
