"""What an admitted identity can reach: service accounts, one through another, and roles."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wifctl.principals import normal_member
from wifctl.trust.grants import Grant, Target, TargetKind
from wifctl.trust.iam_condition import judge_iam_condition
from wifctl.trust.matching import GrantMatch
from wifctl.trust.verdict import Outcome

IMPERSONATION = frozenset(
    {
        "roles/iam.workloadIdentityUser",
        "roles/iam.serviceAccountTokenCreator",
        "roles/iam.serviceAccountOpenIdTokenCreator",
    }
)
"""The predefined roles that let somebody obtain a service account's tokens."""


@dataclass(frozen=True, slots=True)
class ReachedAccount:
    """A service account whose tokens the identity can obtain."""

    target: Target
    grant: Grant
    """The grant that opens the last step."""
    outcome: Outcome
    """`unknown` where an IAM condition on the way cannot be told."""
    through: tuple[str, ...] = ()
    """The accounts in between, outermost first."""

    @property
    def usable(self) -> bool:
        """Whether it can be impersonated now: a disabled account gives no tokens."""
        return not self.target.disabled


@dataclass(frozen=True, slots=True)
class ReachedAccess:
    """A role the identity holds, itself or as a service account."""

    grant: Grant
    outcome: Outcome
    account: str = ""
    """The service account that holds it; "" where the identity holds it directly."""


@dataclass(frozen=True, slots=True)
class Reach:
    """All service accounts and all roles an identity gets to."""

    accounts: tuple[ReachedAccount, ...]
    access: tuple[ReachedAccess, ...]


@dataclass(frozen=True, slots=True)
class World:
    """Everything known about grants and service accounts at one time."""

    grants: tuple[Grant, ...]
    accounts: tuple[Target, ...]
    now: datetime.datetime
    numbers: Mapping[str, str]

    def opened(self, grant: Grant) -> tuple[Target, ...]:
        """The service accounts an impersonation role opens where it is granted."""
        if grant.role not in IMPERSONATION:
            return ()
        if grant.target.kind is TargetKind.SERVICE_ACCOUNT:
            known = (item for item in self.accounts if item.email == grant.target.email)
            return (next(known, grant.target),)
        if grant.target.kind is not TargetKind.PROJECT:
            return ()
        project = self._number(grant.target.project)
        return tuple(item for item in self.accounts if self._number(item.project) == project)

    def held_by(self, email: str) -> tuple[tuple[Grant, Outcome], ...]:
        """The grants a service account holds, those with a false condition left out."""
        member = normal_member(f"serviceAccount:{email}")
        held = (grant for grant in self.grants if normal_member(grant.member) == member)
        judged = ((grant, self._holds(grant)) for grant in held)
        return tuple((grant, outcome) for grant, outcome in judged if outcome is not Outcome.FAIL)

    def _holds(self, grant: Grant) -> Outcome:
        if grant.condition is None:
            return Outcome.PASS
        return judge_iam_condition(grant.condition.expression, self.now)

    def _number(self, project: str) -> str:
        return self.numbers.get(project, project)


def reach(matches: Iterable[GrantMatch], world: World) -> Reach:
    """Follow the matching grants to every service account and role, breadth first."""
    granted = [match for match in matches if match.outcome is not Outcome.FAIL]
    access = [
        ReachedAccess(match.grant, match.outcome)
        for match in granted
        if not world.opened(match.grant)
    ]
    queue = [
        ReachedAccount(target, match.grant, match.outcome)
        for match in granted
        for target in world.opened(match.grant)
    ]
    reached: dict[str, ReachedAccount] = {}
    while queue:
        account = queue.pop(_surest(queue))
        if account.target.email in reached:
            continue
        reached[account.target.email] = account
        if account.usable:
            found, further = _follow(account, world)
            access += found
            queue += further
    return Reach(tuple(reached.values()), tuple(access))


def _surest(queue: list[ReachedAccount]) -> int:
    """The first account reached for certain, so that a doubtful way never hides a sure one."""
    return next((at for at, item in enumerate(queue) if item.outcome is Outcome.PASS), 0)


def _follow(
    account: ReachedAccount, world: World
) -> tuple[list[ReachedAccess], list[ReachedAccount]]:
    email = account.target.email
    through = (*account.through, email)
    access: list[ReachedAccess] = []
    further: list[ReachedAccount] = []
    for grant, outcome in world.held_by(email):
        worst = Outcome.UNKNOWN if account.outcome is Outcome.UNKNOWN else outcome
        opened = world.opened(grant)
        further += [ReachedAccount(target, grant, worst, through) for target in opened]
        if not opened:
            access.append(ReachedAccess(grant, worst, email))
    return access, further
