"""What workers share so that it is fetched or read once: style sheets and files, as they stand in Redis."""

import zlib
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from govcrawl.frontier.model import Reason, StoredSheet

MOST_SHEETS = 64  # addresses a site; a site with more gives every page its own (`style.css?t=...`)
MOST_BYTES = 64 * 1024 * 1024  # of deflated texts in a partition: some 8,000 of the usual 100 kB, which are condensed before
KEPT_MS = 24 * 3600 * 1000
_FAILED_MS = 1800 * 1000
_THROTTLED_MS = 60 * 1000
_MAX_CHARS = 4 * 1024 * 1024  # inflated; far more than a worker puts here, and the end of a bomb
_REASONS = frozenset(Reason)


def name_of(campaign: str, url: str) -> str:
    return f"sheet:{campaign}:{_digest(url)}"


def row_of(name: str, sheet: StoredSheet) -> tuple[str, str, int, bytes]:
    """As keep.lua reads it."""
    if sheet.text is None:
        passing = sheet.reason is Reason.THROTTLED
        return name, f"!{(sheet.reason or Reason.BAD_RESPONSE).value}", _THROTTLED_MS if passing else _FAILED_MS, b""
    return name, f"={_digest(sheet.text)}", KEPT_MS, zlib.compress(sheet.text.encode("utf-8", "replace"), 6)


def partition_of_file(name: str, partitions: int) -> int:
    """By the name, a hash in hex digits: a file belongs to no site."""
    return int(name[:8], 16) % partitions


async def look(client: Any, key: str, names: Sequence[str]) -> list[StoredSheet | None]:
    """Two questions at most: for the marks of the addresses, and for the texts that they name."""
    marks = [mark or b"" for mark in await client.mget([key + name for name in names])]
    digests = [mark[1:].decode("ascii", "replace") for mark in marks if mark[:1] == b"="]
    texts = dict(zip(digests, await client.mget([f"{key}css:{digest}" for digest in digests]), strict=True)) if digests else {}
    return [_sheet(mark[:1], mark[1:].decode("ascii", "replace"), texts) for mark in marks]


def _sheet(kind: bytes, word: str, texts: dict[str, bytes | None]) -> StoredSheet | None:
    if kind == b"=":
        packed = texts[word]
        return None if packed is None else _unpacked(packed)
    if kind == b"!":
        return StoredSheet(reason=Reason(word) if word in _REASONS else Reason.BAD_RECORD)
    # Whether the one who fetches it is still alive is for `hold` to know.
    return None


def _unpacked(packed: bytes) -> StoredSheet:
    try:
        text = zlib.decompressobj().decompress(packed, _MAX_CHARS)
    except zlib.error:
        return StoredSheet(reason=Reason.BAD_RECORD)
    return StoredSheet(text=text.decode("utf-8", "replace"))


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=12).hexdigest()
