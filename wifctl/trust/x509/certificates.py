"""Certificates of a trust store and of a token: reading them, and Google's limits on each."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from wifctl.trust.rulebook import Problem

PEM_LIMIT = 32 * 1024
"""Bytes of one certificate ("Limits", X.509 guide)."""
ANCHOR_LIMIT, INTERMEDIATE_LIMIT = 3, 10
RSA_BITS = range(2048, 4096 + 1)
CURVES = frozenset({"secp256r1", "secp384r1"})
MAX_LEAF_LIFETIME = timedelta(days=390)

_DER = Encoding.DER

UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What reading a certificate, its key and its extensions raises; they share no base class."""

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_ONE = "Give exactly one CA certificate in PEM an entry; use more entries for more"


def load_certificate(der: bytes) -> x509.Certificate | str:
    """The certificate in these bytes, or why there is none that can be used."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        certificate.public_key()
        list(certificate.extensions)
        certificate.subject.rfc4514_string()
        certificate.issuer.rfc4514_string()
    except UNREADABLE as error:
        return f"not a readable certificate: {_first_line(error)}"
    return certificate


def parse_pem_ca(pem: str) -> x509.Certificate | list[Problem]:
    """The one CA certificate of a trust store entry, or every reason why Google refuses it."""
    if len(pem.encode("utf-8", "surrogatepass")) > PEM_LIMIT:
        return [Problem(f"the PEM is longer than {PEM_LIMIT} bytes", _ONE)]
    labels = [found[1] for found in _BLOCK.finditer(pem)]
    if any("PRIVATE KEY" in label for label in labels):
        return [Problem("the PEM holds a private key", "Remove the key, and replace it: it leaked")]
    if labels != ["CERTIFICATE"]:
        return [Problem(f"the PEM holds {len(labels)} blocks, not one CERTIFICATE", _ONE)]
    try:
        der = x509.load_pem_x509_certificate(pem.encode("ascii")).public_bytes(_DER)
    except UNREADABLE as error:
        return [Problem(f"the PEM is not a readable certificate: {_first_line(error)}", _ONE)]
    certificate = load_certificate(der)
    if isinstance(certificate, str):
        return [Problem(certificate, _ONE)]
    return _ca_problems(certificate) or certificate


def _ca_problems(certificate: x509.Certificate) -> list[Problem]:
    problems = []
    if not is_ca(certificate):
        text = f"{name_of(certificate)} is no CA certificate (basicConstraints CA:TRUE is missing)"
        problems.append(Problem(text, "Use the authority's own certificate"))
    if problem := key_problem(certificate):
        problems.append(Problem(f"{name_of(certificate)}: {problem}", _KEYS))
    return problems


def trust_store_problems(
    anchors: Sequence[str], intermediates: Sequence[str], now: datetime
) -> list[tuple[str, Problem]]:
    """Everything Google refuses in a trust store, each with its field path in the store."""
    problems = []
    if not 1 <= len(anchors) <= ANCHOR_LIMIT:
        text = f"there are {len(anchors)} trust anchors, Google takes 1 to {ANCHOR_LIMIT}"
        problems.append(("trustAnchors", Problem(text)))
    if len(intermediates) > INTERMEDIATE_LIMIT:
        text = f"there are {len(intermediates)} intermediates, Google takes {INTERMEDIATE_LIMIT}"
        problems.append(("intermediateCas", Problem(text)))
    for field, entries in (("trustAnchors", anchors), ("intermediateCas", intermediates)):
        for index, pem in enumerate(entries):
            path = f"{field}[{index}].pemCertificate"
            problems.extend((path, problem) for problem in _entry_problems(pem, now))
    return problems


def _entry_problems(pem: str, now: datetime) -> list[Problem]:
    parsed = parse_pem_ca(pem)
    if isinstance(parsed, list):
        return parsed
    if parsed.not_valid_after_utc < now:
        text = f"{name_of(parsed)} expired on {parsed.not_valid_after_utc:%Y-%m-%d}"
        return [Problem(text, "Use the authority's current certificate")]
    return []


_KEYS = "Use RSA with 2048 to 4096 bits, or the curve P-256 or P-384"


def key_problem(certificate: x509.Certificate) -> str:
    """Why Google does not take this certificate's key, or ""."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return "" if key.key_size in RSA_BITS else f"the RSA key has {key.key_size} bits"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return "" if key.curve.name in CURVES else f"the key is on the curve {key.curve.name}"
    return "the key is neither RSA nor on an elliptic curve"


def is_ca(certificate: x509.Certificate) -> bool:
    """Whether basicConstraints say so."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def name_of(certificate: x509.Certificate) -> str:
    """The subject as people write it."""
    return certificate.subject.rfc4514_string() or "(no subject)"


def claims(certificate: x509.Certificate) -> dict[str, object]:
    """What `assertion` is to CEL: exactly the fields the X.509 guide lists; absent ones absent."""
    digits = f"{certificate.serial_number:x}"
    return {
        "serialNumberHex": digits.zfill(len(digits) + len(digits) % 2),
        "subject": {"dn": _distinguished(certificate.subject)},
        "issuer": {"dn": _distinguished(certificate.issuer)},
        "san": _alternative(certificate),
        "sha256Fingerprint": base64.b64encode(
            hashlib.sha256(certificate.public_bytes(_DER)).digest()
        ).decode(),
    }


_PARTS: tuple[tuple[str, ObjectIdentifier], ...] = (
    ("cn", NameOID.COMMON_NAME),
    ("o", NameOID.ORGANIZATION_NAME),
    ("ou", NameOID.ORGANIZATIONAL_UNIT_NAME),
)


def _distinguished(name: x509.Name) -> dict[str, str]:
    """The last of several: the guide says so of the organizational unit."""
    found = {key: name.get_attributes_for_oid(oid) for key, oid in _PARTS}
    return {key: str(values[-1].value) for key, values in found.items() if values}


def _alternative(certificate: x509.Certificate) -> dict[str, str]:
    """The first name of each kind, as the guide says."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return {}
    names = {
        "dns": found.get_values_for_type(x509.DNSName),
        "uri": found.get_values_for_type(x509.UniformResourceIdentifier),
    }
    return {kind: values[0] for kind, values in names.items() if values}


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
