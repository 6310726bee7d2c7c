"""Bodies out of their content encoding, bounded."""

import zlib

_ENCODINGS_DEEP = 2  # a proxy that compresses what was compressed; more is an attack
_MEMBERS = 64  # a server that flushes often; each copies what is behind it
# Browsers pass over what is no coding: servers name a charset here, or "none".
_CODINGS = ("gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress", "dcb", "dcz")
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_MAGIC = b"\x1f\x8b"


class TooLarge(Exception):  # noqa: N818 - a fact about the body
    """The body is larger than the limit once it is unpacked."""


class BadEncoding(Exception):  # noqa: N818
    """The body is not in the encoding that its header names, or nobody speaks that encoding."""


def inflate(body: bytes, encoding: str, limit: int) -> bytes:
    """The body as the page's author wrote it; never more than `limit` bytes are held."""
    names = [name for part in encoding.split(",") if (name := part.strip().lower()) in _CODINGS]
    if len(names) > _ENCODINGS_DEEP:
        raise BadEncoding(encoding)
    for name in reversed(names):
        body = _unpack(body, name, limit)
    return body


def _unpack(body: bytes, name: str, limit: int) -> bytes:
    if name in ("gzip", "x-gzip"):
        # Servers name gzip and send the plain page, mostly for errors.
        return _members(body, limit) if body.startswith(_MAGIC) else body
    if name != "deflate":
        raise BadEncoding(name)
    try:
        return _inflated(body, _GZIP_OR_ZLIB, limit)[0]
    except BadEncoding:
        return _inflated(body, -zlib.MAX_WBITS, limit)[0]  # without the zlib header that the standard asks for


def _members(body: bytes, limit: int) -> bytes:
    """A gzip file may be several, one behind the other; what is behind the last is not looked at."""
    pieces, size = list[bytes](), 0
    while body.startswith(_MAGIC):
        if len(pieces) == _MEMBERS:
            raise BadEncoding("too many members")
        plain, body = _inflated(body, _GZIP_OR_ZLIB, limit - size)
        pieces.append(plain)
        size += len(plain)
    return b"".join(pieces)


def _inflated(body: bytes, window_bits: int, limit: int) -> tuple[bytes, bytes]:
    """The plain bytes, and what is behind the packed ones."""
    unpacker = zlib.decompressobj(window_bits)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as fault:
        raise BadEncoding(str(fault)) from fault
    if len(plain) > limit:
        raise TooLarge
    if not unpacker.eof:
        raise BadEncoding("cut off")
    return plain, unpacker.unused_data
