"""Sites, leases and known pages as they stand in Redis: the forms of lua/records.lua and lua/rounds.lua."""

import struct
from typing import NamedTuple, Self

_NUMBERS = struct.Struct("<iiIIIIIIIIddddHHIIIBBB")
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
    round: int
    unchanged: int
    cut: int

    @classmethod
    def read(cls, raw: bytes) -> Self:
        at_hand, _pin, used, pages, failed, moved, *rest = _NUMBERS.unpack_from(raw)
        state, _home, reason, name = raw[_NUMBERS.size :].split(b"\0", _WORDS)
        return cls(
            name.decode(), state.decode(), reason.decode(), at_hand, used, pages, failed, moved, int(rest[6]), *rest[10:13]
        )


_LEASE_NUMBERS = struct.Struct("<BBd")


def leased_of(raw: bytes) -> tuple[int, str]:
    """Class and SID of a leased page: LEASE_FORM."""
    return raw[0], raw[_LEASE_NUMBERS.size : raw.index(b"\0", _LEASE_NUMBERS.size)].decode()


_PAGE_NUMBERS = struct.Struct("<BBHII")


class KnownPage(NamedTuple):
    """When a page of a standing campaign was looked at, in rounds: PAGE_FORM."""

    looked_at: int
    answered: int  # the round of its last answer, be it that it is unchanged; 0: it was not had the last time

    @classmethod
    def read(cls, raw: bytes) -> Self:
        _class, _misses, every, due, looked_at = _PAGE_NUMBERS.unpack_from(raw)
        return cls(looked_at, due - every if every else 0)
