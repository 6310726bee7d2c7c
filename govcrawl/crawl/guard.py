"""The doorkeeper of outgoing connections: nothing goes to an address inside."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

from govcrawl.kit.networks import Network, literal, may_fetch
from govcrawl.kit.urls import bare_host, host_of

# getaddrinfo blocks its thread for as long as a dead name server likes; DNS faults are the most common of all (frontier: GSA).
_THREADS = 64


class ForbiddenAddress(OSError):  # noqa: N818 - a fact about the host
    """A host whose only addresses are private, local or otherwise not in the open."""


def check_literal(url: str, allowed: tuple[Network, ...]) -> None:
    """Refuses addresses spelled out in the URL, and names that mean this machine, also where a proxy would fetch them."""
    host = bare_host(host_of(url)).rstrip(".")
    address = literal(host)
    if address is not None and not may_fetch(address, allowed):
        raise ForbiddenAddress(f"{host} is not a public address")
    if (host == "localhost" or host.endswith(".localhost")) and not any(network.is_loopback for network in allowed):
        raise ForbiddenAddress(f"{host} is this machine")


class GuardedResolver(AbstractResolver):
    """Resolves names and keeps only addresses that may be fetched.

    The connection goes to the very addresses that were checked, so a name that answers differently the second time gains nothing.
    """

    def __init__(self, allowed: tuple[Network, ...]) -> None:
        self._allowed = allowed
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="dns")

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port, family)
        public = [result for result in found if _open(result["host"], self._allowed)]
        if not public:
            raise ForbiddenAddress(f"{host} has no public address")
        return public

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    answers = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    return [
        ResolveResult(hostname=host, host=str(address[0]), port=port, family=kind, proto=proto, flags=socket.AI_NUMERICHOST)
        for kind, _, proto, _, address in answers
    ]


def _open(host: str, allowed: tuple[Network, ...]) -> bool:
    address = literal(host)
    return address is not None and may_fetch(address, allowed)
