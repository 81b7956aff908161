"""What a saved plan remembers of live: hashes of compared fields, never etags, never payloads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable

from wifctl.api import LivePolicy
from wifctl.kinds.registry import kind as kind_of
from wifctl.plan.normal import normal_fields
from wifctl.plan.policies import regrouped
from wifctl.plan.state import LiveObject, LiveState
from wifctl.resource import IAM_POLICY, SECRET_VERSION, Address, Fields, Projects, policy_target


def fingerprint(address: Address, live: LiveState, roles: Iterable[str] = ()) -> str:
    """The hash of one live object, or of the roles of a policy a plan touches."""
    if address.kind == IAM_POLICY:
        return policy_fingerprint(live.policies.get(policy_target(address)), roles)
    return object_fingerprint(address, live.object(address), live.projects)


def object_fingerprint(address: Address, found: LiveObject, projects: Projects) -> str:
    """SHA-256 of presence and compared fields; versions by number and state.

    A secret without versions and one that is not there yet have the same versions: none.
    """
    if address.kind == SECRET_VERSION:
        return _digest(_compared(address, found, projects))
    return _digest([found.presence.value, _compared(address, found, projects)])


def policy_fingerprint(policy: LivePolicy | None, roles: Iterable[str]) -> str:
    """SHA-256 of the members of some roles, conditions included, order and duplicates not."""
    wanted = frozenset(roles)
    return _digest(_bindings(policy, lambda role: role in wanted))


def bystanders_fingerprint(policy: LivePolicy | None, roles: Iterable[str]) -> str:
    """The same of all other roles: what a plan that touches `roles` leaves alone."""
    touched = frozenset(roles)
    return _digest(_bindings(policy, lambda role: role not in touched))


def _bindings(policy: LivePolicy | None, is_meant: Callable[[str], bool]) -> list[list[object]]:
    bindings: list[list[object]] = [
        [role, _condition(condition), sorted(members)]
        for (role, condition), members in regrouped(policy).items()
        if is_meant(role) and members
    ]
    return sorted(bindings, key=str)


def _condition(condition: object) -> str:
    return "" if condition is None else repr(condition)


def _compared(address: Address, found: LiveObject, projects: Projects) -> object:
    if address.kind == SECRET_VERSION:
        versions = found.json.get("versions") or []
        return sorted([v["name"].rsplit("/", 1)[-1], v.get("state", "")] for v in versions)
    return _plain(normal_fields(kind_of(address.kind), found.json, projects))


def _plain(fields: Fields) -> dict[str, object]:
    return dict(sorted(fields.items()))


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
