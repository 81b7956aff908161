"""Certificates as the PEM files a flag names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from tests.support.keys import Certified, certify, distinguished_name, rsa_key


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its key, in memory and as files."""

    certified: Certified
    certificate_path: str
    key_path: str

    @property
    def certificate(self) -> x509.Certificate:
        return self.certified.certificate

    @property
    def pem(self) -> str:
        return self.certified.pem


def put_pair(certified: Certified, folder: Path, name: str) -> Pair:
    """Write a certificate and its key to NAME.pem and NAME.key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_text(certified.pem)
    key.write_text(certified.key_pem)
    return Pair(certified, str(certificate), str(key))


def self_signed(folder: Path, name: str) -> Pair:
    """An RSA pair, as AD FS wants it."""
    return put_pair(certify(rsa_key(name), distinguished_name(name)), folder, name)


def issue(issuer: Pair, folder: Path, name: str) -> Pair:
    """An RSA pair below another."""
    made = certify(rsa_key(name), distinguished_name(name), issuer=issuer.certified)
    return put_pair(made, folder, name)
