"""The whole answer for one token: rules → principals → grants → accounts → roles, as data."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from wifctl.principals import PoolPrincipal
from wifctl.trust.exchange import Judgement
from wifctl.trust.hand_checks import HandCheck
from wifctl.trust.matching import GrantMatch, Matcher, principals_of
from wifctl.trust.provider import ProviderConfig
from wifctl.trust.reach import Reach, ReachedAccount, World, reach
from wifctl.trust.reasons import Reason, grant_reason, refusal_reasons
from wifctl.trust.verdict import Outcome

NOTHING = Reach((), ())


class Half(enum.StrEnum):
    """The two halves of keyless access; each can refuse by itself."""

    ADMISSION = "admission"
    """Token, mapping, condition: whether the token becomes an identity of the pool."""
    IMPERSONATION = "impersonation"
    """Grants: whether that identity may become a service account, or reach anything."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything `explain` shows; the views only choose words and colours."""

    provider: ProviderConfig
    judgement: Judgement
    principals: tuple[PoolPrincipal, ...]
    """What the identity is called in IAM, were it admitted."""
    matches: tuple[GrantMatch, ...]
    """Every grant with its answer, those that match first, then the near ones."""
    reach: Reach
    """What the identity gets to, were it admitted."""
    failed: Half | None
    reasons: tuple[Reason, ...]
    """Why not, and what to change; empty when everything is fine."""
    notes: tuple[Reason, ...] = ()
    """Worth knowing, and no failure."""

    @property
    def outcome(self) -> Outcome:
        """The token's own outcome, or that of the second half where the token is accepted."""
        if self.failed:
            return Outcome.FAIL
        arrived = {item.outcome for item in self.reach.accounts}
        arrived |= {item.outcome for item in self.reach.access}
        doubtful = bool(arrived) and Outcome.PASS not in arrived
        return Outcome.UNKNOWN if doubtful else self.judgement.outcome


def explain(
    judgement: Judgement,
    provider: ProviderConfig,
    world: World | None = None,
    *,
    wanted_account: str = "",
) -> Explanation:
    """Put a judgement together with the grants there are.

    Without `world` (no grants were read) only admission is explained. `wanted_account` is the
    e-mail the workload wants to impersonate, where it is known.
    """
    pool = provider.parts.parent if provider.parts else None
    identity = judgement.identity
    if identity is None or pool is None:
        return _ended(judgement, provider)
    principals = principals_of(identity, pool)
    if world is None:
        return _ended(judgement, provider, principals)
    matcher = Matcher(identity, pool, world.now, world.numbers)
    matches = tuple(sorted(matcher.matches(world.grants), key=_rank))
    reached = reach(matches, world)
    failed, reasons = _failure(judgement, provider, matches, reached, wanted_account)
    notes = _notes(reached, wanted_account)
    return Explanation(provider, judgement, principals, matches, reached, failed, reasons, notes)


def _ended(
    judgement: Judgement, provider: ProviderConfig, principals: tuple[PoolPrincipal, ...] = ()
) -> Explanation:
    refused = judgement.outcome is Outcome.FAIL
    failed = Half.ADMISSION if refused else None
    reasons = refusal_reasons(judgement, provider)
    return Explanation(provider, judgement, principals, (), NOTHING, failed, reasons)


def _rank(match: GrantMatch) -> int:
    order = {Outcome.PASS: 0, Outcome.UNKNOWN: 1}
    return order.get(match.outcome, 2 if match.near else 3)


def _failure(
    judgement: Judgement,
    provider: ProviderConfig,
    matches: Iterable[GrantMatch],
    reached: Reach,
    wanted: str,
) -> tuple[Half | None, tuple[Reason, ...]]:
    refused = refusal_reasons(judgement, provider)
    if judgement.outcome is Outcome.FAIL:
        return Half.ADMISSION, refused
    usable = [account for account in reached.accounts if account.usable]
    if wanted:
        arrived = any(account.target.email == wanted for account in usable)
    else:
        arrived = bool(usable or reached.access)
    if arrived:
        return None, ()
    return Half.IMPERSONATION, _unreached(matches, reached, wanted)


def _unreached(matches: Iterable[GrantMatch], reached: Reach, wanted: str) -> tuple[Reason, ...]:
    near = [match for match in matches if match.outcome is Outcome.FAIL and match.near]
    meant = [match for match in near if match.grant.target.email == wanted] if wanted else near
    reasons = [
        *(_disabled(account) for account in reached.accounts if not account.usable),
        *(grant_reason(match) for match in meant or near),
    ]
    others = [account.target.email for account in reached.accounts if account.usable]
    if wanted and others:
        reasons.append(_other_account(wanted, others))
    return tuple(reasons) or (_nothing(wanted),)


def _disabled(account: ReachedAccount) -> Reason:
    message = f"the service account {account.target.email} is disabled"
    return Reason(message, "enable it", check=HandCheck.WHICH_HALF, source=account.grant.source)


def _other_account(wanted: str, others: list[str]) -> Reason:
    message = f"the identity may become {', '.join(others)}, not {wanted}"
    hint = f"grant roles/iam.workloadIdentityUser on {wanted}, or impersonate the other account"
    return Reason(message, hint, check=HandCheck.BINDING)


def _nothing(wanted: str) -> Reason:
    target = wanted or "any service account"
    message = f"the token is accepted, but no grant lets its identity become {target}"
    hint = "grant one of its principals roles/iam.workloadIdentityUser on the service account"
    return Reason(message, hint, check=HandCheck.WHICH_HALF)


def _notes(reached: Reach, wanted: str) -> tuple[Reason, ...]:
    direct = [item for item in reached.access if not item.account]
    if reached.accounts or not direct or wanted:
        return ()
    message = "the identity holds its roles directly, without a service account"
    hint = "some products do not accept federated identities; those need a service account"
    return (Reason(message, hint, check=HandCheck.NEEDS_ACCOUNT),)
