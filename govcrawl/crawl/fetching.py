"""One fetch of one address over HTTP, bounded in size and time."""

import errno
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp
from yarl import URL

from govcrawl.crawl.guard import ForbiddenAddress, GuardedResolver, check_literal
from govcrawl.crawl.inflate import BadEncoding, TooLarge, inflate
from govcrawl.crawl.options import FetchLimits, Proxies
from govcrawl.frontier.model import Reason
from govcrawl.kit.clock import monotonic
from govcrawl.kit.networks import Network
from govcrawl.kit.urls import bare_host, host_of

_DNS_SECONDS = 300
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


class Fetcher:
    """A pool of connections. It never follows a redirect: each hop is a page of its own in the frontier."""

    def __init__(
        self, user_agent: str, limits: FetchLimits, proxies: Proxies, allowed: tuple[Network, ...] = (), slots: int = 0
    ) -> None:
        self._limits, self._proxies, self._allowed = limits, proxies, allowed
        self._tls = _lenient_tls()
        self._headers = {**_ASKED, "User-Agent": user_agent}
        self._direct = self._session(GuardedResolver(allowed), slots)
        # A proxy's own address is the operator's choice; only what it is asked for is checked.
        self._proxied = self._session(None, slots) if proxies.http or proxies.https else None

    def _session(self, resolver: GuardedResolver | None, slots: int) -> aiohttp.ClientSession:
        limits = self._limits
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=resolver, limit=slots, ttl_dns_cache=_DNS_SECONDS, keepalive_timeout=_KEEP_ALIVE_SECONDS, ssl=self._tls
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self._headers,
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
            check_literal(url, self._allowed)
            status, answered, body = await self._answer(url, headers, most)
            body = inflate(body, answered.get("content-encoding", ""), most)
        except TooLarge as fault:
            raise FetchError(Reason.TOO_LARGE) from fault
        except (aiohttp.ClientError, OSError, ValueError, BadEncoding) as fault:
            raise FetchError(reason_of(fault), str(fault)) from fault
        return Fetched(url, status, answered, body, monotonic() - started)

    async def _answer(self, url: str, headers: Mapping[str, str] | None, most: int) -> tuple[int, dict[str, str], bytes]:
        proxy = self._proxy(url)
        session = self._proxied if proxy and self._proxied else self._direct
        # The address is canonical already; yarl would spell parts of it anew.
        address = URL(url, encoded=True)
        async with session.get(address, headers=headers, proxy=proxy or None, allow_redirects=False) as response:
            answered = {name.lower(): value for name, value in response.headers.items()}
            if (response.content_length or 0) > most:
                response.close()
                raise TooLarge
            return response.status, answered, await _body(response, most)

    def _proxy(self, url: str) -> str:
        proxy = self._proxies.https if url.startswith("https:") else self._proxies.http
        return "" if proxy and bypasses(bare_host(host_of(url)), self._proxies.bypass) else proxy

    async def aclose(self) -> None:
        await self._direct.close()
        if self._proxied:
            await self._proxied.close()


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


def reason_of(fault: Exception) -> Reason:
    """The word of the taxonomy for what aiohttp or the system says went wrong."""
    inner = getattr(fault, "os_error", None) or fault
    for kind, reason in _BY_CAUSE:
        if isinstance(inner, kind):
            return reason
    if isinstance(fault, aiohttp.ClientConnectorDNSError):
        return Reason.DNS
    by_number = _BY_NUMBER.get(getattr(inner, "errno", None) or 0)
    return by_number or next((reason for kind, reason in _BY_KIND if isinstance(fault, kind)), Reason.BAD_RESPONSE)


_BY_CAUSE: tuple[tuple[type[Exception], Reason], ...] = (
    (ForbiddenAddress, Reason.FORBIDDEN_ADDRESS),
    (ssl.SSLError, Reason.TLS),
    (TimeoutError, Reason.TIMEOUT),
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
_BY_KIND: tuple[tuple[type[Exception], Reason], ...] = (
    (aiohttp.ClientSSLError, Reason.TLS),
    (aiohttp.ServerFingerprintMismatch, Reason.TLS),
    (aiohttp.ClientConnectorError, Reason.REFUSED),
    (aiohttp.ServerDisconnectedError, Reason.RESET),
    (aiohttp.ClientPayloadError, Reason.RESET),
    (OSError, Reason.RESET),
)


def _lenient_tls() -> ssl.SSLContext:
    """Reads what a visitor who clicks the warning away would read: an expired certificate is no reason not to inspect the page."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # Small units run servers of fifteen years ago: short keys, renegotiation without the extension.
    context.set_ciphers("DEFAULT@SECLEVEL=1")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context
