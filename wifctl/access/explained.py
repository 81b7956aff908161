"""One token or claims against one provider of a picture: the explanation, with places to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wifctl.access.evidence import SUBJECT_TYPES, Evidence
from wifctl.access.picture import KnownProvider, Picture
from wifctl.trust.exchange import Judgement, judge, judge_claims
from wifctl.trust.explain import Explanation, Half, explain
from wifctl.trust.hand_checks import ELSEWHERE, HandCheck
from wifctl.trust.provider import JudgeContext
from wifctl.trust.reasons import Reason
from wifctl.trust.request import TokenRequest

_PLACES: Mapping[str, str] = {
    "COND-1": "spec.attributeCondition",
    **dict.fromkeys(("MAP-1", "MAP-2"), "spec.attributeMapping.google.subject"),
    **dict.fromkeys(("MAP-3", "MAP-4", "MAP-5"), "spec.attributeMapping"),
    **dict.fromkeys(("OIDC-1", "OIDC-2", "OIDC-7"), "spec.oidc.issuerUri"),
    **dict.fromkeys(("OIDC-3", "OIDC-4", "OIDC-5"), "spec.oidc.jwksJson"),
    "OIDC-8": "spec.oidc.allowedAudiences",
    "AWS-9": "spec.aws.accountId",
    **dict.fromkeys(("SAML-4", "SAML-6", "SAML-7", "SAML-17"), "spec.saml.idpMetadataXml"),
    **dict.fromkeys(("X509-3", "X509-4"), "spec.x509.trustStore"),
}
"""Rule → the field of the provider that decides about it; others only the token can mend."""

_WIDEN = "the condition means another workload: widen it if this one is meant, too"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the views of `explain` show."""

    about: str
    """What was judged, e.g. `the token in FILE`."""
    provider: KnownProvider
    explanation: Explanation
    live: bool = False
    """Whether the picture is of live objects, not of manifests."""

    @property
    def judgement(self) -> Judgement:
        """What every rule says."""
        return self.explanation.judgement


def explained(
    evidence: Evidence,
    known: KnownProvider,
    picture: Picture,
    context: JudgeContext,
    *,
    wanted_account: str = "",
    live: bool = False,
) -> Report:
    """Judge the evidence and follow what it opens. `wanted_account` is an e-mail, or ""."""
    judgement = judged(evidence, known, context)
    world = picture.world(context.now)
    found = explain(judgement, known.config, world, wanted_account=wanted_account)
    reasons = tuple(_located(reason, known) for reason in found.reasons)
    notes = (*found.notes, *_elsewhere(found, live))
    return Report(evidence.about, known, replace(found, reasons=reasons, notes=notes), live)


def judged(
    evidence: Evidence, known: KnownProvider, context: JudgeContext, *, explain: bool = True
) -> Judgement:
    """The judgement alone; `explain=False` skips the tree of an accepted condition."""
    if evidence.claims is not None:
        return judge_claims(evidence.claims, known.config, context, explain=explain)
    subject: TokenRequest | str = evidence.token
    if evidence.audience:
        kind = SUBJECT_TYPES[known.config.kind]
        subject = TokenRequest(evidence.token, evidence.audience, subject_token_type=kind)
    return judge(subject, known.config, context, explain=explain)


def _located(reason: Reason, known: KnownProvider) -> Reason:
    if reason.source or not reason.rule:
        return reason
    if reason.rule == "STS-R6":
        return replace(reason, source=_switch(known))
    path = _PLACES.get(reason.rule, "")
    position = known.position(path) if path else None
    hint = reason.hint or (_WIDEN if reason.rule == "COND-1" else "")
    return replace(reason, hint=hint, source=str(position or ""))


def _switch(known: KnownProvider) -> str:
    """Where the pool or the provider is switched off."""
    pool_is_off = known.config.pool_disabled or known.config.pool_state != "ACTIVE"
    document = known.pool if pool_is_off else known.document
    position = document.position_of("spec.disabled") if document else None
    return str(position or "")


def _elsewhere(found: Explanation, live: bool) -> tuple[Reason, ...]:
    """What neither token nor policies can show, where it may be the cause."""
    if found.failed is not Half.IMPERSONATION or not live:
        return ()
    return (Reason(ELSEWHERE[HandCheck.PROPAGATION], check=HandCheck.PROPAGATION),)
