"""What comes out of a picture, with why nothing does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """The http(s) addresses in the codes of a picture. `unread` is the reason why nobody knows them; "" where it was read."""

    addresses: tuple[str, ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may cost. Memory and seconds hold for the separate process as a whole."""

    input_bytes: int = 1024 * 1024
    pixels: int = 12_000_000  # a photograph of a poster
    codes: int = 8
    seconds: float = 10.0
    memory_bytes: int = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Job:
    """What the process that reads pictures is asked."""

    body: bytes
    limits: Limits
