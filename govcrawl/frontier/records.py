"""Sites and leases as they stand in Redis: the forms of lua/records.lua."""

import struct
from typing import NamedTuple, Self

_NUMBERS = struct.Struct("<iiIIIIIIIIdddHHBBB")
_WORDS = 3


class SiteRecord(NamedTuple):
    """What is told of it; the number of its campaign, the seen-set and the lanes are the business of the scripts."""

    id: str
    state: str
    reason: str
    open: int  # pages queued or leased
    used: int
    pages: int
    failed: int
    moved: int
    touched_ms: int

    @classmethod
    def read(cls, raw: bytes) -> Self:
        at_hand, _pin, used, pages, failed, moved, *rest = _NUMBERS.unpack_from(raw)
        state, _home, reason, name = raw[_NUMBERS.size :].split(b"\0", _WORDS)
        return cls(name.decode(), state.decode(), reason.decode(), at_hand, used, pages, failed, moved, round(rest[6]))


_LEASE_NUMBERS = struct.Struct("<BBd")


def leased_of(raw: bytes) -> tuple[int, str]:
    """Class and SID of a leased page: LEASE_FORM."""
    return raw[0], raw[_LEASE_NUMBERS.size : raw.index(b"\0", _LEASE_NUMBERS.size)].decode()
