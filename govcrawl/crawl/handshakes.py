"""How connections are secured: carefully at first, and where a host fails at that, as a visitor who clicks the warning away."""

import ssl
import warnings
from collections import OrderedDict
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from govcrawl.kit.clock import monotonic
from govcrawl.page.tls import TlsFault, TlsKind

# A certificate that was renewed is noticed within a crawl.
_KEPT_SECONDS = 3600.0
_KEPT_HOSTS = 20_000
_MOST_CHARS = 200  # of a distinguished name
_OLD = ("SSLv3", "TLSv1", "TLSv1.1")  # given up by RFC 8996
# X509_V_ERR_* of OpenSSL.
_KINDS = {
    9: TlsKind.NOT_YET_VALID,
    10: TlsKind.EXPIRED,
    18: TlsKind.SELF_SIGNED,
    19: TlsKind.SELF_SIGNED,
    2: TlsKind.UNKNOWN_ISSUER,
    20: TlsKind.UNKNOWN_ISSUER,
    21: TlsKind.UNKNOWN_ISSUER,
    62: TlsKind.WRONG_NAME,
    64: TlsKind.WRONG_NAME,
}


class Handshakes:
    """Contexts by host, and what was wrong with each. An unsafe connection is no reason not to inspect a page, only to say so."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._refused: OrderedDict[str, tuple[float, Exception]] = OrderedDict()
        self._careful, self._lenient = self._context(careful=True), self._context(careful=False)

    def context(self, host: str) -> ssl.SSLContext:
        """`host` without its port."""
        return self._lenient if self._refusal(host) else self._careful

    def refused(self, host: str, fault: Exception) -> ssl.SSLContext:
        """The careful handshake failed: what to try next."""
        self._refused[host] = (monotonic() + _KEPT_SECONDS, fault)
        _trim(self._refused)
        return self._lenient

    def fault(self, host: str) -> TlsFault | None:
        """Of a host that answered over TLS."""
        protocol, certificate = self._seen.get(host, ("", b""))
        fault = self._refusal(host)
        if fault is None and protocol not in _OLD:
            return None
        names = _names(certificate)
        if fault is None:
            return TlsFault(TlsKind.OLD_PROTOCOL, f"speaks {protocol} at best", protocol, *names)
        kind = _KINDS.get(getattr(fault, "verify_code", 0), TlsKind.REFUSED)
        return TlsFault(kind, getattr(fault, "verify_message", "") or kind.value, protocol, *names)

    def _refusal(self, host: str) -> Exception | None:
        until, fault = self._refused.get(host, (0.0, None))
        return fault if until > monotonic() else None

    def _context(self, *, careful: bool) -> ssl.SSLContext:
        context = ssl.create_default_context() if careful else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if not careful:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        # Small units run servers of fifteen years ago: TLS 1.0, short keys, renegotiation without the extension.
        context.set_ciphers("DEFAULT@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
        context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
        context.sslobject_class = self._witness()
        return context

    def _witness(self) -> type[ssl.SSLObject]:
        """Reads protocol and certificate right after the handshake: aiohttp lets go of the connection with the end of a short answer."""
        seen = self._seen

        class Witness(ssl.SSLObject):
            def do_handshake(self) -> None:
                super().do_handshake()
                host = (self.server_hostname or "").lower()
                seen[host] = (self.version() or "", self.getpeercert(binary_form=True) or b"")
                seen.move_to_end(host)
                _trim(seen)

        return Witness


def _trim(kept: OrderedDict[str, Any]) -> None:
    while len(kept) > _KEPT_HOSTS:
        kept.popitem(last=False)


def _names(certificate: bytes) -> tuple[str, str, datetime | None]:
    """Issuer, subject, last day; nothing of a certificate that cannot be read."""
    try:
        read = x509.load_der_x509_certificate(certificate)
        return read.issuer.rfc4514_string()[:_MOST_CHARS], read.subject.rfc4514_string()[:_MOST_CHARS], read.not_valid_after_utc
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.UnsupportedGeneralNameType):
        return "", "", None
