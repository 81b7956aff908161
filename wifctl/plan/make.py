"""The planner: desired and live in, a plan out. Pure; the stages read like the page they follow.

regroup → objects → payloads → agents and policies → removals → revival → order → guards
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wifctl.diagnostics import Diagnostic
from wifctl.kinds.base import Facts
from wifctl.plan import guards
from wifctl.plan.desire import Desired, DesiredState, desire, version_address
from wifctl.plan.destroy import all_absent
from wifctl.plan.fingerprint import bystanders_fingerprint, fingerprint
from wifctl.plan.guards import Allowances
from wifctl.plan.model import Action, Change, Plan, Reason, Step
from wifctl.plan.narrow import existing_only, targeted
from wifctl.plan.objects import plan_object
from wifctl.plan.order import in_order
from wifctl.plan.policies import Authority
from wifctl.plan.removals import removals
from wifctl.plan.revive import POOL, revive
from wifctl.plan.state import LiveState, Presence
from wifctl.plan.targets import plan_targets
from wifctl.plan.versions import followed_secrets, newest_problems, newest_versions, plan_version
from wifctl.resource import (
    PROJECT_SERVICES,
    SERVICE_IDENTITY,
    Address,
    Resource,
    policy_address,
    policy_target,
)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line said about this plan."""

    destroy: bool = False
    existing_only: bool = False
    """`drift`: only what already exists is looked at."""
    selects: Callable[[Address], bool] | None = None
    """`--target`: which addresses are meant; what they need comes along."""
    allow: Allowances = dataclasses.field(default_factory=Allowances)
    target: str = ""
    manifest_digest: str = ""


def make_plan(resources: Sequence[Resource], live: LiveState, options: Options) -> Plan:
    """The plan that makes live what the documents say."""
    if options.destroy:
        resources = all_absent(resources)
    versions = [s for r in resources if _has_version(r) if (s := plan_version(r, live))]
    desired = desire(resources, _facts(resources, live, versions))
    built = [_object_plan(found, live) for found in desired.objects]
    steps = [step for steps, _ in built for step in steps]
    reason = Reason.DESTROYED if options.destroy else Reason.ABSENT
    authority = Authority(live.caller, options.allow.lockout, reason)
    policies = plan_targets(desired, live, steps, authority)
    removed, prevented = removals(desired, live, reason)
    steps += [*versions, *policies.steps, *removed]
    steps = _undecided(steps, {step.address for step in versions if step.undecided})
    pools = {d.address: d for d in desired.objects if d.address.kind == POOL}
    ready = in_order(revive(steps, pools, live), desired)
    added = frozenset(step.address for step in versions)
    problems = [*live.diagnostics, *(p for _, found in built for p in found), *prevented]
    problems += newest_problems(resources, live, added)
    plan = Plan(
        ready,
        _unchanged(desired, ready, problems),
        policies.unclaimed,
        (*problems, *policies.diagnostics),
        tuple(a for a, found in live.objects.items() if found.presence is Presence.UNREAD),
        target=options.target,
        manifest_digest=options.manifest_digest,
    )
    if options.existing_only:
        plan = existing_only(plan)
    if options.selects is not None:
        plan = targeted(plan, options.selects)
    return _guarded(plan, desired, live, options, resources)


def _has_version(resource: Resource) -> bool:
    present = resource.lifecycle.state.value == "present"
    return present and getattr(resource.spec, "version", None) is not None


def _facts(resources: Sequence[Resource], live: LiveState, versions: Sequence[Step]) -> Facts:
    added = frozenset(step.address for step in versions)
    secrets = {
        link.address
        for resource in resources
        for link in resource.links.values()
        if link.address.kind == "Secret"
    }
    newest = newest_versions(sorted(secrets), live, added)
    return Facts(live.projects, newest, live.later_projects)


def _object_plan(desired: Desired, live: LiveState) -> tuple[list[Step], tuple[Diagnostic, ...]]:
    if desired.address.kind == PROJECT_SERVICES:
        step = _services(desired, live)
        return ([step] if step else []), ()
    found = plan_object(desired, live.object(desired.address), live.projects)
    return list(found.steps), found.diagnostics


def _services(desired: Desired, live: LiveState) -> Step | None:
    enabled = frozenset(live.object(desired.address).json.get("services", ()))
    missing = [s for s in dict.fromkeys(desired.resource.spec.services) if s not in enabled]
    if not missing:
        return None
    return Step(
        desired.address,
        Action.ENABLE,
        Reason.SERVICE_OFF,
        tuple(Change(service, "disabled", "enabled") for service in missing),
        fields={"services": missing},
        origin=str(desired.resource.position or ""),
    )


def _undecided(steps: Iterable[Step], versions: set[Address]) -> list[Step]:
    """Steps that change only because an undecided version may be added are undecided too."""
    found = []
    for step in steps:
        if step.action is Action.UPDATE and _only_follows(step, versions):
            step = dataclasses.replace(step, undecided=True)
        found.append(step)
    return found


def _only_follows(step: Step, versions: set[Address]) -> bool:
    subjects = [getattr(change.desired, "subject", None) for change in step.changes]
    followed = {str(Address("Secret", address.path)) for address in versions}
    return bool(subjects) and all(subject in followed for subject in subjects)


def _unchanged(
    desired: DesiredState, steps: Sequence[Step], problems: Sequence[Diagnostic]
) -> tuple[Address, ...]:
    touched = {step.address for step in steps}
    refused = {problem.address for problem in problems}
    objects = [found.address for found in desired.objects]
    policies = [policy_address(t) for t, g in desired.targets.items() if g.is_wanted]
    return tuple(a for a in (*objects, *policies) if a not in touched and str(a) not in refused)


def _guarded(
    plan: Plan,
    desired: DesiredState,
    live: LiveState,
    options: Options,
    resources: Sequence[Resource],
) -> Plan:
    problems = list(plan.diagnostics)
    if options.destroy:
        problems += guards.secret_destroys(plan.steps, options.allow.secret_destroy)
    else:
        managed = _managed(desired, plan)
        problems += guards.mass_removal(plan.steps, managed, options.allow.mass_removal)
    return dataclasses.replace(
        plan,
        diagnostics=tuple(problems),
        fingerprints=_fingerprints(plan.steps, live, resources),
        bystanders=_bystanders(plan.steps, live),
    )


def _managed(desired: DesiredState, plan: Plan) -> int:
    members = sum(len(grants.grants) for grants in desired.targets.values())
    revoked = sum(
        member.reason is Reason.ROLE_AUTHORITATIVE for step in plan.steps for member in step.members
    )
    return len(desired.objects) + len(desired.absent) + members + revoked


def _fingerprints(
    steps: Sequence[Step], live: LiveState, resources: Iterable[Resource]
) -> dict[str, str]:
    """Of every object that has a step, or whose value a step uses."""
    found: dict[str, str] = {}
    for step in steps:
        if step.address.kind == SERVICE_IDENTITY:
            continue
        found[str(step.address)] = fingerprint(step.address, live, step.roles)
    touched = {step.address for step in steps}
    for resource in (r for r in resources if r.address in touched):
        for secret in followed_secrets(resource):
            found[str(version_address(secret))] = fingerprint(version_address(secret), live)
    return found


def _bystanders(steps: Iterable[Step], live: LiveState) -> dict[str, str]:
    return {
        str(step.address): bystanders_fingerprint(
            live.policies.get(policy_target(step.address)), step.roles
        )
        for step in steps
        if step.action is Action.POLICY
    }
