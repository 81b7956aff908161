"""Would STS accept this? Every rule over a request, a token or bare claims, in one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wifctl.trust.condition import ConditionReport, judge_condition, skipped_condition
from wifctl.trust.mapping import MappedIdentity, MappingReport, map_identity
from wifctl.trust.mapping_rules import judge_mapping, skipped_mapping
from wifctl.trust.provider import JudgeContext, ProviderConfig, ProviderKind
from wifctl.trust.request import BOOK, TokenRequest, judge_lifetime, judge_request, judge_target
from wifctl.trust.verdict import Outcome, Refusal, Verdict

Claims = Mapping[str, object]
Judged = tuple[tuple[Verdict, ...], dict[str, object] | None]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What every rule says of one token, and who the token would be."""

    request: tuple[Verdict, ...]
    """STS-R…: the request and its target."""
    protocol: tuple[Verdict, ...]
    """OIDC-…, AWS-…, SAML-… or X509-…"""
    mapped: tuple[Verdict, ...]
    """MAP-…"""
    condition: ConditionReport
    """COND-1, with its tree."""
    assertion: Claims | None = None
    """The claims, unless nothing could be read; those of a refused token too."""
    mapping: MappingReport | None = None
    expires_in: int = 0
    """Seconds an access token for an accepted token lives."""
    lifetime: tuple[Verdict, ...] = ()
    """STS-R8."""

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """All of them, in the order they are checked."""
        condition = (self.condition.verdict,)
        return (*self.request, *self.protocol, *self.mapped, *condition, *self.lifetime)

    @property
    def outcome(self) -> Outcome:
        """Refused if one rule fails; unknown if none does but one cannot be told here."""
        found = {verdict.outcome for verdict in self.verdicts}
        if Outcome.FAIL in found:
            return Outcome.FAIL
        return Outcome.UNKNOWN if Outcome.UNKNOWN in found else Outcome.PASS

    @property
    def identity(self) -> MappedIdentity | None:
        """Who the token would be, were it accepted."""
        return self.mapping.identity if self.mapping else None

    @property
    def refusal(self) -> Refusal | None:
        """What STS answers: the first failing rule's text, else that of the first unknown one."""
        for outcome in (Outcome.FAIL, Outcome.UNKNOWN):
            for verdict in self.verdicts:
                if verdict.outcome is outcome and verdict.refusal:
                    return verdict.refusal
        return None


def judge(
    subject: TokenRequest | str,
    provider: ProviderConfig | None,
    context: JudgeContext,
    *,
    explain: bool = True,
) -> Judgement:
    """Judge a request, or a bare external token, against the provider its audience names.

    `explain=False` skips the evaluated tree of an accepted condition.
    """
    if isinstance(subject, TokenRequest):
        request, token = judge_request(subject, provider), subject.subject_token
    else:
        request, token = judge_target(provider), subject
    if provider is None:
        return _ended(request, (), None, "there is no provider")
    protocol, assertion = _judge_protocol(token, provider, context)
    if assertion is None:
        return _ended(request, protocol, None, "the token gives no claims to judge")
    return _judge_claims(request, protocol, assertion, provider, context, explain)


def judge_claims(
    claims: Claims, provider: ProviderConfig, context: JudgeContext, *, explain: bool = True
) -> Judgement:
    """Judge bare claims, as if a token carrying them had been signed by the trusted issuer.

    The claims that are given are checked too: issuer, audience and times for OIDC, the account
    for AWS.
    """
    protocol: tuple[Verdict, ...] = ()
    if provider.kind is ProviderKind.OIDC:
        from wifctl.trust.oidc.judge import judge_oidc_claims

        protocol = judge_oidc_claims(claims, provider, context)
    if provider.kind is ProviderKind.AWS:
        from wifctl.trust.aws.judge import judge_aws_claims

        protocol = judge_aws_claims(claims, provider)
    return _judge_claims(judge_target(provider), protocol, claims, provider, context, explain)


def _judge_claims(
    request: tuple[Verdict, ...],
    protocol: tuple[Verdict, ...],
    assertion: Claims,
    provider: ProviderConfig,
    context: JudgeContext,
    explain: bool,
) -> Judgement:
    mapping = map_identity(assertion, provider)
    condition = judge_condition(provider, assertion, mapping.variables, explain=explain)
    mapped = judge_mapping(mapping)
    expires_in, lifetime = judge_lifetime(assertion, context.timestamp)
    judgement = Judgement(request, protocol, mapped, condition, assertion, mapping)
    if judgement.outcome is Outcome.FAIL:
        return replace(judgement, lifetime=(BOOK.skipped("STS-R8", "the token is refused"),))
    return replace(judgement, expires_in=expires_in, lifetime=(lifetime,))


def _ended(
    request: tuple[Verdict, ...],
    protocol: tuple[Verdict, ...],
    assertion: Claims | None,
    why: str,
) -> Judgement:
    """A judgement that stops before the claims; what comes after is skipped and says so."""
    lifetime = (BOOK.skipped("STS-R8", why),)
    return Judgement(
        request,
        protocol,
        skipped_mapping(why),
        skipped_condition(why),
        assertion,
        lifetime=lifetime,
    )


def _judge_protocol(token: str, provider: ProviderConfig, context: JudgeContext) -> Judged:
    """The rules of the provider's kind; imported on demand, for each brings its own libraries."""
    match provider.kind:
        case ProviderKind.OIDC:
            from wifctl.trust.oidc.judge import judge_oidc

            return judge_oidc(token, provider, context)
        case ProviderKind.SAML:
            from wifctl.trust.saml.judge import judge_saml

            return judge_saml(token, provider, context)
        case ProviderKind.AWS:
            from wifctl.trust.aws.judge import judge_aws

            return judge_aws(token, provider, context)
        case ProviderKind.X509:
            from wifctl.trust.x509.judge import judge_x509

            return judge_x509(token, provider, context)
