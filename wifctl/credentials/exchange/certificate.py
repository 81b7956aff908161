"""X.509: the certificate chain as Google's token; what proves it is the TLS connection."""

from __future__ import annotations

import base64
import json

from wifctl.credentials.exchange.plain import read_text
from wifctl.credentials.exchange.sources import CertificateToken
from wifctl.credentials.failures import unavailable


def certificate_token(source: CertificateToken) -> str:
    """The chain as a JSON list of base64 DER, leaf first. Raises TokenUnavailableError."""
    leaf = _certificates(source.certificate, "the certificate")[:1]
    chain = _certificates(source.trust_chain, "the trust chain") if source.trust_chain else []
    above = chain[1:] if chain[:1] == leaf else chain
    if leaf[0] in above:
        raise unavailable("the trust chain must start with the certificate itself")
    return json.dumps([base64.b64encode(each).decode() for each in (*leaf, *above)])


def _certificates(path: str, what: str) -> list[bytes]:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        found = x509.load_pem_x509_certificates(read_text(path, what).encode())
    except ValueError:
        raise unavailable(f"{what} {path} is not in PEM") from None
    return [each.public_bytes(Encoding.DER) for each in found]
