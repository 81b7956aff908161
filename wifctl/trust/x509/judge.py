"""An X.509 subject token against a provider: every rule, and what CEL then sees of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from wifctl.trust.documents import X509
from wifctl.trust.provider import JudgeContext, ProviderConfig
from wifctl.trust.rulebook import Rulebook
from wifctl.trust.verdict import Verdict
from wifctl.trust.x509.certificates import (
    MAX_LEAF_LIFETIME,
    claims,
    key_problem,
    load_certificate,
    name_of,
    parse_pem_ca,
)
from wifctl.trust.x509.chain import build_chain

MAX_CHAIN = 5
"""Certificates from the client's to the root, both included ("Limits", X.509 guide)."""

RULES = Rulebook(
    "client certificate",
    X509,
    {
        "X509-1": "the token is a JSON list of base64 DER certificates, the client's first",
        "X509-2": "the client certificate is valid now",
        "X509-3": "the client certificate chains up to one of the trust anchors",
        "X509-4": f"the chain has at most {MAX_CHAIN} certificates, root and client included",
        "X509-5": "every key is RSA with 2048 to 4096 bits or on the curve P-256 or P-384",
        "X509-6": f"the client certificate is valid for at most {MAX_LEAF_LIFETIME.days} days",
        "X509-7": "the client certificate may be used for TLS client authentication",
    },
)

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)
Judged = tuple[tuple[Verdict, ...], dict[str, object] | None]


def judge_x509(token: str, provider: ProviderConfig, context: JudgeContext) -> Judged:
    """Every X.509 rule on the token, and the assertion for CEL when X509-3 passes. Never raises.

    The TLS handshake is out of reach here; a note says what Google asks of it.
    """
    chain = _decode(token)
    if isinstance(chain, str):
        hint = "Send the base64 of each certificate's DER, as google-auth does"
        refused = RULES.judge("X509-1", False, found=chain, hint=hint)
        return RULES.complete([refused], "the token cannot be read"), None
    leaf, now = chain[0], context.now.astimezone(UTC)
    anchors, intermediates, unusable = _store(provider)
    built = build_chain(leaf, [*chain[1:], *intermediates], anchors, now)
    lifetime = leaf.not_valid_after_utc - leaf.not_valid_before_utc
    verdicts = [
        RULES.judge("X509-1", True, found=f"{len(chain)}: {name_of(leaf)}", notes=(_HANDSHAKE,)),
        _period_verdict(leaf, now),
        _chain_verdict(built, unusable),
        _length_verdict(built),
        _key_verdict(chain),
        RULES.judge(
            "X509-6",
            lifetime <= MAX_LEAF_LIFETIME,
            found=f"{lifetime.days} days",
            hint="Issue client certificates for a shorter time",
        ),
        _usage_verdict(leaf),
    ]
    return RULES.complete(verdicts, ""), None if isinstance(built, str) else claims(leaf)


_HANDSHAKE = "Google also wants this very certificate in the TLS handshake with its mTLS endpoint"
_MINUTE = "%Y-%m-%dT%H:%MZ"


def _decode(token: str) -> list[x509.Certificate] | str:
    try:
        items = json.loads(token)
    except (ValueError, RecursionError):
        return "not JSON"
    if not isinstance(items, list) or not items:
        return "not a list with at least one certificate"
    chain = []
    for index, item in enumerate(items, start=1):
        certificate = _certificate(item)
        if isinstance(certificate, str):
            return f"entry {index} is {certificate}"
        chain.append(certificate)
    return chain


def _certificate(item: object) -> x509.Certificate | str:
    if not isinstance(item, str):
        return "no text"
    try:
        der = base64.b64decode(item, validate=True)
    except ValueError:
        return "not base64"
    return load_certificate(der)


def _store(
    provider: ProviderConfig,
) -> tuple[list[x509.Certificate], list[x509.Certificate], tuple[str, ...]]:
    """Anchors, intermediates, and why an entry of the store is left out."""
    unusable: list[str] = []
    anchors = _entries("trustAnchors", provider.trust_anchors, unusable)
    intermediates = _entries("intermediateCas", provider.intermediate_cas, unusable)
    return anchors, intermediates, tuple(unusable)


def _entries(field: str, entries: Sequence[str], unusable: list[str]) -> list[x509.Certificate]:
    usable = []
    for index, pem in enumerate(entries):
        parsed = parse_pem_ca(pem)
        if isinstance(parsed, list):
            unusable.append(f"{field}[{index}] is not used: {parsed[0].message}")
        else:
            usable.append(parsed)
    return usable


def _period_verdict(leaf: x509.Certificate, now: datetime) -> Verdict:
    start, end = leaf.not_valid_before_utc, leaf.not_valid_after_utc
    return RULES.judge(
        "X509-2",
        start <= now <= end,
        found=f"{start:{_MINUTE}} to {end:{_MINUTE}}",
        wanted=f"around {now:{_MINUTE}}",
        hint="Issue a new client certificate",
    )


def _chain_verdict(built: tuple[x509.Certificate, ...] | str, unusable: tuple[str, ...]) -> Verdict:
    if isinstance(built, str):
        hint = "Add the issuing authority to trustAnchors or intermediateCas, or to the token"
        return RULES.judge("X509-3", False, found=built, notes=unusable, hint=hint)
    return RULES.judge("X509-3", True, found=" <- ".join(map(name_of, built)), notes=unusable)


def _length_verdict(built: tuple[x509.Certificate, ...] | str) -> Verdict:
    if isinstance(built, str):
        return RULES.skipped("X509-4", "there is no chain to a trust anchor")
    hint = "Make a nearer authority the trust anchor"
    return RULES.judge("X509-4", len(built) <= MAX_CHAIN, found=str(len(built)), hint=hint)


def _key_verdict(certificates: Sequence[x509.Certificate]) -> Verdict:
    """Of what the client sent; a trust store with another key is refused when it is uploaded."""
    problems = {
        f"{name_of(item)}: {problem}" for item in certificates if (problem := key_problem(item))
    }
    return RULES.judge("X509-5", not problems, found="; ".join(sorted(problems)))


def _usage_verdict(leaf: x509.Certificate) -> Verdict:
    """A certificate that says nothing of its usage may be used for anything (RFC 5280, 4.2.1)."""
    problems = []
    purposes = _extension(leaf, x509.ExtendedKeyUsage)
    allowed = {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    if purposes is not None and not allowed & set(purposes):
        problems.append("extendedKeyUsage lacks clientAuth")
    usage = _extension(leaf, x509.KeyUsage)
    if usage is not None and not usage.digital_signature:
        problems.append("keyUsage lacks digitalSignature")
    return RULES.judge("X509-7", not problems, found="; ".join(problems))


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
