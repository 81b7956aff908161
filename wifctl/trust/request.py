"""STS-R1 to STS-R8: what a token exchange must ask for, before any token is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wifctl.trust import refusals
from wifctl.trust.audience import is_full_audience, only_the_project_differs, why_not
from wifctl.trust.documents import STS_TOKEN
from wifctl.trust.provider import ProviderConfig, ProviderKind
from wifctl.trust.request_options import options_problem
from wifctl.trust.rulebook import Rulebook
from wifctl.trust.verdict import Verdict

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a type, no token
JWT = "urn:ietf:params:oauth:token-type:jwt"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a type, no token
SAML2 = "urn:ietf:params:oauth:token-type:saml2"
MTLS = "urn:ietf:params:oauth:token-type:mtls"
AWS4_REQUEST = "urn:ietf:params:aws:token-type:aws4_request"
REQUESTED_TYPES = (
    ACCESS_TOKEN,
    "urn:ietf:params:oauth:token-type:access_boundary_intermediary_token",
)
SUBJECT_TYPES: Mapping[str, frozenset[ProviderKind]] = {
    JWT: frozenset({ProviderKind.OIDC}),
    ID_TOKEN: frozenset({ProviderKind.OIDC}),
    AWS4_REQUEST: frozenset({ProviderKind.AWS}),
    SAML2: frozenset({ProviderKind.SAML}),
    MTLS: frozenset({ProviderKind.X509}),
    ACCESS_TOKEN: frozenset(),
}
"""Subject token type → the kinds of provider it fits; an access token fits none of them."""

MAX_LIFETIME = 3600
"""Seconds a federated access token lives at most."""

BOOK = Rulebook(
    "request",
    STS_TOKEN,
    {
        "STS-R1": "grantType asks for a token exchange",
        "STS-R2": "requestedTokenType is an access token",
        "STS-R3": "subjectTokenType is a type STS takes",
        "STS-R4": "audience is a provider's full resource name with the project number",
        "STS-R5": "scope is given, and options keep their limits",
        "STS-R6": "pool and provider exist, are active and enabled",
        "STS-R7": "subjectTokenType fits the provider's kind",
        "STS-R8": "the access token lives as long as the external one, at most an hour",
    },
)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """An STS token request, whichever way it was spelled on the wire."""

    subject_token: str = field(repr=False)
    audience: str = ""
    subject_token_type: str = JWT
    grant_type: str = GRANT_TYPE
    requested_token_type: str = ACCESS_TOKEN
    scope: str = "https://www.googleapis.com/auth/cloud-platform"
    options: str = ""


_SPELLINGS = {
    "subject_token": "subjectToken",
    "audience": "audience",
    "subject_token_type": "subjectTokenType",
    "grant_type": "grantType",
    "requested_token_type": "requestedTokenType",
    "scope": "scope",
    "options": "options",
}


def token_request(body: Mapping[str, object]) -> TokenRequest:
    """A request from its body: JSON members in camelCase or form fields in snake_case.

    What is missing stays empty, and the rules say so; other types than text count as missing.
    """
    values = {
        snake: str(value) if isinstance(value := body.get(camel, body.get(snake)), str) else ""
        for snake, camel in _SPELLINGS.items()
    }
    return TokenRequest(**values)


def judge_request(request: TokenRequest, provider: ProviderConfig | None) -> tuple[Verdict, ...]:
    """STS-R1 to STS-R7; `provider` is the one the audience names, None when there is none."""
    return (
        _one_of("STS-R1", request.grant_type, (GRANT_TYPE,), "unsupported_grant_type"),
        _one_of("STS-R2", request.requested_token_type, REQUESTED_TYPES, "invalid_request"),
        _one_of("STS-R3", request.subject_token_type, tuple(SUBJECT_TYPES), "invalid_request"),
        _audience(request.audience, provider),
        _scope(request),
        _target(request.audience, provider),
        _fits(request.subject_token_type, provider),
    )


def judge_target(provider: ProviderConfig | None) -> tuple[Verdict, ...]:
    """The request's rules where there is a token but no request: only STS-R6 can be told."""
    target = _usable(provider) if provider else _missing()
    return BOOK.complete((target,), "no request was given")[:-1]


def judge_lifetime(assertion: Mapping[str, object], now: float) -> tuple[int, Verdict]:
    """STS-R8: the seconds an access token for these claims lives, and the verdict that says so."""
    expires, latest = assertion.get("exp"), now + MAX_LIFETIME
    if not isinstance(expires, int | float) or isinstance(expires, bool):
        expires = latest
    seconds = int(min(max(expires, now), latest) - now)
    return seconds, BOOK.judge("STS-R8", True, found=f"{seconds} s", wanted=f"{MAX_LIFETIME} s")


def _one_of(rule: str, found: str, allowed: tuple[str, ...], error: str) -> Verdict:
    shown = found or "absent"
    text = f"Invalid value for {_FIELDS[rule]}: {shown}."
    return BOOK.judge(
        rule,
        found in allowed,
        found=shown,
        wanted=" or ".join(allowed),
        hint=f"send {allowed[0]}",
        refusal=refusals.undocumented(error, text),
    )


_FIELDS = {"STS-R1": "grantType", "STS-R2": "requestedTokenType", "STS-R3": "subjectTokenType"}


def _audience(audience: str, provider: ProviderConfig | None) -> Verdict:
    return BOOK.judge(
        "STS-R4",
        is_full_audience(audience),
        found=audience or "absent",
        wanted=provider.audience if provider else _AUDIENCE_FORM,
        hint=why_not(audience, provider) if provider else "",
        refusal=refusals.INVALID_AUDIENCE,
    )


_AUDIENCE_FORM = (
    "//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL"
    "/providers/PROVIDER"
)


def _scope(request: TokenRequest) -> Verdict:
    problem = "scope is absent" if not request.scope else options_problem(request.options)
    text = f"Invalid request: {problem}."
    return BOOK.judge(
        "STS-R5",
        not problem,
        found=problem or request.scope,
        hint="ask for https://www.googleapis.com/auth/cloud-platform" if not request.scope else "",
        refusal=refusals.undocumented("invalid_request", text),
    )


def _target(audience: str, provider: ProviderConfig | None) -> Verdict:
    if provider is None:
        return _missing()
    if is_full_audience(audience) and not _names(audience, provider):
        return _unusable(audience, why_not(audience, provider))
    return _usable(provider)


def _names(audience: str, provider: ProviderConfig) -> bool:
    """Whether the audience is the provider's, or would be if its project's number were known."""
    return audience == provider.audience or only_the_project_differs(audience, provider)


def _usable(provider: ProviderConfig) -> Verdict:
    if provider.unusable:
        return _unusable(provider.unusable, "enable or undelete it, or use another provider")
    return BOOK.judge("STS-R6", True, found=provider.name)


def _missing() -> Verdict:
    return _unusable("there is no such pool or provider", "check the names in the audience")


def _unusable(found: str, hint: str) -> Verdict:
    return BOOK.judge("STS-R6", False, found=found, hint=hint, refusal=refusals.INVALID_TARGET)


def _fits(subject_type: str, provider: ProviderConfig | None) -> Verdict:
    if provider is None:
        return BOOK.skipped("STS-R7", "there is no provider")
    allowed = [kind for kind, kinds in SUBJECT_TYPES.items() if provider.kind in kinds]
    text = f"The subject token type does not fit the {provider.kind.value} provider."
    return BOOK.judge(
        "STS-R7",
        subject_type in allowed,
        found=subject_type or "absent",
        wanted=" or ".join(allowed),
        hint=f"the provider is of the kind {provider.kind.value}",
        refusal=refusals.undocumented("invalid_request", text),
    )
