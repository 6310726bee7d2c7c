"""A certificate authority of a test's own."""

import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from govcrawl.kit.clock import utc_now


class Authority:
    """`file` holds its certificate; `context` is that of a server on 127.0.0.1 which it vouches for."""

    def __init__(self, folder: Path, name: str) -> None:
        self.file = folder / f"{name}.pem"
        key, issuer = ec.generate_private_key(ec.SECP256R1()), _name(name)
        certificate = _unsigned(issuer, issuer, key).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        signed = (
            certificate.add_extension(usage, critical=True).add_extension(identifier, critical=False).sign(key, hashes.SHA256())
        )
        self.file.write_bytes(signed.public_bytes(Encoding.PEM))
        self.context = self._server(folder / f"{name}-server.pem", key, issuer, identifier)

    def _server(
        self, file: Path, key: ec.EllipticCurvePrivateKey, issuer: x509.Name, identifier: x509.SubjectKeyIdentifier
    ) -> ssl.SSLContext:
        own = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        issued_by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
        certificate = _unsigned(_name("127.0.0.1"), issuer, own).add_extension(names, critical=False)
        signed = certificate.add_extension(issued_by, critical=False).sign(key, hashes.SHA256())
        private = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + signed.public_bytes(Encoding.PEM))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        return context


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _unsigned(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = utc_now()
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
