"""Plans of less than everything: `--target`, and `drift`'s view of what already exists."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

from wifctl.diagnostics import Diagnostic, Severity
from wifctl.plan.model import Plan, Reason, Step
from wifctl.resource import IAM_POLICY, SECRET_VERSION, Address, policy_target

Selects = Callable[[Address], bool]


def existing_only(plan: Plan) -> Plan:
    """`drift`: only steps on what already exists."""
    missing = {step.key for step in plan.steps if step.reason is Reason.MISSING}
    absent = {step.address for step in plan.steps if step.reason is Reason.MISSING}
    steps = tuple(
        step
        for step in plan.steps
        if step.key not in missing and not _belongs(step, absent) and not _agent_only(step)
    )
    return dataclasses.replace(plan, steps=steps)


def _belongs(step: Step, absent: set[Address]) -> bool:
    """Whether a step is on the policy or the version of an object that is not there."""
    if step.address.kind == SECRET_VERSION:
        return Address("Secret", step.address.path) in absent
    return step.address.kind == IAM_POLICY and policy_target(step.address) in absent


def _agent_only(step: Step) -> bool:
    return step.reason is Reason.AGENT_NEEDED


def targeted(plan: Plan, selects: Selects) -> Plan:
    """`--target`: the steps that are meant, and what they need."""
    steps = plan.steps
    by_key = {step.key: step for step in steps}
    wanted = {step.key for step in steps if _meant(step, selects)}
    stack = list(wanted)
    while stack:
        for key in by_key[stack.pop()].needs:
            if key in by_key and key not in wanted:
                wanted.add(key)
                stack.append(key)
    kept = tuple(_additive(step) for step in steps if step.key in wanted)
    listed = [step for step in steps if _by_authority(step)]
    return dataclasses.replace(
        plan,
        steps=tuple(step for step in kept if step is not None),
        diagnostics=(*plan.diagnostics, *_left(listed)),
    )


def _meant(step: Step, selects: Callable[[Address], bool]) -> bool:
    if step.address.kind == IAM_POLICY:
        return selects(step.address) or selects(policy_target(step.address))
    return selects(step.address)


def _by_authority(step: Step) -> bool:
    authoritative = (Reason.NOT_NAMED, Reason.NO_LONGER_NAMED)
    return step.reason in authoritative or any(
        member.reason is Reason.ROLE_AUTHORITATIVE for member in step.members
    )


def _additive(step: Step) -> Step | None:
    """Authoritative removals are listed under `--target`, not executed."""
    if step.reason in (Reason.NOT_NAMED, Reason.NO_LONGER_NAMED):
        return None
    members = tuple(m for m in step.members if m.reason is not Reason.ROLE_AUTHORITATIVE)
    if step.members and not members:
        return None
    return dataclasses.replace(step, members=members)


def _left(steps: Iterable[Step]) -> Iterable[Diagnostic]:
    for step in steps:
        yield Diagnostic(
            "not-targeted",
            f"{step.address}: authoritative removals are listed only, because --target is given",
            severity=Severity.WARNING,
            fix="plan without --target to execute them",
            address=str(step.address),
        )
