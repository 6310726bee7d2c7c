"""The doorkeeper of outgoing connections: nothing goes to an address inside."""

import asyncio
import ipaddress
import socket
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

from govcrawl.kit.networks import Network, literal, may_fetch
from govcrawl.kit.urls import bare_host, host_of

# getaddrinfo blocks its thread for as long as a dead name server likes; DNS faults are the most common of all (frontier: GSA).
_THREADS = 64
_KEPT_HOSTS = 20_000


# The bad ports of the Fetch standard, and those of data services: nobody uses the crawler to talk to them.
_CLOSED = frozenset(
    """
    1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137 139 143 161 179
    389 427 445 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 873 989 990 993 995 1433 1521 1719 1720 1723 2049 2181
    2375 2376 2379 2380 3306 3389 3659 4045 4190 5060 5061 5432 5672 5900 5984 6000 6379 6443 6566 6665 6666 6667 6668 6669 6679 6697 9042 9092 9200 9300 10250 10255 11211 26379 27017 27018
    """.split()  # noqa: SIM905 - a table
)


_SELF = (ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("::1"))


class ForbiddenAddress(OSError):  # noqa: N818 - a fact about the host
    """A host whose only addresses are private, local or otherwise not in the open."""


def check_literal(url: str, allowed: tuple[Network, ...], ports: frozenset[int] = frozenset()) -> None:
    """Refuses addresses spelled out in the URL, and names that mean this machine, also where a proxy would fetch them; and ports at
    which no web server answers, unless they are among `ports`.
    """
    whole = host_of(url)
    host = bare_host(whole).rstrip(".")
    address = literal(host)
    if address is not None and not may_fetch(address, allowed):
        raise ForbiddenAddress(f"{host} is not a public address")
    if (host == "localhost" or host.endswith(".localhost")) and not any(may_fetch(own, allowed) for own in _SELF):
        raise ForbiddenAddress(f"{host} is this machine")
    port = whole[len(bare_host(whole)) + 1 :]
    if port in _CLOSED and int(port) not in ports:
        raise ForbiddenAddress(f"no web server answers at port {port}")


def check_reading(url: str, host: str | None) -> None:
    """Refuses a URL of which the client reads another host than we checked."""
    if bare_host(host_of(url)).strip("[]") != (host or "").lower().strip("[]"):
        raise ForbiddenAddress(f"{url[:200]!r} can be read in two ways")


class GuardedResolver(AbstractResolver):
    """Resolves names and keeps only addresses that may be fetched.

    The connection goes to the very addresses that were checked, so a name that answers differently the second time gains nothing.
    """

    def __init__(self, allowed: tuple[Network, ...]) -> None:
        self._allowed = allowed
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="dns")
        self._found: OrderedDict[str, str] = OrderedDict()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port, family)
        public = [result for result in found if _open(result["host"], self._allowed)]
        if not public:
            raise ForbiddenAddress(f"{host} has no public address")
        self._found[host] = min(result["host"] for result in public)
        if len(self._found) > _KEPT_HOSTS:
            self._found.popitem(last=False)
        return public

    def address_of(self, host: str) -> str:
        """Where a host stands: of several addresses always the same one, whichever of them was asked; "" where nobody looked it up."""
        return host if literal(host) else self._found.get(host, "")

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
