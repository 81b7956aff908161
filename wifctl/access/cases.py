"""TrustTest documents, run: what each case wants, what the engine says, and why they differ."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from wifctl.access.case_results import CaseResult, Difference
from wifctl.access.declared import numbered
from wifctl.access.evidence import Evidence
from wifctl.access.explained import judged
from wifctl.access.picture import KnownProvider, Picture
from wifctl.access.simulation import simulated
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.kinds.members import account_email
from wifctl.kinds.trust_test import NAME, Case
from wifctl.resource import Address, Resource
from wifctl.trust.exchange import Judgement
from wifctl.trust.explain import Explanation, explain
from wifctl.trust.matching import principals_of
from wifctl.trust.provider import JudgeContext
from wifctl.trust.reasons import refusal_reasons
from wifctl.trust.verdict import Outcome


def run_tests(
    resources: Iterable[Resource], picture: Picture, now: datetime
) -> Iterator[CaseResult]:
    """Every case of every TrustTest, in the order of the documents.

    Claims that carry `iat` are judged at that time, simulated ones at `now`. Raises WifctlError
    for a test of a provider that no document declares, and for values no issuer knows.
    """
    providers = {each.document.address: each for each in picture.providers if each.document}
    for resource in resources:
        if resource.address.kind == NAME:
            known = _provider(resource, providers)
            for index in range(len(resource.spec.cases)):
                yield _run(_Asked(resource, index, known, picture, now))


def _provider(resource: Resource, providers: Mapping[Address, KnownProvider]) -> KnownProvider:
    known = providers.get(resource.links["provider"].address)
    if known is not None:
        return numbered(known)
    raise WifctlError(
        Diagnostic(
            "provider-not-loaded",
            "a test needs the provider's own document, and it was not loaded",
            position=resource.position_of("spec.provider"),
            path="spec.provider",
            fix="add the file that declares the provider to PATHS",
        )
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """One case with all it needs."""

    resource: Resource
    index: int
    known: KnownProvider
    picture: Picture
    now: datetime

    @property
    def case(self) -> Case:
        found: Case = self.resource.spec.cases[self.index]
        return found

    @property
    def path(self) -> str:
        return f"spec.cases[{self.index}]"

    @property
    def claims(self) -> Mapping[str, object]:
        if self.case.simulate is None:
            return self.case.claims or {}
        simulation = self.case.simulate
        try:
            return simulated(simulation.issuer, simulation.values, self.known.config, self.now)
        except WifctlError as error:
            raise self._placed(error) from None

    def _placed(self, error: WifctlError) -> WifctlError:
        position = self.resource.position_of(f"{self.path}.simulate")
        return WifctlError(*(replace(d, position=position) for d in error.diagnostics))

    def accounts(self) -> tuple[str, ...] | None:
        """The e-mails the case names; None where it does not care."""
        if self.case.service_accounts is None:
            return None
        links = self.resource.links
        paths = (
            f"cases[{self.index}].serviceAccounts[{i}]"
            for i in range(len(self.case.service_accounts))
        )
        return tuple(sorted(account_email(links[path].address) for path in paths))


def _run(asked: _Asked) -> CaseResult:
    started = time.perf_counter()
    claims = asked.claims
    context = JudgeContext(_moment(claims, asked.now))
    judgement = judged(Evidence("", claims=claims), asked.known, context, explain=False)
    unknown = tuple(v.rule for v in judgement.verdicts if v.outcome is Outcome.UNKNOWN)
    differences, because = _compared(asked, judgement, context)
    return CaseResult(
        asked.resource.name,
        asked.case.name,
        asked.resource.position_of(asked.path),
        differences,
        because,
        unknown,
        time.perf_counter() - started,
    )


def _moment(claims: Mapping[str, object], now: datetime) -> datetime:
    issued = claims.get("iat")
    if not isinstance(issued, int | float) or isinstance(issued, bool):
        return now
    try:
        return datetime.fromtimestamp(issued, UTC)
    except (ValueError, OverflowError, OSError):
        return now


Compared = tuple[tuple[Difference, ...], tuple[str, ...]]


def _compared(asked: _Asked, judgement: Judgement, context: JudgeContext) -> Compared:
    refused = judgement.outcome is Outcome.FAIL
    if refused is not (asked.case.expect == "deny"):
        found = "deny" if refused else "allow"
        return (Difference("expect", asked.case.expect, found),), _reasons(
            asked, judgement, context
        )
    return _refusal(asked, judgement) if refused else _identity(asked, judgement, context)


def _reasons(asked: _Asked, judgement: Judgement, context: JudgeContext) -> tuple[str, ...]:
    """Why the token is refused though it should not be, or what it gets though it should not."""
    reasons = refusal_reasons(judgement, asked.known.config)
    if reasons:
        return tuple("; ".join(filter(None, (r.message, r.hint))) for r in reasons)
    emails = _arrived(explain(judgement, asked.known.config, asked.picture.world(context.now)))
    if emails:
        return (f"no rule refuses the token, and it may become {', '.join(emails)}",)
    hint = "if that is meant, write `expect: allow` and `serviceAccounts: []`"
    return (f"no rule refuses the token, but it reaches no service account: {hint}",)


def _refusal(asked: _Asked, judgement: Judgement) -> Compared:
    failing = [v.rule for v in judgement.verdicts if v.outcome is Outcome.FAIL]
    if asked.case.rule is None or asked.case.rule in failing:
        return (), ()
    found = ", ".join(failing)
    reasons = refusal_reasons(judgement, asked.known.config)
    return (Difference("rule", asked.case.rule, found),), tuple(r.message for r in reasons)


def _identity(asked: _Asked, judgement: Judgement, context: JudgeContext) -> Compared:
    found = [*_principal(asked, judgement)]
    because: tuple[str, ...] = ()
    wanted = asked.accounts()
    if wanted is not None:
        explanation = explain(judgement, asked.known.config, asked.picture.world(context.now))
        arrived = _arrived(explanation)
        if arrived != wanted:
            found.append(Difference("serviceAccounts", _listed(wanted), _listed(arrived)))
            because = tuple(reason.message for reason in explanation.reasons)
    return tuple(found), because


def _principal(asked: _Asked, judgement: Judgement) -> Iterator[Difference]:
    wanted, identity, parts = asked.case.principal, judgement.identity, asked.known.config.parts
    if wanted is None or identity is None or parts is None:
        return
    names = [str(principal) for principal in principals_of(identity, parts.parent)]
    short = [name.partition(f"/workloadIdentityPools/{parts.pool}/")[2] for name in names]
    by_number = wanted.replace(f"/projects/{asked.known.project}/", f"/projects/{parts.project}/")
    if wanted not in short and by_number not in names:
        yield Difference("principal", wanted, ", ".join(short))


def _arrived(explanation: Explanation) -> tuple[str, ...]:
    """The accounts the identity can become; doubtful ones say so and so equal no e-mail."""
    usable = (account for account in explanation.reach.accounts if account.usable)
    doubt = {Outcome.UNKNOWN: " (if an IAM condition holds)"}
    return tuple(sorted(a.target.email + doubt.get(a.outcome, "") for a in usable))


def _listed(emails: Sequence[str]) -> str:
    return f"[{', '.join(emails)}]"
