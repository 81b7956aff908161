"""A plan in the shape of `terraform show -json`, so that Checkov and OPA policies read it.

Only what the plan holds is there: an object that is created in full, of an updated one the fields
that change. Names follow Terraform's google provider (`google_iam_*`, `…_iam_member`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wifctl.plan.model import Action, MemberChange, Plan, Step
from wifctl.render.terraform import (
    Values,
    field_values,
    identity_values,
    member_type,
    target_values,
    terraform_type,
)
from wifctl.resource import Later, policy_target

FORMAT_VERSION = "1.2"
TERRAFORM_VERSION = "1.9.0"
"""A version whose readers know this format; nothing of Terraform's runs."""
_NAME = "wifctl"


@dataclass(frozen=True, slots=True)
class _Change:
    type: str
    index: str
    actions: tuple[str, ...]
    before: Values | None
    after: Values | None

    @property
    def address(self) -> str:
        return f"{self.type}.{_NAME}[{json.dumps(self.index)}]"


def tfplan(plan: Plan) -> dict[str, Any]:
    """The plan as Terraform would have written it."""
    changes = [change for step in plan.steps for change in _changes(step)]
    return {
        "format_version": FORMAT_VERSION,
        "terraform_version": TERRAFORM_VERSION,
        "planned_values": {
            "root_module": {"resources": [_planned(c) for c in changes if c.after is not None]}
        },
        "resource_changes": [_resource_change(change) for change in changes],
        "configuration": {
            "provider_config": {"google": {"name": "google"}},
            "root_module": {"resources": [_configured(c) for c in changes if c.after is not None]},
        },
    }


def _changes(step: Step) -> Iterator[_Change]:
    if step.action is Action.POLICY:
        yield from (_member(step, change) for change in step.members)
    elif step.action in (Action.ENABLE, Action.DISABLE):
        yield from _services(step)
    elif not step.part and not step.undecided:
        yield _object(step)


def _services(step: Step) -> Iterator[_Change]:
    for change in step.changes:
        values = {**identity_values(step.address), "service": change.path}
        index = f"{step.address.project}/{change.path}"
        yield _of("google_project_service", index, step.action, values)


def _object(step: Step) -> _Change:
    address = step.address
    index, identity = "/".join(address.path), identity_values(address)
    if step.action is Action.UPDATE:
        live = {c.path: c.live for c in step.changes if c.live is not None}
        desired = {c.path: c.desired for c in step.changes if c.desired is not None}
        before = {**identity, **field_values(address, live)}
        after = {**identity, **field_values(address, desired)}
        return _Change(terraform_type(address), index, ("update",), before, after)
    fields = dict(step.fields) or {c.path: c.desired for c in step.changes}
    values = {**identity, **field_values(address, fields)}
    return _of(terraform_type(address), index, step.action, values)


def _member(step: Step, change: MemberChange) -> _Change:
    target = policy_target(step.address)
    values: Values = {
        **target_values(target),
        "role": change.role,
        "member": change.member,
    }
    index = f"{'/'.join(target.path)} {change.role} {change.member}"
    if change.condition is not None:
        condition = change.condition
        values["condition"] = [
            {
                "title": condition.title,
                "description": condition.description,
                "expression": condition.expression,
            }
        ]
        index = f"{index} {condition.title}".rstrip()
    return _of(member_type(target), index, change.action, values)


def _of(type_: str, index: str, action: Action, values: Values) -> _Change:
    if action.removes:
        return _Change(type_, index, ("delete",), values, None)
    return _Change(type_, index, ("create",), None, values)


def _planned(change: _Change) -> dict[str, Any]:
    return {
        "address": change.address,
        "mode": "managed",
        "type": change.type,
        "name": _NAME,
        "index": change.index,
        "schema_version": 0,
        "values": _known(change.after),
        "sensitive_values": {},
    }


def _resource_change(change: _Change) -> dict[str, Any]:
    return {
        "address": change.address,
        "mode": "managed",
        "type": change.type,
        "name": _NAME,
        "index": change.index,
        "change": {
            "actions": list(change.actions),
            "before": _known(change.before),
            "after": _known(change.after),
            "after_unknown": _unknown(change.after) or {},
            "before_sensitive": change.before is not None and {},
            "after_sensitive": change.after is not None and {},
        },
    }


def _configured(change: _Change) -> dict[str, Any]:
    return {
        "address": f"{change.type}.{_NAME}",
        "mode": "managed",
        "type": change.type,
        "name": _NAME,
        "provider_config_key": "google",
        "expressions": {},
        "schema_version": 0,
    }


def _known(value: Any) -> Any:
    """The value without what only apply will tell."""
    if isinstance(value, Mapping):
        return {k: _known(item) for k, item in value.items() if not isinstance(item, Later)}
    if isinstance(value, list | tuple):
        return [None if isinstance(item, Later) else _known(item) for item in value]
    return value


def _unknown(value: Any) -> Any:
    """`true` wherever apply will tell, in the shape of the value."""
    if isinstance(value, Later):
        return True
    if isinstance(value, Mapping):
        found = {key: _unknown(item) for key, item in value.items()}
        return {key: item for key, item in found.items() if item}
    if isinstance(value, list | tuple):
        found_items = [_unknown(item) for item in value]
        return found_items if any(found_items) else None
    return None
