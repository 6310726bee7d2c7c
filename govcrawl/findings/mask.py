"""Masked text: the only kind of text that evidence takes."""

import re
from hashlib import blake2b
from typing import NewType

# Only this module makes one. A NewType rather than a class: it costs nothing where a page yields thousands.
Masked = NewType("Masked", str)

# What may stand in a snippet by accident: ID numbers, card numbers, mobile phones, long tokens (detection: 3.2).
_SENSITIVE = re.compile(
    r"""
      (?<![0-9A-Za-z]) \d{17}[\dXx] (?![0-9A-Za-z])      # ID number, new form
    | (?<![0-9A-Za-z]) \d{15,19} (?![0-9A-Za-z])         # bank card, ID number of the old form
    | (?<!\d) 1[3-9]\d{9} (?!\d)                         # mobile phone
    """,
    re.VERBOSE,
)


def secret(value: str, keep: int = 4) -> Masked:
    """First and last characters and the length: enough to find the place, not to use the value.

    At most a third of the value stays readable, whatever `keep` asks for.
    """
    shown = min(keep, len(value) // 6)
    return Masked(f"{value[:shown]}***{value[len(value) - shown :] if shown else ''}[{len(value)}]")


def text(value: str, limit: int = 400) -> Masked:
    """A snippet with everything that looks like an identifier masked, cut to `limit` characters."""
    masked = _SENSITIVE.sub(lambda match: secret(match[0]), value)
    return Masked(masked if len(masked) <= limit else f"{masked[: limit - 1]}…")


def fingerprint(value: str, salt: str = "govcrawl") -> str:
    """A salted hash that identifies a secret without telling it: 32 hex digits."""
    return blake2b(value.encode("utf-8", "surrogatepass"), key=salt.encode()[:64], digest_size=16).hexdigest()
