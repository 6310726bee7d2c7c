"""Certificates and TLS servers that a careful visitor is warned of, or that are none."""

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from tests.hostile.behaviour import AGAIN, DONE, GOOD, Act, Behaviour

_NOW = datetime.now(UTC)
# Not valid before and after, in days from now; the name it is for ("" is the address itself); bits of an RSA key (0: elliptic).
_CERTIFICATES = {
    "self-signed": (-30, 300, "", 0),
    "expired": (-900, -500, "", 0),
    "not yet valid": (500, 900, "", 0),
    "of another name": (-30, 300, "other.test", 0),
    "short key": (-30, 300, "", 1024),
}
_OLD = ssl.TLSVersion.TLSv1
_VERSIONS = {
    "TLS 1.0 alone": _OLD,
    "TLS 1.1 alone": ssl.TLSVersion.TLSv1_1,
    "TLS 1.2 alone": ssl.TLSVersion.TLSv1_2,
    "TLS 1.3 alone": ssl.TLSVersion.TLSv1_3,
}
WARNED = tuple(Behaviour(f"has a certificate that is {kind}", DONE, GOOD, tls=kind) for kind in _CERTIFICATES)
OLD = tuple(Behaviour(f"speaks {kind}", DONE, GOOD, tls=kind) for kind in _VERSIONS)
_ALERT = b"\x15\x03\x03\x00\x02\x02"
BROKEN = (
    Behaviour("shows a chain of sixty certificates", DONE, GOOD, tls="long chain"),
    # It ends the connection when it gets none, after the handshake.
    Behaviour("wants a certificate of the visitor", "reset", GOOD, AGAIN, tls="mutual"),
    Behaviour("resets after the handshake", "reset", (Act.RESET,), AGAIN, tls="self-signed"),
    Behaviour("falls silent after the handshake", "timeout", (Act.HANG,), AGAIN, tls="self-signed"),
    Behaviour("speaks HTTP on the port of TLS", "tls", (b"HTTP/1.1 400 Bad Request\r\n\r\n",), AGAIN, scheme="https"),
    Behaviour("answers a handshake with noise", "tls", (bytes(range(256)),), AGAIN, scheme="https"),
    Behaviour("does not know the name", "tls", (_ALERT + b"\x70", Act.HANG), AGAIN, scheme="https"),
    Behaviour("does not want to shake hands", "tls", (_ALERT + b"\x28", Act.HANG), AGAIN, scheme="https"),
    Behaviour("ends within the handshake", "reset", (Act.END,), AGAIN, scheme="https"),
    Behaviour("resets within the handshake", "reset", (Act.RESET,), AGAIN, scheme="https"),
    Behaviour("falls silent within the handshake", "timeout", (Act.HANG,), AGAIN, scheme="https"),
)


def certificate(folder: Path, address: str, kind: str) -> Path:
    """A file with key and self-signed certificate."""
    begins, ends, name, bits = _CERTIFICATES.get(kind, _CERTIFICATES["self-signed"])
    key = rsa.generate_private_key(65537, bits) if bits else ec.generate_private_key(ec.SECP256R1())
    whom = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name or address)])
    built = (
        x509.CertificateBuilder()
        .subject_name(whom)
        .issuer_name(whom)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_NOW + timedelta(days=begins))
        .not_valid_after(_NOW + timedelta(days=ends))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) if name else x509.IPAddress(ip_address(address))]), False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{address}.pem"
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    path.write_bytes(plain + built.public_bytes(serialization.Encoding.PEM))
    return path


def context(folder: Path, address: str, kind: str) -> ssl.SSLContext:
    """What a server of this kind shakes hands with."""
    path = certificate(folder, address, kind)
    if kind == "long chain":
        first = path.read_bytes()
        path.write_bytes(first + first[first.index(b"-----BEGIN CERTIFICATE") :] * 60)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers("DEFAULT:@SECLEVEL=0")
    made.load_cert_chain(path)
    if kind == "mutual":
        made.verify_mode = ssl.CERT_REQUIRED
        made.load_verify_locations(path)
    _limit(made, kind)
    return made


def _limit(made: ssl.SSLContext, kind: str) -> None:
    if kind not in _VERSIONS:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # old versions are the point
        made.minimum_version = _OLD
        made.maximum_version = _VERSIONS[kind]
        made.minimum_version = _VERSIONS[kind]
