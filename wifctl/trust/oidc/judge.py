"""All OIDC rules over one token, or over bare claims."""

from __future__ import annotations

from collections.abc import Mapping

from wifctl.trust import refusals
from wifctl.trust.oidc.claims import judge_audience, judge_issuer, judge_subject
from wifctl.trust.oidc.rules import BOOK, SIGNATURE_RULES
from wifctl.trust.oidc.signature import issuer_keys, judge_signature
from wifctl.trust.oidc.times import judge_times
from wifctl.trust.oidc.token import TokenFormatError, parse_token
from wifctl.trust.provider import JudgeContext, ProviderConfig
from wifctl.trust.verdict import Strictness, Verdict

_TIME_CLAIMS = ("iat", "exp")


def judge_oidc(
    subject_token: str, provider: ProviderConfig, context: JudgeContext
) -> tuple[tuple[Verdict, ...], dict[str, object] | None]:
    """Every OIDC rule's verdict, and the claims; None when the text is no JWT.

    The claims of a refused token are returned too, so that mapping and condition can be shown.
    """
    try:
        token = parse_token(subject_token)
    except TokenFormatError as error:
        hint = "is this the token itself, and of an OpenID Connect issuer?"
        refusal = refusals.UNPARSABLE
        failed = BOOK.judge("OIDC-6", False, found=str(error), hint=hint, refusal=refusal)
        return BOOK.complete((failed,), "the token could not be read"), None
    issuer = issuer_keys(provider, context)
    verdicts = (
        *issuer.verdicts,
        *judge_signature(token, issuer.keys),
        judge_issuer(token.payload, provider, issuer.issuer),
        judge_audience(token.payload, provider),
        *judge_times(token.payload, context),
        _subject(token.payload, context),
    )
    return BOOK.complete(verdicts, ""), dict(token.payload)


def judge_oidc_claims(
    claims: Mapping[str, object], provider: ProviderConfig, context: JudgeContext
) -> tuple[Verdict, ...]:
    """The rules that bare claims can answer; a claim that was not given is not judged."""
    verdicts: list[Verdict] = []
    if "iss" in claims:
        verdicts.append(judge_issuer(claims, provider))
    if "aud" in claims:
        verdicts.append(judge_audience(claims, provider))
    if all(name in claims for name in _TIME_CLAIMS):
        verdicts += judge_times(claims, context)
    if "sub" in claims:
        verdicts.append(_subject(claims, context))
    skipped = tuple(
        BOOK.skipped(rule, "claims were given, no signed token") for rule in SIGNATURE_RULES
    )
    return BOOK.complete((*skipped, *verdicts), "the claim was not given")


def _subject(claims: Mapping[str, object], context: JudgeContext) -> Verdict:
    return judge_subject(claims, required=context.strictness is Strictness.DOCUMENTED)
