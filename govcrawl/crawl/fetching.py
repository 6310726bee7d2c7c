"""One fetch of one address over HTTP, bounded in size and time."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from govcrawl.crawl.guard import GuardedResolver, check_literal, check_reading
from govcrawl.crawl.handshakes import Handshakes
from govcrawl.crawl.inflate import BadEncoding, TooLarge, inflate
from govcrawl.crawl.options import FetchLimits, Proxies
from govcrawl.crawl.reasons import reason_of
from govcrawl.frontier.model import Reason
from govcrawl.kit.clock import monotonic
from govcrawl.kit.networks import Network
from govcrawl.kit.urls import bare_host, host_of
from govcrawl.page.tls import TlsFault

_DNS_SECONDS = 300
_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
# Longer than the usual delay between two pages of a host, shorter than what servers keep open.
_KEEP_ALIVE_SECONDS = 15
_ASKED = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}


class FetchError(Exception):
    """No answer that could be read. `reason` is the word of the failure taxonomy."""

    def __init__(self, reason: Reason, words: str = "") -> None:
        super().__init__(words or reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. Header names are in lower case, the body is unpacked; `seconds` until the whole body was there."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    tls: TlsFault | None = None


class Fetcher:
    """A pool of connections. It never follows a redirect: each hop is a page of its own in the frontier."""

    def __init__(
        self, user_agent: str, limits: FetchLimits, proxies: Proxies, allowed: tuple[Network, ...] = (), slots: int = 0
    ) -> None:
        self._limits, self._proxies, self._allowed = limits, proxies, allowed
        self._handshakes = Handshakes()
        self._headers = {**_ASKED, "User-Agent": user_agent}
        self._resolver = GuardedResolver(allowed)
        self._direct = self._session(self._resolver, slots)
        # A proxy's own address is the operator's choice; only what it is asked for is checked.
        self._proxied = self._session(None, slots) if proxies.http or proxies.https else None

    def _session(self, resolver: GuardedResolver | None, slots: int) -> aiohttp.ClientSession:
        limits = self._limits
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=resolver, limit=slots, ttl_dns_cache=_DNS_SECONDS, keepalive_timeout=_KEEP_ALIVE_SECONDS
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self._headers,
            middlewares=(_once,),
            max_line_size=limits.max_header_bytes,
            max_field_size=limits.max_header_bytes,
            max_headers=limits.max_headers,
            auto_decompress=False,  # unbounded in aiohttp: a bomb would unpack before it is counted
            timeout=aiohttp.ClientTimeout(
                total=limits.total_seconds, sock_connect=limits.connect_seconds, sock_read=limits.read_seconds
            ),
        )

    async def fetch(self, url: str, headers: Mapping[str, str] | None = None, max_bytes: int | None = None) -> Fetched:
        """Raises FetchError and nothing else. `max_bytes` None is the usual limit."""
        started = monotonic()
        most = max_bytes or self._limits.max_bytes
        try:
            check_literal(url, self._allowed, self._limits.ports)
            status, answered, body = await self._answer(url, headers, most)
            body = inflate(body, _encoding(url, answered), most)
        except TooLarge as fault:
            raise FetchError(Reason.TOO_LARGE) from fault
        except (aiohttp.ClientError, OSError, ValueError, BadEncoding) as fault:
            raise FetchError(reason_of(fault), str(fault)) from fault
        return Fetched(url, status, answered, body, monotonic() - started, self._fault(url))

    async def peek(self, method: str, url: str, headers: Mapping[str, str], most: int) -> Fetched:
        """As `fetch`, of any answer its first `most` bytes; the rest is never read. Ask for no encoding: nothing is unpacked."""
        started = monotonic()
        try:
            check_literal(url, self._allowed, self._limits.ports)
            async with self._request(method, url, headers) as response:
                body = await _beginning(response, most)
                answered = _headers(response)
                response.close()
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            raise FetchError(reason_of(fault), str(fault)) from fault
        return Fetched(url, response.status, answered, body, monotonic() - started, self._fault(url))

    async def _answer(self, url: str, headers: Mapping[str, str] | None, most: int) -> tuple[int, dict[str, str], bytes]:
        async with self._request("GET", url, headers) as response:
            answered = _headers(response)
            if (response.content_length or 0) > most:
                response.close()
                raise TooLarge
            return response.status, answered, await _body(response, most)

    @asynccontextmanager
    async def _request(self, method: str, url: str, headers: Mapping[str, str] | None) -> AsyncIterator[aiohttp.ClientResponse]:
        proxy = self._proxy(url)
        session = self._proxied if proxy and self._proxied else self._direct
        # The address is canonical already; yarl would spell parts of it anew.
        address = URL(url, encoded=True)
        check_reading(url, address.raw_host)
        host = bare_host(host_of(url)).strip("[]")
        words: dict[str, Any] = {"headers": headers, "proxy": proxy or None, "allow_redirects": False}
        try:
            response = await session.request(method, address, ssl=self._handshakes.context(host), **words)
        except aiohttp.ClientConnectorCertificateError as fault:
            # No request has gone out yet: the host is asked once all the same.
            lenient = self._handshakes.refused(host, fault.certificate_error)
            response = await session.request(method, address, ssl=lenient, **words)
        async with response:
            yield response

    def _fault(self, url: str) -> TlsFault | None:
        return self._handshakes.fault(bare_host(host_of(url)).strip("[]")) if url.startswith("https:") else None

    def address_of(self, url: str) -> str:
        """The IP address that requests to this URL go to; "" through a proxy, which alone knows it."""
        return "" if self._proxy(url) else self._resolver.address_of(bare_host(host_of(url)).strip("[]"))

    def _proxy(self, url: str) -> str:
        proxy = self._proxies.https if url.startswith("https:") else self._proxies.http
        return "" if proxy and bypasses(bare_host(host_of(url)), self._proxies.bypass) else proxy

    async def aclose(self) -> None:
        await self._direct.close()
        if self._proxied:
            await self._proxied.close()


class _UnansweredError(aiohttp.ClientError):
    """A connection that ended without an answer; its cause says how."""


async def _once(
    request: aiohttp.ClientRequest, send: Callable[[aiohttp.ClientRequest], Awaitable[aiohttp.ClientResponse]]
) -> aiohttp.ClientResponse:
    """Where a connection ends aiohttp asks again at once: sooner than the delay of the host allows."""
    try:
        return await send(request)
    except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as fault:
        raise _UnansweredError(str(fault)) from fault


def _headers(response: aiohttp.ClientResponse) -> dict[str, str]:
    """Names in lower case, and text that can be stored: aiohttp hands raw bytes on as lone surrogates."""
    return {name.lower(): value if value.isascii() else _text(name, value) for name, value in response.headers.items()}


def _text(name: str, value: str) -> str:
    raw = value.encode("utf-8", "surrogateescape")
    # As browsers read an address in the bytes of whatever encoding.
    return quote(raw, safe=_PRINTABLE) if name.lower() == "location" else raw.decode("utf-8", "replace")


def _encoding(url: str, headers: dict[str, str]) -> str:
    """In what a body is packed. XML may be packed by its author as well, as sitemaps are (sitemaps.org 0.9): then its type is that of the
    packet, and told as it is inside.
    """
    said = headers.get("content-encoding", "")
    if not url.partition("?")[0].endswith(".xml.gz"):
        return said
    headers["content-type"] = "application/xml"
    return f"gzip, {said}"


async def _beginning(response: aiohttp.ClientResponse, most: int) -> bytes:
    pieces, size = [], 0
    while size < most and (piece := await response.content.readany()):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)[:most]


async def _body(response: aiohttp.ClientResponse, most: int) -> bytes:
    pieces, size = [], 0
    while piece := await response.content.readany():
        pieces.append(piece)
        size += len(piece)
        if size > most:
            response.close()
            raise TooLarge
    return b"".join(pieces)


def bypasses(host: str, no_proxy: str) -> bool:
    """The usual reading of no_proxy: `*`, or suffixes of host names separated by commas."""
    words = [word.strip().lower().lstrip("*.") for word in no_proxy.split(",")]
    return no_proxy.strip() == "*" or any(word and (host == word or host.endswith(f".{word}")) for word in words)
