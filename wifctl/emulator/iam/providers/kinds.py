"""The four kinds of trust: oidc, aws, saml, x509; what each requires."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from wifctl.emulator.errors import Json, invalid

KINDS = ("oidc", "aws", "saml", "x509")
MAX_AUDIENCES = 10
MAX_AUDIENCE = 256
"""Characters."""

_ACCOUNT = re.compile(r"[0-9]{12}")


def kind_of(provider: Json) -> str:
    """Which kind a provider is. Raises INVALID_ARGUMENT unless it is exactly one."""
    found = [kind for kind in KINDS if kind in provider]
    if len(found) != 1:
        raise invalid("Exactly one of oidc, aws, saml and x509 must be set.")
    return found[0]


def check_kind(kind: str, provider: Json, live: Json | None, now: datetime) -> None:
    """Raise INVALID_ARGUMENT for what the kind's own part may not hold."""
    _CHECKS[kind](provider[kind], (live or {}).get(kind), now)


def _check_oidc(oidc: Json, _live: Json | None, _now: datetime) -> None:
    issuer = oidc.get("issuerUri", "")
    if not issuer:
        raise invalid("The OIDC issuer URI is required.")
    if not _is_https(issuer):
        raise invalid(f'Invalid OIDC issuer URI "{issuer}": it must be a valid https URI.')
    audiences = oidc.get("allowedAudiences", [])
    if len(audiences) > MAX_AUDIENCES:
        raise invalid(f"At most {MAX_AUDIENCES} allowed audiences can be set.")
    if any(not 0 < len(audience) <= MAX_AUDIENCE for audience in audiences):
        raise invalid(f"An allowed audience must have 1 to {MAX_AUDIENCE} characters.")
    _check_discovery(issuer, oidc.get("discoveryUri", ""))
    if oidc.get("jwksJson"):
        _check_jwks(oidc["jwksJson"])


def _check_discovery(issuer: str, uri: str) -> None:
    from wifctl.trust.oidc.issuer import discovery_problem

    if uri and (problem := discovery_problem(issuer, uri)):
        raise invalid(f"Invalid OIDC discovery URI: {problem}.")


def _check_jwks(text: str) -> None:
    from wifctl.trust.oidc.jwks import check_uploaded

    for problem in check_uploaded(text):
        if problem.refused:
            raise invalid(problem.text or f"Invalid JWKs: {problem.message}.")


def _check_aws(aws: Json, _live: Json | None, _now: datetime) -> None:
    account = aws.get("accountId", "")
    if not account:
        raise invalid("The AWS account id is required.")
    if not _ACCOUNT.fullmatch(account):
        raise invalid(f'Invalid AWS account id "{account}": it must have 12 digits.')


def _check_saml(saml: Json, live: Json | None, now: datetime) -> None:
    from wifctl.trust.saml.metadata import check_metadata, overlap_problem, parse_metadata

    xml = saml.get("idpMetadataXml", "")
    if not xml:
        raise invalid("The SAML metadata document is required.")
    if problems := check_metadata(xml, now):
        raise invalid("Invalid SAML metadata: " + "; ".join(p.message for p in problems) + ".")
    before: str = (live or {}).get("idpMetadataXml") or xml
    if before != xml:
        sent, kept = parse_metadata(xml), parse_metadata(before)
        if not isinstance(sent, list) and not isinstance(kept, list):
            problem = overlap_problem(sent, kept, now)
            if problem:
                raise invalid(f"Invalid SAML metadata: {problem.message}.")


def _check_x509(x509: Json, _live: Json | None, now: datetime) -> None:
    from wifctl.trust.x509.certificates import trust_store_problems

    store = x509.get("trustStore")
    if not store:
        raise invalid("The X.509 trust store is required.")
    anchors, intermediates = (
        [entry.get("pemCertificate", "") for entry in store.get(field, [])]
        for field in ("trustAnchors", "intermediateCas")
    )
    for path, problem in trust_store_problems(anchors, intermediates, now):
        raise invalid(f"Invalid trust store: {path}: {problem.message}.")


def _is_https(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        return parts.scheme == "https" and bool(parts.hostname) and not parts.fragment
    except ValueError:
        return False


_CHECKS: Mapping[str, Callable[[Json, Json | None, datetime], None]] = {
    "oidc": _check_oidc,
    "aws": _check_aws,
    "saml": _check_saml,
    "x509": _check_x509,
}
