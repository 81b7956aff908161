"""Verdicts and misses → the reasons somebody can act on, most telling first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wifctl.trust.audience import audience_fault, why_not
from wifctl.trust.cel.near import Hint
from wifctl.trust.exchange import Judgement
from wifctl.trust.hand_checks import BY_FAULT, BY_HINT, BY_MISS, BY_RULE, HandCheck
from wifctl.trust.matching import GrantMatch
from wifctl.trust.oidc.token import EMPTY
from wifctl.trust.provider import ProviderConfig
from wifctl.trust.verdict import Outcome, Verdict

_AUDIENCE_RULES = frozenset({"STS-R4", "STS-R6", "OIDC-8", "SAML-14", "AWS-6"})


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps a token out, or an identity from its service account."""

    message: str
    hint: str = ""
    """What to change."""
    rule: str = ""
    """The trust rule, "" for grants."""
    check: HandCheck | None = None
    source: str = ""
    """Where to change it, e.g. `manifests/ci.yaml:12:9`; "" where that is not known."""


def refusal_reasons(judgement: Judgement, provider: ProviderConfig) -> tuple[Reason, ...]:
    """Why the token is not let into the pool, one reason for each failing rule or operand."""
    failed = [item for item in judgement.verdicts if item.outcome is Outcome.FAIL]
    return tuple(
        reason for verdict in failed for reason in _of_verdict(verdict, judgement, provider)
    )


def _of_verdict(
    verdict: Verdict, judgement: Judgement, provider: ProviderConfig
) -> Iterator[Reason]:
    if verdict.rule == "COND-1" and judgement.condition.causes:
        yield from _of_condition(judgement)
    elif verdict.rule in _AUDIENCE_RULES:
        yield _of_audience(verdict, judgement, provider)
    elif verdict.found == EMPTY:
        hint = "a GitHub job needs `permissions: id-token: write`; runs of a fork get no token"
        yield Reason(verdict.found, hint, verdict.rule, HandCheck.NO_TOKEN)
    elif verdict.rule in ("MAP-1", "MAP-5"):
        yield _of_mapping(verdict, judgement)
    else:
        yield Reason(_words(verdict), verdict.hint, verdict.rule, BY_RULE.get(verdict.rule))


def _words(verdict: Verdict) -> str:
    wanted = f", wanted {verdict.wanted}" if verdict.wanted else ""
    found = f" (found {verdict.found}{wanted})" if verdict.found else ""
    return f"not so: {verdict.summary}{found}"


def _of_audience(verdict: Verdict, judgement: Judgement, provider: ProviderConfig) -> Reason:
    for audience in _audiences(verdict, judgement):
        fault = audience_fault(audience, provider)
        if fault:
            message = f"the audience is {audience}: {why_not(audience, provider)}"
            return Reason(message, verdict.hint, verdict.rule, BY_FAULT.get(fault))
    return Reason(_words(verdict), verdict.hint, verdict.rule, BY_RULE.get(verdict.rule))


def _audiences(verdict: Verdict, judgement: Judgement) -> Sequence[str]:
    if verdict.rule != "OIDC-8" or not judgement.assertion:
        return (verdict.found,)
    found = judgement.assertion.get("aud")
    values = found if isinstance(found, list) else [found]
    return [value for value in values if isinstance(value, str)]


def _of_condition(judgement: Judgement) -> Iterator[Reason]:
    for cause in judgement.condition.causes:
        check, hint = _hinted(cause.hints)
        yield Reason(cause.described, hint, "COND-1", check)


def _of_mapping(verdict: Verdict, judgement: Judgement) -> Reason:
    values = judgement.mapping.values if judgement.mapping else ()
    hints = tuple(hint for value in values if value.failed for hint in value.hints)
    return Reason(_words(verdict), verdict.hint, verdict.rule, _hinted(hints)[0])


def _hinted(hints: Sequence[Hint]) -> tuple[HandCheck | None, str]:
    """The first hint that answers a known check, and all their words."""
    check = next((BY_HINT[hint.kind] for hint in hints if hint.kind in BY_HINT), None)
    return check, "; ".join(hint.message for hint in hints)


def grant_reason(match: GrantMatch) -> Reason:
    """Why one grant does not open its target to the identity."""
    grant = match.grant
    check, hint = _hinted(match.hints)
    known = BY_MISS.get(match.miss) if match.miss else None
    message = f"{grant.role} on {grant.target.name} for {grant.member}: {match.reason}"
    return Reason(message, hint, check=check or known, source=grant.source)
