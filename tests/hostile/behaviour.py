"""What a hostile host does, step by step, and what must become of its home page."""

from dataclasses import dataclass, field
from enum import Enum

DONE = "done"
# Tries of a page: what another try will not change gets one; a host in trouble gets all of them (frontier/politeness.py).
ONCE, AGAIN, THROTTLED = 1, 3, 6


class Act(Enum):
    HANG = "says nothing more until the client leaves"
    RESET = "resets the connection"
    END = "ends the connection"


@dataclass(frozen=True)
class Pause:
    seconds: float


@dataclass(frozen=True)
class Repeat:
    """The same piece again and again; `times` 0 is until the client leaves."""

    piece: bytes
    times: int = 0
    pause: float = 0.0


Step = bytes | Pause | Repeat | Act
Answer = tuple[Step, ...]


@dataclass(frozen=True)
class Behaviour:
    """`word` is `done` or a word of the failure taxonomy, of the home page `/`; `tries` how often it must have been asked for.

    `pages` are other addresses of the same host, `moved` the number of redirects on the way. `gaps` are reasons of records "not
    inspected" that must be there beside. `tls` names a certificate of tls.py, `names` what the system's resolver says of the host.
    """

    name: str
    word: str
    answer: Answer = ()
    tries: int = ONCE
    pages: dict[str, Answer] = field(default_factory=dict)
    robots: Answer | None = None
    extra: int = 0  # pages beside the home page that are had
    failed: int = 0  # pages beside the home page that are not
    gaps: tuple[str, ...] = ()
    tls: str = ""
    scheme: str = ""
    listens: bool = True
    deaf: bool = False  # listens, and never takes a connection
    host: str = ""
    names: tuple[str, ...] | int = ()


def http(
    body: bytes | str = b"",
    status: str = "200 OK",
    *headers: str,
    kind: str = "text/html; charset=utf-8",
    length: int | None = None,
) -> Answer:
    """A well-formed answer, but for what the caller bends."""
    plain = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(plain) if length is None else length}", "Connection: close", *headers]
    if kind:
        lines.append(f"Content-Type: {kind}")
    return ("\r\n".join([*lines, "", ""]).encode("latin-1") + plain,)


def page(body: str = "", *headers: str) -> Answer:
    return http(f"<!DOCTYPE html><title>首页</title><p>{body}", "200 OK", *headers)


GOOD = page("正常的页面")


def to(location: str, status: str = "302 Found") -> Answer:
    return http("", status, f"Location: {location}")


def start(*headers: str) -> bytes:
    """Status line and headers without their end."""
    return "".join(f"{line}\r\n" for line in ("HTTP/1.1 200 OK", "Content-Type: text/html", *headers)).encode("latin-1")
