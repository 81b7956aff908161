"""Signing keys: Google's for ID tokens and each service account's own, made when first needed."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from wifctl.emulator.clock import Clock
from wifctl.emulator.errors import Json
from wifctl.emulator.store import Store

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

KIND = "signingKey"
"""`signingKeys/google`, and `signingKeys/UNIQUEID` of a service account."""
GOOGLE = "google"
BITS = 2048
_VALID = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An RSA key and its id."""

    key_id: str
    key: RSAPrivateKey

    def sign(self, data: bytes) -> bytes:
        """An RSA signature with SHA-256, PKCS #1 v1.5, as all of Google's are."""
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding

        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def sign_jwt(self, payload: str) -> str:
        """A compact JWS over a payload as it is written."""
        header = json.dumps({"alg": "RS256", "kid": self.key_id, "typ": "JWT"})
        signed = f"{_base64url(header.encode())}.{_base64url(payload.encode())}"
        return f"{signed}.{_base64url(self.sign(signed.encode()))}"

    @property
    def jwk(self) -> Mapping[str, str]:
        """The public half, as Google publishes it."""
        numbers = self.key.public_key().public_numbers()
        public = {"n": _number(numbers.n), "e": _number(numbers.e)}
        return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": self.key_id, **public}

    def public_pem(self) -> str:
        """The public half as PEM."""
        from cryptography.hazmat.primitives import serialization

        pem = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return pem.decode()

    def certificate_pem(self, name: str, clock: Clock) -> str:
        """A self-signed certificate over the key, in PEM."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.x509.oid import NameOID

        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(self.key.public_key())
            .serial_number(int(self.key_id[:16], 16) + 1)
            .not_valid_before(clock.now() - timedelta(days=1))
            .not_valid_after(clock.now() + _VALID)
        )
        certificate = builder.sign(self.key, hashes.SHA256())
        return certificate.public_bytes(serialization.Encoding.PEM).decode()


def signing_key(store: Store, owner: str) -> SigningKey:
    """The key of an owner: `google`, or a service account's unique id."""
    record = store.get(KIND, f"signingKeys/{owner}")
    if record is None:
        record = _made()
        store.put(KIND, f"signingKeys/{owner}", record)
    return _loaded(record["keyId"], record["privateKey"])


def google_jwks(store: Store) -> Json:
    """The keys that verify the ID tokens issued here."""
    return {"keys": [dict(signing_key(store, GOOGLE).jwk)]}


def _made() -> Json:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {"keyId": hashlib.sha256(public).hexdigest()[:40], "privateKey": pem.decode()}


@functools.lru_cache(maxsize=64)
def _loaded(key_id: str, pem: str) -> SigningKey:
    from cryptography.hazmat.primitives import serialization

    key: Any = serialization.load_pem_private_key(pem.encode(), None)
    return SigningKey(key_id, key)


def _number(value: int) -> str:
    return _base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
