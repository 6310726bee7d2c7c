"""Archives, unpacked in memory and never onto the disk: zip, tar, gzip, 7z, rar."""

import bz2
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath

from govcrawl.page.attachments.rar_comment import read_comment
from govcrawl.page.attachments.values import Refused, Tray, Where

Nested = Callable[[bytes, str, Tray, int], None]

_BLOCK = 262_144
# Small files of zeros pack well without being a bomb.
_FREE_BYTES = 1_000_000
_ENCRYPTED_FLAG = 0x1
_DRIVE = re.compile(r"(?:^|/)[A-Za-z]:[\\/]")
# Words of the head of a file in a tar that are for people.
_ASIDE = frozenset({"comment", "SCHILY.xattr.user.comment", "SCHILY.xattr.user.xdg.comment"})
_GZIP_EXTRA, _GZIP_NAME, _GZIP_COMMENT, _GZIP_HEAD = 0x04, 0x08, 0x10, 10


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
        entries = archive.infolist()[: tray.limits.files]
        tray.add("\n".join(name_of(info) for info in entries), Where.NAME, path)
        tray.add("\n".join(map(_comment, (archive.comment, *(info.comment for info in entries)))), Where.COMMENT, path)
        for info in archive.infolist():
            if not info.is_dir():
                _entry(f"{path}/{name_of(info)}", partial(read_entry, archive, info, tray), tray, depth, nested)


def _comment(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _entry(path: str, read: Callable[[], bytes], tray: Tray, depth: int, nested: Nested) -> None:
    if _leaves(path):
        tray.skip(path, "its name points outside the archive (text read in memory)")
    try:
        data = read()
        nested(data, path, tray, depth + 1)
    except Refused as refusal:
        tray.skip(path, str(refusal))


def _leaves(path: str) -> bool:
    return ".." in PurePosixPath(path.replace("\\", "/")).parts or "//" in path or _DRIVE.search(path) is not None


def read_tar(body: bytes, path: str, tray: Tray, depth: int, nested: Nested) -> None:
    try:
        with tarfile.open(fileobj=BytesIO(body), mode="r:") as archive:
            for member in archive:
                tray.add(member.name, Where.NAME, path)
                tray.add(
                    "\n".join(f"{key}: {member.pax_headers[key]}" for key in _ASIDE & {*member.pax_headers}), Where.COMMENT, path
                )
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
    if body.startswith(b"\x1f\x8b"):
        name, comment = _gzip_words(body)
        tray.add(name, Where.NAME, path)
        tray.add(comment, Where.COMMENT, path)
    stream = _inflated(body)
    try:
        data = _drained(lambda: next(stream, b""), len(body), tray)
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as fault:
        raise Refused(f"damaged archive ({type(fault).__name__})") from fault
    if not data:
        raise Refused("damaged archive (no data)")
    nested(data, f"{path}/content", tray, depth + 1)


def _gzip_words(body: bytes) -> tuple[str, str]:
    """Name and comment in the head of a gzip file ([RFC 1952] 2.3)."""
    flags = body[3] if len(body) > _GZIP_HEAD else 0
    at = _GZIP_HEAD
    if flags & _GZIP_EXTRA:
        at += 2 + int.from_bytes(body[at : at + 2], "little")
    words = []
    for flag in (_GZIP_NAME, _GZIP_COMMENT):
        end = body.find(b"\0", at) if flags & flag else -1
        words.append(_comment(body[at:end]) if end >= 0 else "")
        at = end + 1 if end >= 0 else at
    return words[0], words[1]


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
    native = libarchive.ffi
    locked = native.ffi("entry_is_encrypted", [native.c_archive_entry_p], native.c_int)
    try:
        with libarchive.memory_reader(body, format_name=_form_of(body)) as archive:
            for entry in archive:
                tray.add(entry.pathname or "", Where.NAME, path)
                inside = f"{path}/{entry.pathname}"
                if locked(entry._entry_p):  # noqa: SLF001 - it has no public name
                    # A stored file would be handed out as it is: noise.
                    tray.skip(inside, "encrypted")
                elif entry.issym or entry.islnk or entry.isdev:
                    tray.skip(inside, "a link or a device, not a file")
                elif not entry.isdir:
                    read = partial(_blocks, entry, libarchive.exception.ArchiveError, len(body), tray)
                    _entry(inside, read, tray, depth, nested)
    except libarchive.exception.ArchiveError as fault:
        raise Refused(f"{_reason(fault)} (libarchive)") from fault
    if body.startswith(b"Rar!"):
        read_comment(body, path, tray)


def _form_of(body: bytes) -> str:
    """By the head: left to itself, libarchive takes an archive that ends in a stored zip for that zip."""
    return "7zip" if body.startswith(b"7z") else "rar5" if body.startswith(b"Rar!\x1a\x07\x01") else "rar"


def _reason(fault: Exception) -> str:
    return "encrypted" if any(word in str(fault) for word in ("assphrase", "ncrypt", "rypto")) else "damaged archive"


def _blocks(entry: "libarchive.ArchiveEntry", faults: type[Exception], packed: int, tray: Tray) -> bytes:  # type: ignore[name-defined]  # noqa: F821 - loaded late
    tray.file()
    blocks = iter(entry.get_blocks(_BLOCK))
    try:
        return _drained(lambda: bytes(next(blocks, b"")), packed, tray)
    except faults as fault:
        # The heads can be read and this file cannot: the others may.
        raise Refused(f"{_reason(fault)} (libarchive)") from fault
