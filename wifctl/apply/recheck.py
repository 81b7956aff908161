"""Before a saved plan runs: is live still what the plan saw, or already what it leads to?"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wifctl.api import Api, LivePolicy
from wifctl.apply.differing import differing, differing_at_all
from wifctl.apply.objects import moved
from wifctl.apply.reread import read_again
from wifctl.diagnostics import Diagnostic, Severity, WifctlError
from wifctl.kinds.base import nested
from wifctl.kinds.registry import kind as kind_of
from wifctl.payloads import Payloads
from wifctl.plan.fingerprint import (
    bystanders_fingerprint,
    object_fingerprint,
    policy_fingerprint,
)
from wifctl.plan.model import Action, Plan, Reason, Step
from wifctl.plan.normal import normal_fields
from wifctl.plan.policies import regrouped
from wifctl.plan.revive import ENABLE
from wifctl.plan.state import LiveObject, LiveState, Payload, Presence
from wifctl.resource import (
    IAM_POLICY,
    PROJECT_SERVICES,
    SECRET_VERSION,
    SERVICE_IDENTITY,
    Address,
    Later,
    Projects,
    parse_address,
    policy_target,
)


@dataclass(frozen=True, slots=True)
class Rechecked:
    """Live as it is now, and which steps are done already."""

    live: LiveState
    done: frozenset[str]
    notes: tuple[Diagnostic, ...] = ()
    """What else has changed."""


async def recheck(
    plan: Plan,
    projects: Mapping[str, str],
    api: Api,
    payloads: Payloads,
    width: int = 32,
) -> Rechecked:
    """Read everything the plan touches or uses. Raises WifctlError naming all that moved."""
    live = await read_again(plan, Projects(projects), api, payloads, width)
    steps: dict[str, list[Step]] = {}
    for step in plan.steps:
        steps.setdefault(str(step.address), []).append(step)
    done: set[str] = set()
    problems: list[Diagnostic] = []
    for text, planned in plan.fingerprints.items():
        address = parse_address(text)
        if _fingerprint(address, live, steps.get(text, ())) == planned:
            continue
        finished = _finished(steps.get(text, ()), live)
        if finished is None and address.kind == PROJECT_SERVICES:
            continue  # some are switched already, by a run cut off or by hand: the rest is left
        if finished is None:
            problems.append(_moved(address, steps.get(text, ())))
        else:
            done |= finished
    if problems:
        raise WifctlError(*problems)
    done |= _unneeded_agents(plan, done)
    return Rechecked(live, frozenset(done), tuple(_notes(plan, live)))


def _unneeded_agents(plan: Plan, done: set[str]) -> set[str]:
    """Agents whose every grant is made: Google shows no agent, but its grants tell."""
    agents = {step.key for step in plan.steps if step.address.kind == SERVICE_IDENTITY}
    waiting = {need for step in plan.steps if step.key not in done for need in step.needs}
    return agents - waiting


def _notes(plan: Plan, live: LiveState) -> Iterable[Diagnostic]:
    """What else changed in policies the plan writes: no reason to refuse, but worth a line."""
    for step in plan.steps:
        planned = plan.bystanders.get(str(step.address))
        policy = live.policies.get(policy_target(step.address)) if planned else None
        if planned is not None and bystanders_fingerprint(policy, step.roles) != planned:
            yield Diagnostic(
                "moved-elsewhere",
                f"roles of {policy_target(step.address)} that the plan leaves alone have "
                "changed since it was saved",
                severity=Severity.NOTE,
                address=str(step.address),
            )


def _moved(address: Address, steps: Iterable[Step]) -> Diagnostic:
    step = next(iter(steps), None)
    if step is not None:
        return moved(step, "live has changed since the plan was saved")
    return Diagnostic(
        "moved",
        f"{address}, whose value the plan uses, has changed since the plan was saved",
        fix="plan again",
        address=str(address),
    )


def _fingerprint(address: Address, live: LiveState, steps: Iterable[Step]) -> str:
    if address.kind == IAM_POLICY:
        roles = frozenset(role for step in steps for role in step.roles)
        return policy_fingerprint(live.policies.get(policy_target(address)), roles)
    found = live.object(address)
    account = address.kind == "ServiceAccount" and found.presence is Presence.ABSENT
    unique = next((s.fields["uniqueId"] for s in steps if "uniqueId" in s.fields), "")
    if account and unique:
        found = LiveObject(Presence.SOFT_DELETED, {"uniqueId": unique})
    return object_fingerprint(address, found, live.projects)


def _finished(steps: Iterable[Step], live: LiveState) -> frozenset[str] | None:
    """The steps of one address that are done already; None where live is something else."""
    given = list(steps)
    done = {step.key for step in given if _is_done(step, live)}
    last = next((step for step in given if step.part == ENABLE), None)
    if last is not None and last.key in done:
        return frozenset(step.key for step in given)
    if given and (given[0].key in done or _half_undeleted(given[0], live)):
        return frozenset(done)
    return None


def _half_undeleted(step: Step, live: LiveState) -> bool:
    """Back, and not yet repaired: a run was cut off in between, or somebody else was faster."""
    found = live.object(step.address)
    if step.action is not Action.UNDELETE or found.presence is not Presence.PRESENT:
        return False
    if "uniqueId" in step.fields:
        return bool(found.json.get("uniqueId") == step.fields["uniqueId"])
    fields = normal_fields(kind_of(step.address.kind), found.json, live.projects)
    return all(fields.get(change.path) == change.live for change in step.changes)


def _is_done(step: Step, live: LiveState) -> bool:
    address = step.address
    if address.kind == IAM_POLICY:
        return _policy_done(step, live.policies.get(policy_target(address)))
    found = live.object(address)
    if address.kind == SECRET_VERSION and step.fields["when"] == "changed":
        return live.payloads.get(address) is Payload.SAME
    if address.kind == SECRET_VERSION:
        return bool(found.json.get("versions"))
    if step.action in (Action.ENABLE, Action.DISABLE):
        enabled = frozenset(found.json.get("services", ()))
        on = step.action is Action.ENABLE
        return all((change.path in enabled) is on for change in step.changes)
    if step.action is Action.DELETE:
        return found.presence is not Presence.PRESENT
    return found.presence is Presence.PRESENT and _equal(step, found, live.projects)


def _equal(step: Step, found: LiveObject, projects: Projects) -> bool:
    """Whether live is what the step leads to, holes aside: of a new object, every field."""
    kind = kind_of(step.address.kind)
    body = nested({k: v for k, v in step.fields.items() if k != "uniqueId"})
    seen = step.action is not Action.CREATE and step.reason is not Reason.ACCOUNT_DELETED
    if seen:
        left = differing(kind, step, body, found.json, projects)
    else:
        undeleted = step.action is Action.UNDELETE
        left = differing_at_all(kind, body, found.json, projects, late=undeleted)
    return all(isinstance(step.fields.get(path), Later) for path in left)


def _policy_done(step: Step, policy: LivePolicy | None) -> bool:
    live = regrouped(policy)
    return all(
        (member.member in live.get((member.role, member.condition), frozenset()))
        is (member.action is Action.GRANT)
        for member in step.members
    )


def without(plan: Plan, done: frozenset[str]) -> Plan:
    """The plan as it is left to run; steps already done count as met needs."""
    left = tuple(step for step in plan.steps if step.key not in done)
    return dataclasses.replace(plan, steps=left)
