"""The policies of a plan: one step a target, its agents before it, its unclaimed members beside."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wifctl.diagnostics import Diagnostic
from wifctl.names import service_account_email
from wifctl.plan import guards
from wifctl.plan.desire import DesiredState, TargetGrants
from wifctl.plan.model import Action, Reason, Step, Unclaimed
from wifctl.plan.policies import Authority, PolicyChange, plan_policy
from wifctl.plan.state import LiveState
from wifctl.resource import Address, policy_address


@dataclass(frozen=True, slots=True)
class Policies:
    """The policy steps of a plan, and what stands out in the policies that were read."""

    steps: tuple[Step, ...]
    unclaimed: tuple[Unclaimed, ...]
    diagnostics: tuple[Diagnostic, ...]


def plan_targets(
    desired: DesiredState,
    live: LiveState,
    steps: Sequence[Step],
    authority: Authority,
) -> Policies:
    """One step a target whose policy differs; `steps` tell which accounts come back."""
    revived = frozenset(
        service_account_email(step.address.project, step.address.id)
        for step in steps
        if step.action is Action.UNDELETE and step.address.kind == "ServiceAccount"
    )
    authority = dataclasses.replace(authority, revived=revived)
    deleted = {resource.address for resource in desired.absent}
    declared = frozenset(found.address for found in desired.objects)
    made: dict[Address, Step] = {}
    unclaimed: list[Unclaimed] = []
    problems: list[Diagnostic] = []
    for target, grants in desired.targets.items():
        if target in deleted:
            continue
        problems += _unreachable(target, grants, declared, live)
        change = plan_policy(grants, live.policies.get(target), authority)
        unclaimed += change.unclaimed
        problems += guards.kept_members(change.kept)
        if change.members:
            made |= {step.address: step for step in _agents(grants, change)}
            made[policy_address(target)] = _policy_step(target, change)
    ordered_unclaimed = sorted(unclaimed, key=lambda u: (not u.is_federated, u))
    return Policies(tuple(made.values()), tuple(ordered_unclaimed), tuple(problems))


def _policy_step(target: Address, change: PolicyChange) -> Step:
    removes = all(member.action is Action.REVOKE for member in change.members)
    reason = change.members[0].reason if removes else Reason.NOT_GRANTED
    return Step(policy_address(target), Action.POLICY, reason, members=change.members)


def _agents(grants: TargetGrants, change: PolicyChange) -> Iterable[Step]:
    """Agents a new grant names are created first: Google refuses members that do not exist."""
    for member in change.members:
        if member.action is Action.GRANT and member.member in grants.agents:
            yield Step(grants.agents[member.member], Action.CREATE, Reason.AGENT_NEEDED)


def _unreachable(
    target: Address, grants: TargetGrants, declared: frozenset[Address], live: LiveState
) -> Iterable[Diagnostic]:
    missing = target in live.policies and live.policies[target] is None
    if missing and target not in declared and any(g.wanted for g in grants.grants):
        yield guards.missing_target(target, grants.grants[0].origin)
