"""Bodies out of their content encoding, bounded."""

import zlib

_ENCODINGS_DEEP = 2  # a proxy that compresses what was compressed; more is an attack
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_MAGIC = b"\x1f\x8b"


class TooLarge(Exception):  # noqa: N818 - a fact about the body
    """The body is larger than the limit once it is unpacked."""


class BadEncoding(Exception):  # noqa: N818
    """The body is not in the encoding that its header names, or nobody speaks that encoding."""


def inflate(body: bytes, encoding: str, limit: int) -> bytes:
    """The body as the page's author wrote it; never more than `limit` bytes are held."""
    names = [name for part in encoding.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    if len(names) > _ENCODINGS_DEEP:
        raise BadEncoding(encoding)
    for name in reversed(names):
        body = _unpack(body, name, limit)
    return body


def _unpack(body: bytes, name: str, limit: int) -> bytes:
    if name in ("gzip", "x-gzip"):
        # Servers name gzip and send the plain page, mostly for errors.
        return _inflated(body, _GZIP_OR_ZLIB, limit) if body.startswith(_MAGIC) else body
    if name != "deflate":
        raise BadEncoding(name)
    try:
        return _inflated(body, _GZIP_OR_ZLIB, limit)
    except BadEncoding:
        return _inflated(body, -zlib.MAX_WBITS, limit)  # without the zlib header that the standard asks for


def _inflated(body: bytes, window_bits: int, limit: int) -> bytes:
    unpacker = zlib.decompressobj(window_bits)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as fault:
        raise BadEncoding(str(fault)) from fault
    if len(plain) > limit:
        raise TooLarge
    if not unpacker.eof:
        raise BadEncoding("cut off")
    return plain
