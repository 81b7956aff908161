"""One desired object against its live one: the steps it needs, or why it cannot be had."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wifctl.diagnostics import Diagnostic
from wifctl.plan.compare import Difference, carry, compare, created
from wifctl.plan.desire import Desired
from wifctl.plan.model import Action, Change, Reason, Step
from wifctl.plan.normal import normal_fields
from wifctl.plan.state import LiveObject, Presence
from wifctl.resource import Fields, Later, OnDeleted, Projects
from wifctl.schema import FieldRule

AFTER_CREATE = "after-create"


@dataclass(frozen=True, slots=True)
class ObjectPlan:
    """What one object needs."""

    steps: tuple[Step, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def plan_object(desired: Desired, live: LiveObject, projects: Projects) -> ObjectPlan:
    """The steps that make one object what its document says."""
    match live.presence:
        case Presence.ABSENT:
            return _create(desired, Reason.MISSING)
        case Presence.UNREAD:
            return _create(desired, Reason.UNREAD)
        case Presence.SOFT_DELETED:
            return _undelete(desired, live, projects)
        case Presence.PRESENT:
            return _update(desired, live, projects)


def _create(desired: Desired, reason: Reason) -> ObjectPlan:
    """A create, and a second write for fields Google takes in an update only."""
    rules = desired.kind.rules
    fields = carry(rules, desired.fields, {}, frozenset())
    now = {path: rule for path, rule in rules.items() if not rule.after_create}
    after = {path: rule for path, rule in rules.items() if rule.after_create}
    first = _step(desired, Action.CREATE, reason, created(now, fields), _sent(desired, now, fields))
    late = created(after, fields)
    if not late:
        return ObjectPlan((first,))
    second = _step(
        desired,
        Action.UPDATE,
        Reason.NOW_THERE,
        late,
        _sent(desired, after, fields),
        part=AFTER_CREATE,
    )
    return ObjectPlan((first, second))


def _update(desired: Desired, live: LiveObject, projects: Projects) -> ObjectPlan:
    fields, difference = _difference(desired, live, projects)
    if difference.refused:
        return ObjectPlan((), tuple(_refusal(desired, change) for change in difference.refused))
    if not difference.changes:
        return ObjectPlan()
    sent = _sent(desired, desired.kind.rules, fields)
    return ObjectPlan((_step(desired, Action.UPDATE, Reason.DIFFERS, difference.changes, sent),))


def _undelete(desired: Desired, live: LiveObject, projects: Projects) -> ObjectPlan:
    if desired.resource.lifecycle.on_deleted is OnDeleted.FAIL:
        return ObjectPlan((), (_deleted(desired, live),))
    if desired.kind.name == "ServiceAccount":
        return _undelete_account(desired, live)
    fields, difference = _difference(desired, live, projects)
    if difference.refused:
        return ObjectPlan((), tuple(_refusal(desired, change) for change in difference.refused))
    sent = _sent(desired, desired.kind.rules, fields)
    step = _step(desired, Action.UNDELETE, Reason.SOFT_DELETED, difference.changes, sent)
    return ObjectPlan((step,))


def _undelete_account(desired: Desired, live: LiveObject) -> ObjectPlan:
    """Google shows no deleted account, so what differs is found out after it is back."""
    sent = _sent(desired, desired.kind.rules, desired.fields)
    note = f"comes back with its unique id {live.json['uniqueId']} and every grant that names it"
    fields = {**sent, "uniqueId": live.json["uniqueId"]}
    changes = created(desired.kind.rules, desired.fields)
    step = _step(desired, Action.UNDELETE, Reason.ACCOUNT_DELETED, changes, fields, notes=(note,))
    return ObjectPlan((step,))


def _difference(
    desired: Desired, live: LiveObject, projects: Projects
) -> tuple[Fields, Difference]:
    kind = desired.kind
    assert kind.remote is not None
    found = normal_fields(kind, live.json, projects)
    fields = carry(kind.rules, desired.fields, found, desired.nulls)
    return fields, compare(kind.rules, kind.remote.settle(fields, found), found)


def _sent(desired: Desired, rules: Mapping[str, FieldRule], fields: Fields) -> dict[str, Any]:
    """What a write carries: raw texts as written, merged values where something was carried."""
    return {
        path: fields[path] if rule.carry or path not in desired.raw else desired.raw[path]
        for path, rule in rules.items()
        if path in fields and not rule.virtual
    }


def _step(
    desired: Desired,
    action: Action,
    reason: Reason,
    changes: tuple[Change, ...],
    fields: Fields,
    *,
    notes: tuple[str, ...] = (),
    part: str = "",
) -> Step:
    origin = str(desired.resource.position or "")
    return Step(
        desired.address,
        action,
        reason,
        changes,
        fields=fields,
        notes=notes,
        origin=origin,
        part=part,
    )


def _refusal(desired: Desired, change: Change) -> Diagnostic:
    rule = desired.kind.rules[change.path]
    path = f"spec.{change.path}" if not rule.virtual else "spec"
    return Diagnostic(
        "immutable-field",
        f"{change.path} is {shown(change.live, rule)} and cannot become "
        f"{shown(change.desired, rule)}: Google does not change it in place",
        position=desired.resource.position_of(path),
        path=path,
        fix=rule.immutable,
        address=str(desired.address),
    )


def shown(value: Any, rule: FieldRule) -> str:
    """A value in a sentence; what is unset has Google's default."""
    if value is None:
        return "unset" if rule.default is None else f"{rule.default}"
    return str(value) if isinstance(value, str | Later) else json.dumps(value)


def _deleted(desired: Desired, live: LiveObject) -> Diagnostic:
    until = live.json.get("expireTime")
    purge = f" and is purged at {until}" if until else ""
    return Diagnostic(
        "soft-deleted",
        f"it is soft-deleted{purge}; `lifecycle.onDeleted: fail` forbids to undelete it",
        position=desired.resource.position,
        path="lifecycle.onDeleted",
        fix="undelete it by hand after a review, or set `onDeleted: undelete`",
        address=str(desired.address),
    )
