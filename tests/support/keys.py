"""Private keys and certificates for tests: made once a session, never read from disk."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
"""The clock of tests that need not be real."""
VALID_FROM = NOW - timedelta(days=180)
VALID_UNTIL = NOW + timedelta(days=3650)


@functools.cache
def rsa_key(name: str = "", bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key; the same name gives the same key (making one costs about 0.1 s)."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@functools.cache
def ec_key(name: str = "", curve: type[ec.EllipticCurve] = ec.SECP256R1) -> PrivateKey:
    """An elliptic curve key; the same name gives the same key."""
    del name
    return ec.generate_private_key(curve())


def distinguished_name(cn: str, o: str = "", ou: Iterable[str] = ()) -> x509.Name:
    """A certificate's subject; empty parts are left out."""
    parts = [(NameOID.COMMON_NAME, cn), (NameOID.ORGANIZATION_NAME, o)]
    parts += [(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in ou]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in parts if text])


@dataclass(frozen=True)
class Certified:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def pem(self) -> str:
        """The certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def der(self) -> bytes:
        """The certificate as DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def key_pem(self) -> str:
        """The private key as PEM, for clients that read files."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()


def certify(
    key: PrivateKey,
    subject: x509.Name,
    *,
    issuer: Certified | None = None,
    not_before: datetime = VALID_FROM,
    not_after: datetime = VALID_UNTIL,
    extensions: Iterable[tuple[x509.ExtensionType, bool]] = (),
    serial: int = 0,
) -> Certified:
    """A certificate over `key`, self-signed without an issuer; extensions may be critical."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return Certified(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)
