"""A provider as the trust rules see it, and what a judgement may look at besides the token."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wifctl.names import ProviderName, parse_name
from wifctl.trust.verdict import Strictness

Json = Mapping[str, object]


class ProviderKind(enum.StrEnum):
    """The four kinds of trust a provider may configure; the key in Google's REST JSON."""

    OIDC = "oidc"
    AWS = "aws"
    SAML = "saml"
    X509 = "x509"


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """One workload identity pool provider; exactly the fields that decide about a token."""

    name: str
    """The full resource name. Google's audience carries the project *number*."""
    kind: ProviderKind
    attribute_mapping: Mapping[str, str] = field(default_factory=dict)
    attribute_condition: str = ""
    disabled: bool = False
    state: str = "ACTIVE"
    pool_disabled: bool = False
    pool_state: str = "ACTIVE"
    issuer_uri: str = ""
    """OIDC: compared with `iss` literally, trailing slash included."""
    discovery_uri: str = ""
    """OIDC: where the discovery document is, when not under the issuer."""
    allowed_audiences: tuple[str, ...] = ()
    jwks_json: str = ""
    """OIDC: uploaded keys; then nothing is fetched."""
    aws_account_id: str = ""
    idp_metadata_xml: str = ""
    trust_anchors: tuple[str, ...] = ()
    """X.509: PEM, one certificate each."""
    intermediate_cas: tuple[str, ...] = ()

    @property
    def parts(self) -> ProviderName | None:
        """The parts of the name, or None when it is no provider's name."""
        parsed = parse_name(self.name)
        return parsed if isinstance(parsed, ProviderName) else None

    @property
    def audience(self) -> str:
        """The STS audience: `//iam.googleapis.com/projects/NUMBER/…`."""
        return f"//iam.googleapis.com/{self.name}"

    @property
    def audience_url(self) -> str:
        """The audience as tokens carry it by default: `https://iam.googleapis.com/projects/…`."""
        return f"https:{self.audience}"

    @property
    def unusable(self) -> str:
        """Why no token is exchanged here at all (disabled, deleted), or ""."""
        if self.pool_state != "ACTIVE":
            return f"the pool is {self.pool_state}"
        if self.pool_disabled:
            return "the pool is disabled"
        if self.state != "ACTIVE":
            return f"the provider is {self.state}"
        return "the provider is disabled" if self.disabled else ""


def provider_from_rest(
    resource: Json, *, name: str = "", pool: Json | None = None
) -> ProviderConfig | None:
    """A provider from Google's REST JSON, and its pool's; None when it has no kind at all.

    `name` overrides the resource's own, for documents that do not know theirs.
    """
    kind = next((kind for kind in ProviderKind if kind.value in resource), None)
    if kind is None:
        return None
    part = _mapping(resource[kind.value])
    store = _mapping(part.get("trustStore"))
    mapping = _mapping(resource.get("attributeMapping"))
    pool = pool or {}
    return ProviderConfig(
        name=name or _text(resource.get("name")),
        kind=kind,
        attribute_mapping={key: _text(value) for key, value in mapping.items()},
        attribute_condition=_text(resource.get("attributeCondition")),
        disabled=resource.get("disabled") is True,
        state=_text(resource.get("state")) or "ACTIVE",
        pool_disabled=pool.get("disabled") is True,
        pool_state=_text(pool.get("state")) or "ACTIVE",
        issuer_uri=_text(part.get("issuerUri")),
        discovery_uri=_text(part.get("discoveryUri")),
        allowed_audiences=tuple(map(_text, _list(part.get("allowedAudiences")))),
        jwks_json=_text(part.get("jwksJson")),
        aws_account_id=_text(part.get("accountId")),
        idp_metadata_xml=_text(part.get("idpMetadataXml")),
        trust_anchors=_certificates(store.get("trustAnchors")),
        intermediate_cas=_certificates(store.get("intermediateCas")),
    )


@dataclass(frozen=True, slots=True)
class Discovery:
    """What an issuer publishes: the `issuer` of its discovery document, and its keys."""

    issuer: str = ""
    jwks_json: str = ""
    error: str = ""
    """Why it could not be read; then Google could not either."""


@dataclass(frozen=True, slots=True)
class AwsCaller:
    """An AWS access key known here, and what GetCallerIdentity says of it."""

    secret_access_key: str = field(repr=False)
    account: str
    arn: str
    user_id: str
    session_token: str = field(default="", repr=False)


def _no_discovery(_uri: str) -> Discovery | None:
    return None


@dataclass(frozen=True, slots=True)
class JudgeContext:
    """What a judgement may look at besides token and provider: the clock and ports to keys."""

    now: datetime
    """Aware, in any zone."""
    strictness: Strictness = Strictness.DOCUMENTED
    discover: Callable[[str], Discovery | None] = _no_discovery
    """Discovery URL → what is there; None when nobody can tell from here."""
    aws_caller: Callable[[str], AwsCaller | None] | None = None
    """Access key id → its key, None when AWS does not know it; no callable: cannot tell."""

    @property
    def timestamp(self) -> float:
        """Seconds since 1970."""
        return self.now.timestamp()


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _mapping(value: object) -> Json:
    return value if isinstance(value, Mapping) else {}


def _certificates(value: object) -> tuple[str, ...]:
    return tuple(_text(_mapping(item).get("pemCertificate")) for item in _list(value))
