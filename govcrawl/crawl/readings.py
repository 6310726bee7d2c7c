"""What is in a file, read once by the fleet however many addresses it has."""

import asyncio
import secrets
import zlib
from hashlib import blake2b
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from govcrawl.crawl.patience import patiently
from govcrawl.frontier.protocol import Frontier
from govcrawl.page.attachments import Extracted, ExtractorPool, named

# Changes with what the readers find, so that workers of two versions do not take each other's word.
_VERSION = b"readings-1"
_MOST_BYTES = 2 * 1024 * 1024  # sealed; more is read by every worker for itself
_MOST_CHARS = 64 * 1024 * 1024  # of a reading, unpacked
_TOO_LONG = b"-"
_NONCE_BYTES = 12
_KEPT_SECONDS = 24 * 3600.0
# The reader died or took too long: perhaps for the machine's sake.
_FAILED_SECONDS = 1800.0
_LOOK_AGAIN_SECONDS = 0.25
_decoder = msgspec.msgpack.Decoder(Extracted)


class _Seal(NamedTuple):
    """Under which name the fleet keeps the reading of a file, and the key that only the file itself gives.

    A reading holds what the file leaks. Whoever looks into Redis without having the file finds nothing to read there.
    """

    name: str
    key: bytes

    @classmethod
    def of(cls, body: bytes) -> "_Seal":
        digest = blake2b(body, digest_size=32).digest()
        return cls(
            blake2b(digest, digest_size=16, key=_VERSION + b" name").hexdigest(),
            blake2b(digest, digest_size=32, key=_VERSION + b" key").digest(),
        )

    def close(self, extracted: Extracted) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        packed = zlib.compress(msgspec.msgpack.encode(extracted))
        return nonce + AESGCM(self.key).encrypt(nonce, packed, None) if len(packed) < _MOST_BYTES else _TOO_LONG

    def open(self, sealed: bytes) -> Extracted | None:
        """None where it says nothing that can be used."""
        try:
            packed = AESGCM(self.key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
            found = _decoder.decode(zlib.decompressobj().decompress(packed, _MOST_CHARS))
        except (InvalidTag, ValueError, zlib.error, msgspec.MsgspecError):
            found = None
        return found


class Readings:
    """Asks this worker's memory, then the fleet's, then the reader."""

    def __init__(self, frontier: Frontier, pool: ExtractorPool) -> None:
        self._frontier, self._pool = frontier, pool
        # As long as the reader may take, behind another file that takes as long.
        self._hold_seconds = 2 * pool.limits.seconds + 10.0

    async def of(self, body: bytes, url: str) -> Extracted:
        """As `ExtractorPool.extract`. Waits while another worker reads the same file."""
        seal, mark = await asyncio.to_thread(_Seal.of, body), secrets.token_hex(8)
        while True:
            known = await asyncio.to_thread(self._pool.known, body, url)
            if known is not None:
                return known
            sealed = await patiently(lambda: self._frontier.recall(seal.name, mark, self._hold_seconds))
            if sealed is None:
                return await self._read(seal, body, url)
            if sealed:
                return await asyncio.to_thread(self._opened, seal, sealed, body, url)
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _read(self, seal: _Seal, body: bytes, url: str) -> Extracted:
        extracted = await asyncio.to_thread(self._pool.extract, body)
        sealed = await asyncio.to_thread(seal.close, extracted)
        kept = _FAILED_SECONDS if extracted.format == "unknown" else _KEPT_SECONDS
        await patiently(lambda: self._frontier.remember(seal.name, sealed, kept))
        return named(extracted, url)

    def _opened(self, seal: _Seal, sealed: bytes, body: bytes, url: str) -> Extracted:
        extracted = seal.open(sealed)
        if extracted is None:
            return self._pool.extract(body, url)
        self._pool.learn(body, extracted)
        return named(extracted, url)
