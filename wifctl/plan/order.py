"""What each step needs done before it.

Services come before everything of their project; what a document refers to, and every grant on it,
before the document's object; an agent before its grants; removals the other way round, after all
else.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wifctl.graph import ordered
from wifctl.names import (
    PoolName,
    RepositoryName,
    SecretName,
    SecretVersionName,
    parse_name,
)
from wifctl.plan.desire import DesiredState, version_address
from wifctl.plan.model import Action, Step
from wifctl.plan.objects import AFTER_CREATE
from wifctl.resource import (
    IAM_POLICY,
    PROJECT_SERVICES,
    SECRET_VERSION,
    Address,
    Later,
    Resource,
    policy_address,
    policy_target,
)
from wifctl.schema import Spec


def in_order(steps: Iterable[Step], desired: DesiredState) -> tuple[Step, ...]:
    """The steps with their needs, in an order that respects them."""
    given = tuple(steps)
    uses = _uses(desired)
    users = _users(uses)
    keys = _Keys(given)

    def needs(step: Step) -> Iterable[str]:
        if removes_only(step):
            return _removal_needs(step, users, keys)
        return _building_needs(step, uses, keys)

    return _sorted(
        [
            dataclasses.replace(step, needs=tuple(dict.fromkeys((*step.needs, *needs(step)))))
            for step in given
        ]
    )


def removes_only(step: Step) -> bool:
    """Whether a step only takes away: such steps run after all others."""
    if step.action is Action.POLICY:
        return all(member.action is Action.REVOKE for member in step.members)
    return step.action.removes


def phases(steps: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """What builds, and what runs after all of it: removals, and what waits for one of them."""
    removals = {step.key for step in steps if removes_only(step)}
    late = removals | {step.key for step in steps if removals.intersection(step.needs)}
    return [s for s in steps if s.key not in late], [s for s in steps if s.key in late]


class _Keys:
    """Which step keys stand for an address, by whether they build or remove."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.building: dict[Address, list[str]] = {}
        self.removing: dict[Address, list[str]] = {}
        self.services: dict[str, str] = {}
        self.late: dict[Address, str] = {}
        """Second writes of new objects, e.g. what disables an account before anybody gets it."""
        self.aliased = {version_address(step.address) for step in steps if _names_versions(step)}
        """Versions that an update of their live secret names."""
        for step in steps:
            if step.part == AFTER_CREATE:
                self.late[step.address] = step.key
            if step.part:
                continue
            if step.action is Action.ENABLE:
                self.services[step.address.project] = step.key
            side = self.removing if removes_only(step) else self.building
            side.setdefault(step.address, []).append(step.key)


Uses = Mapping[Address, frozenset[Address]]
Users = Mapping[Address, Sequence[Address]]


def _users(uses: Uses) -> Users:
    """Address → addresses of what uses it."""
    found: dict[Address, list[Address]] = {}
    for user, used in uses.items():
        for address in used - {user}:
            found.setdefault(address, []).append(user)
    return found


def _building_needs(step: Step, uses: Uses, keys: _Keys) -> Iterable[str]:
    service = keys.services.get(step.address.project)
    if service is not None and step.address.kind != PROJECT_SERVICES:
        yield service
    if step.part:
        yield from keys.building.get(step.address, ())
    used = uses.get(step.address, frozenset()) | _named(step.fields)
    for address in sorted(used):
        if address == step.address or step.address in keys.aliased:
            continue
        yield from keys.building.get(address, ())
        if step.address.kind == IAM_POLICY and address in keys.late:
            yield keys.late[address]
        if step.address.kind not in (IAM_POLICY, SECRET_VERSION):
            yield from keys.building.get(version_address(address), ())
            yield from keys.building.get(policy_address(address), ())
    if step.part == AFTER_CREATE or _names_versions(step):
        yield from keys.building.get(version_address(step.address), ())


def _names_versions(step: Step) -> bool:
    """Whether a live object is given names of versions, which this plan may have to add first."""
    named = any(change.path == "versionAliases" for change in step.changes)
    return named and step.action is Action.UPDATE and not step.part


def _removal_needs(step: Step, users: Users, keys: _Keys) -> Iterable[str]:
    """An object goes after everything that uses it."""
    for address in users.get(step.address, ()):
        yield from keys.removing.get(address, ())


def _uses(desired: DesiredState) -> dict[Address, frozenset[Address]]:
    """Address → addresses its object needs to stand."""
    found: dict[Address, frozenset[Address]] = {}
    for wanted in desired.objects:
        found[wanted.address] = _linked(wanted.resource)
    for resource in desired.absent:
        found[resource.address] = _linked(resource) | _named(resource.spec)
    for secret in desired.versions:
        found[version_address(secret.address)] = frozenset({secret.address})
    for target, grants in desired.targets.items():
        found[policy_address(target)] = frozenset({target, *grants.links, *grants.agents.values()})
    return found


def _linked(resource: Resource) -> frozenset[Address]:
    """What the object itself refers to; references inside `access` belong to its policy."""
    return frozenset(
        link.address for path, link in resource.links.items() if not path.startswith("access[")
    )


def _named(value: Any) -> frozenset[Address]:
    """Objects whose full names stand in the values a step sends, or in a spec."""
    if isinstance(value, Later):
        return _named(value.template.replace("{}", "1"))
    if isinstance(value, Spec):
        return _named(dict(value))
    if isinstance(value, Mapping):
        return frozenset().union(*map(_named, value.values()))
    if isinstance(value, list | tuple):
        return frozenset().union(*map(_named, value))
    found = _address(value) if isinstance(value, str) else None
    return frozenset({found}) if found else frozenset()


def _address(text: str) -> Address | None:
    if not text.startswith("projects/"):
        return None
    match parse_name(text):
        case SecretVersionName(SecretName(project, secret, location), _):
            return Address("Secret", tuple(filter(None, (project, location, secret))))
        case RepositoryName(project, location, repository):
            return Address("ArtifactRegistryRepository", (project, location, repository))
        case PoolName(project, pool):
            return Address("WorkloadIdentityPool", (project, pool))
        case _:
            return None


_RANK = {
    Action.ENABLE: 0,
    Action.UNDELETE: 1,
    Action.CREATE: 1,
    Action.UPDATE: 1,
    Action.POLICY: 1,
    Action.DELETE: 2,
    Action.DISABLE: 3,
}


def _sorted(steps: list[Step]) -> tuple[Step, ...]:
    """Services first, removals last, and otherwise by need; ties by address."""
    by_key = {step.key: step for step in sorted(steps, key=_place)}
    keys = ordered({key: step.needs for key, step in by_key.items()})
    depth = {key: index for index, key in enumerate(keys)}
    building, removing = phases(sorted(steps, key=lambda step: depth[step.key]))
    return (*building, *removing)


def _place(step: Step) -> tuple[int, Address, str]:
    address = policy_target(step.address) if step.address.kind == IAM_POLICY else step.address
    if step.address.kind == SECRET_VERSION:
        address = Address("Secret", step.address.path)
    return (_RANK[step.action], address, step.part)
