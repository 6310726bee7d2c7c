"""The validators of a page (RFC 9110, 8.8) as the frontier keeps them, and its memo: short, and clean enough to be sent back."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

# Servers make them of sizes, times and digests: 64 characters hold a SHA-256. No quote and no backslash, for the sake of the JSON around it.
_ETAG = re.compile(r'(W/)?"(?!W/)([!#-\[\]-~]{1,64})"')
_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
_LATEST = 2**31
_MEMO = re.compile(r"[\w-]{0,16}", re.ASCII)


def kept_etag(header: str) -> str:
    """An ETag without its quotes; "" where it is none that we would send back."""
    found = _ETAG.fullmatch(header)
    return f"{found[1] or ''}{found[2]}" if found else ""


def etag_of(kept: str) -> str:
    """The header again."""
    weak = "W/" if kept.startswith("W/") else ""
    header = f'{weak}"{kept.removeprefix("W/")}"'
    return header if _ETAG.fullmatch(header) else ""


def kept_moment(header: str) -> int:
    """A Last-Modified in seconds since 1970; 0 where it is written in another way than RFC 9110 asks for."""
    if not _DATE.fullmatch(header):
        return 0
    try:
        seconds = int(parsedate_to_datetime(header).timestamp())
    except (ValueError, OverflowError):
        seconds = 0
    return seconds if 0 < seconds < _LATEST and moment_of(seconds) == header else 0


def moment_of(kept: int) -> str:
    """The header again."""
    return format_datetime(datetime.fromtimestamp(kept, UTC), usegmt=True) if 0 < kept < _LATEST else ""


def kept_memo(memo: str) -> str:
    """Nothing of one that is longer than a memo may be, or would not stand in the JSON as it is."""
    return memo if _MEMO.fullmatch(memo) else ""
