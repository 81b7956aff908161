"""What Google refuses of a provider, said before the call (discovery document of iam v1)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from wifctl.kinds import checks, expressions
from wifctl.kinds.base import Problem
from wifctl.resource import Resource
from wifctl.trust.issuers.catalogue import multi_tenant_issuer

TYPES = ("oidc", "aws", "saml", "x509")
_KEY = re.compile(r"google\.subject|google\.groups|attribute\.[a-z0-9_]+")
_MAPPING = "spec.attributeMapping"
_CONDITION = "spec.attributeCondition"


def check(resource: Resource) -> Iterable[Problem]:
    """Every problem of one provider's spec."""
    spec = resource.spec
    yield from checks.pool_id(resource.address.id, "metadata.id", "provider")
    given = [name for name in TYPES if getattr(spec, name) is not None]
    if len(given) != 1:
        yield checks.one_of("spec", TYPES)
    yield from _mapping(spec)
    if spec.attribute_condition is not None:
        yield from expressions.condition(spec.attribute_condition, _CONDITION)
    for index, name in enumerate(spec.actor_providers or ()):
        yield from _actor(name, resource, f"spec.actorProviders[{index}]")
    if spec.oidc is not None:
        yield from _oidc(spec)
    if spec.saml is not None:
        yield from _saml(spec.saml.idp_metadata_xml)
    if spec.x509 is not None:
        yield from _trust_store(spec.x509.trust_store)


def _mapping(spec: Any) -> Iterable[Problem]:
    mapping = spec.attribute_mapping
    if not mapping:
        if spec.oidc is not None:
            yield _no_subject("an OIDC provider has no mapping")
        return
    if "google.subject" not in mapping and (spec.oidc or spec.aws):
        yield _no_subject("the mapping has no google.subject")
    custom = [key for key in mapping if key.startswith("attribute.")]
    if len(custom) > 50:
        yield checks.too_many(_MAPPING, len(custom), 50, "custom attributes")
    for key, expression in mapping.items():
        path = f"{_MAPPING}.{key}"
        yield from _key(key, path)
        yield from expressions.mapping(expression, path, lists=key == "google.groups")


def _no_subject(message: str) -> Problem:
    return Problem(
        "missing-subject",
        _MAPPING,
        message,
        allowed="a mapping that holds google.subject",
        fix="add `google.subject: assertion.sub`",
    )


def _key(key: str, path: str) -> Iterable[Problem]:
    if len(key) > 100:
        yield Problem(
            "too-long", path, f"a key of {len(key)} characters", "at most 100", "shorten the name"
        )
    if not _KEY.fullmatch(key):
        yield Problem(
            "bad-attribute",
            path,
            f"{key!r} is no attribute",
            allowed="google.subject, google.groups, attribute. with a-z, 0-9 and _",
            fix="write `attribute.name`, in lower case",
        )


def _actor(name: str, resource: Resource, path: str) -> Iterable[Problem]:
    pool = resource.address.path[1]
    if f"/workloadIdentityPools/{pool}/providers/" not in name:
        yield Problem(
            "bad-name",
            path,
            f"{name!r} is no provider of pool {pool}",
            allowed="projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/ID",
            fix="name a provider of the same pool in full",
        )


def _oidc(spec: Any) -> Iterable[Problem]:
    issuer = checks.url_parts(spec.oidc.issuer_uri)
    if issuer.scheme != "https" or not issuer.hostname:
        yield Problem(
            "bad-url",
            "spec.oidc.issuerUri",
            f"{spec.oidc.issuer_uri!r} is no https URL",
            allowed="https://HOST, exactly as the token's `iss` has it",
            fix="copy the issuer from a token: `wifctl token inspect`",
        )
    condition = spec.attribute_condition or ""
    names_claim = re.search(r"\bassertion\b|\battribute\b|\bgoogle\b", condition)
    # The catalogue's entry is read only where its advice is needed.
    if not names_claim and (shared := multi_tenant_issuer(spec.oidc.issuer_uri)) is not None:
        yield Problem(
            "condition-required",
            _CONDITION if condition else "spec",
            f"{spec.oidc.issuer_uri} issues tokens to everybody, and no condition names a claim",
            allowed="a condition on a claim that pins your tenant",
            fix=f"add e.g. `attributeCondition: {shared.recommended_condition}`",
        )
    if spec.oidc.discovery_uri is not None:
        yield from _discovery(spec.oidc.discovery_uri, spec.oidc.issuer_uri)
    if spec.oidc.jwks_json is not None:
        yield from _jwks(spec.oidc.jwks_json)


def _discovery(text: str, issuer_text: str) -> Iterable[Problem]:
    found, issuer = checks.url_parts(text), checks.url_parts(issuer_text)
    same_host = (found.scheme, found.netloc) == (issuer.scheme, issuer.netloc)
    if not same_host or "/.well-known/" not in found.path:
        yield Problem(
            "bad-url",
            "spec.oidc.discoveryUri",
            f"{text!r} is no discovery document of the issuer",
            allowed="the issuer's scheme, host and port, and /.well-known/… in the path",
            fix="leave it out: the default is the issuer's /.well-known/openid-configuration",
        )


_JWK_FIELDS = frozenset({"kty", "alg", "use", "kid", "n", "e", "x", "y", "crv"})


def _jwks(text: str) -> Iterable[Problem]:
    path = "spec.oidc.jwksJson"
    try:
        document = json.loads(text)
        keys = document["keys"]
        entries = [dict(key) for key in keys]
    except (ValueError, KeyError, TypeError):
        yield Problem(
            "bad-jwks", path, "no JSON Web Key Set", 'an object with "keys"', "upload the JWKS"
        )
        return
    if len(entries) > 8:
        yield checks.too_many(path, len(entries), 8, "keys")
    for index, key in enumerate(entries):
        yield from _jwk(key, path, index)


def _jwk(key: dict[str, Any], path: str, index: int) -> Iterable[Problem]:
    extra = sorted(set(key) - _JWK_FIELDS)
    if extra:
        yield Problem(
            "bad-jwks",
            path,
            f"key {index + 1} has the members {', '.join(extra)}",
            allowed="kty, alg, use, kid, n, e, x, y, crv",
            fix="remove the others; Google refuses them",
        )
    if key.get("kty") not in ("RSA", "EC") or key.get("crv", "P-256") != "P-256":
        yield Problem(
            "bad-jwks",
            path,
            f"key {index + 1} is of type {key.get('kty')} {key.get('crv', '')}".rstrip(),
            allowed="RSA, or EC on P-256",
            fix="let the issuer sign with RS256 or ES256",
        )


def _saml(xml: str) -> Iterable[Problem]:
    from wifctl.trust.saml.metadata import IdpMetadata, parse_metadata  # lxml: only when needed

    parsed = parse_metadata(xml)
    if isinstance(parsed, IdpMetadata):
        return
    for problem in parsed:
        yield Problem(
            "bad-metadata",
            "spec.saml.idpMetadataXml",
            problem.message,
            allowed="SAML 2.0 metadata with an entity id and 1 to 3 signing certificates",
            fix="download the metadata from the identity provider again",
        )


def _trust_store(store: Any) -> Iterable[Problem]:
    base = "spec.x509.trustStore"
    for index, entry in enumerate(store.trust_anchors):
        yield from _certificate(entry.pem_certificate, f"{base}.trustAnchors[{index}]")
    for index, entry in enumerate(store.intermediate_cas or ()):
        yield from _certificate(entry.pem_certificate, f"{base}.intermediateCas[{index}]")
    if not store.trust_anchors:
        yield Problem(
            "missing-field", f"{base}.trustAnchors", "no trust anchor", "at least one", "add one"
        )


def _certificate(pem: str, path: str) -> Iterable[Problem]:
    from wifctl.trust.x509.certificates import parse_pem_ca  # cryptography: only when needed

    found = parse_pem_ca(pem)
    for problem in found if isinstance(found, list) else ():
        yield Problem(
            "bad-certificate",
            f"{path}.pemCertificate",
            problem.message,
            allowed="exactly one CA certificate in PEM",
            fix="split bundles: one entry a certificate",
        )
