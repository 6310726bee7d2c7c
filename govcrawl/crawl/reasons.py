"""The word of the failure taxonomy for what aiohttp, TLS or the system says went wrong with a fetch."""

import errno
import socket
import ssl
from collections.abc import Iterator

import aiohttp
from aiohttp.http_exceptions import BadHttpMessage, LineTooLong

from govcrawl.crawl.guard import ForbiddenAddress
from govcrawl.frontier.model import Reason


def reason_of(fault: BaseException) -> Reason:
    """By whichever of its causes says most."""
    causes = tuple(_causes(fault))
    for kind, reason in _BY_KIND:
        if any(isinstance(cause, kind) for cause in causes):
            return reason
    if any(map(_over_bounds, causes)):
        return Reason.TOO_LARGE
    numbers = [_BY_NUMBER[cause.errno] for cause in causes if isinstance(cause, OSError) and cause.errno in _BY_NUMBER]
    if numbers:
        return numbers[0]
    return next((reason for kind, reason in _AT_LEAST if any(isinstance(cause, kind) for cause in causes)), Reason.BAD_RESPONSE)


def no_such_name(fault: BaseException) -> bool:
    """Whether the name servers said that there is no such host; that none of them answered says nothing of it."""
    return any(isinstance(cause, socket.gaierror) and cause.errno in _NO_NAME for cause in _causes(fault))


def _causes(fault: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [fault]
    while waiting and len(seen) < _MOST_CAUSES:
        one = waiting.pop(0)
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [other for other in (getattr(one, "os_error", None), one.__cause__) if isinstance(other, BaseException)]


def _over_bounds(cause: BaseException) -> bool:
    """More or longer headers or trailers than are read; aiohttp has a class for the longer ones alone."""
    return isinstance(cause, LineTooLong) or (isinstance(cause, BadHttpMessage) and cause.message.startswith("Too many "))


_MOST_CAUSES = 16
_NO_NAME = (socket.EAI_NONAME, socket.EAI_NODATA)
_BY_KIND: tuple[tuple[type[BaseException], Reason], ...] = (
    (ForbiddenAddress, Reason.FORBIDDEN_ADDRESS),
    (aiohttp.ClientConnectorDNSError, Reason.DNS),
    (ssl.SSLError, Reason.TLS),
    (aiohttp.ClientSSLError, Reason.TLS),
    (TimeoutError, Reason.TIMEOUT),
    # The other side ended the connection while it was being made, or while the two were shaking hands.
    (ConnectionResetError, Reason.RESET),
    (ConnectionAbortedError, Reason.RESET),
    (BrokenPipeError, Reason.RESET),
    (ConnectionRefusedError, Reason.REFUSED),
)
_BY_NUMBER = {
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.EHOSTUNREACH: Reason.REFUSED,
    errno.ENETUNREACH: Reason.REFUSED,
    errno.EHOSTDOWN: Reason.REFUSED,
    errno.ETIMEDOUT: Reason.TIMEOUT,
    errno.ECONNRESET: Reason.RESET,
    errno.EPIPE: Reason.RESET,
}
_AT_LEAST: tuple[tuple[type[BaseException], Reason], ...] = (
    (aiohttp.ServerFingerprintMismatch, Reason.TLS),
    (aiohttp.ClientConnectorError, Reason.REFUSED),
    (aiohttp.ServerDisconnectedError, Reason.RESET),
    (aiohttp.ClientPayloadError, Reason.RESET),
    (OSError, Reason.RESET),
)
