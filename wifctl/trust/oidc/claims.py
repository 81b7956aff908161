"""OIDC-7 to OIDC-13: what an ID token's claims must say."""

from __future__ import annotations

import json
from collections.abc import Mapping

from wifctl.names import is_project_number
from wifctl.trust import refusals
from wifctl.trust.audience import is_full_audience, only_the_project_differs, why_not
from wifctl.trust.oidc.issuer import token_issuer_fits
from wifctl.trust.oidc.rules import BOOK
from wifctl.trust.provider import ProviderConfig
from wifctl.trust.verdict import Verdict

Claims = Mapping[str, object]


def judge_issuer(claims: Claims, provider: ProviderConfig, published: str = "") -> Verdict:
    """OIDC-7; `published` is the discovery document's issuer, where it was read."""
    found, wanted = claims.get("iss"), provider.issuer_uri
    return BOOK.judge(
        "OIDC-7",
        token_issuer_fits(wanted, published, found, claims.get("tid")),
        found=_shown(found),
        wanted=wanted,
        hint=_issuer_hint(found, wanted),
        refusal=refusals.wrong_issuer(found, wanted),
    )


def _issuer_hint(found: object, wanted: str) -> str:
    if not isinstance(found, str):
        return "the token has no iss: is it an ID token at all?"
    if found.rstrip("/") == wanted.rstrip("/"):
        return "only a slash at the end differs; Google compares literally"
    if found.casefold() == wanted.casefold():
        return "only upper and lower case differ; Google compares literally"
    if "sts.windows.net" in found or "sts.windows.net" in wanted:
        return "Entra's v1 and v2 tokens have different issuers: configure the one tokens carry"
    return "the token comes from another issuer than the provider trusts"


def judge_audience(claims: Claims, provider: ProviderConfig) -> Verdict:
    """OIDC-8: the allowed audiences, or without any the provider's own name."""
    found = claims.get("aud")
    values = _audiences(found)
    accepted = provider.allowed_audiences or _own_names(provider)
    passed = bool(set(values) & set(accepted))
    if not passed and not accepted and any(_only_number(value, provider) for value in values):
        return _unsure(values, provider)
    return BOOK.judge(
        "OIDC-8",
        passed,
        found=_shown(found),
        wanted=" or ".join(provider.allowed_audiences or (provider.audience_url,)),
        hint=_audience_hint(values, provider),
        refusal=refusals.wrong_audience(found),
    )


def _own_names(provider: ProviderConfig) -> tuple[str, ...]:
    """The provider's name as an audience; none while its project's number is not known."""
    parts = provider.parts
    if parts and not is_project_number(parts.project):
        return ()
    return provider.audience_url, provider.audience


def _only_number(value: str, provider: ProviderConfig) -> bool:
    return only_the_project_differs(value, provider) and is_full_audience(
        value.removeprefix("https:")
    )


def _unsure(values: tuple[str, ...], provider: ProviderConfig) -> Verdict:
    project = provider.parts.project if provider.parts else ""
    hint = f"tell the number of the project {project!r} (`projects:` in wifctl.yaml)"
    note = f"the audience has to carry the number of the project {project!r}, unknown here"
    return BOOK.unknown("OIDC-8", found=", ".join(values), note=note, hint=hint)


def _audiences(found: object) -> tuple[str, ...]:
    values = found if isinstance(found, list) else [found]
    return tuple(value for value in values if isinstance(value, str))


def _audience_hint(values: tuple[str, ...], provider: ProviderConfig) -> str:
    if provider.allowed_audiences:
        if provider.audience_url in values or provider.audience in values:
            return "allowedAudiences is set, so the provider's own name is no longer accepted"
        return "let the workload ask for an allowed audience, or add this one to allowedAudiences"
    why = next((why for value in values if (why := why_not(value, provider))), "")
    ask = f"let the workload ask for the audience {provider.audience_url}"
    return f"{why}; {ask}" if why else ask


def judge_subject(claims: Claims, *, required: bool) -> Verdict:
    """OIDC-13; the live service asks for sub only where the mapping does."""
    found = claims.get("sub")
    there = isinstance(found, str) and found != ""
    notes = () if there else ("the live service asks for sub only where the mapping uses it",)
    return BOOK.judge(
        "OIDC-13",
        there or not required,
        found=_shown(found),
        wanted="a text",
        hint="the token needs a sub claim",
        notes=notes,
        refusal=refusals.NO_SUBJECT,
    )


def _shown(value: object) -> str:
    if value is None:
        return "absent"
    return value if isinstance(value, str) else json.dumps(value)
