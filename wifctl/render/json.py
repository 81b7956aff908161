"""A plan as JSON; `docs/reference/formats.md` documents the shape."""

from __future__ import annotations

import dataclasses
from typing import Any

from wifctl.plan.model import Change, MemberChange, Plan, Step, Unclaimed
from wifctl.render.diagnostics_json import diagnostic_json
from wifctl.render.sections import refusals
from wifctl.render.values import holds_later, settled
from wifctl.resource import Condition

FORMAT_VERSION = "1.0"


def plan_json(plan: Plan) -> dict[str, Any]:
    """The whole plan; nothing derived from a payload is in it."""
    summary = plan.summary
    return {
        "format_version": FORMAT_VERSION,
        "target": plan.target,
        "applyable": not refusals(plan),
        "summary": {**dataclasses.asdict(summary), "changes": summary.changes},
        "steps": [_step(step) for step in plan.steps],
        "unchanged": [str(address) for address in plan.unchanged],
        "unclaimed": [_unclaimed(member) for member in plan.unclaimed],
        "unread": [str(address) for address in plan.unread],
        "diagnostics": [diagnostic_json(d) for d in plan.diagnostics],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "address": str(step.address),
        "kind": step.address.kind,
        "project": step.address.project,
        "action": step.action.value,
        "reason": step.reason.name.lower().replace("_", "-"),
        "reason_text": step.reason.value,
        "undecided": step.undecided,
        "changes": [_change(change) for change in step.changes],
        "members": [_member(change) for change in step.members],
        "notes": list(step.notes),
        "needs": list(step.needs),
        "origin": step.origin,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "path": change.path,
        "live": settled(change.live),
        "desired": settled(change.desired),
        "known": not holds_later(change.desired),
        "observable": change.observable,
        "gains_access": change.gains_access,
    }


def _member(change: MemberChange) -> dict[str, Any]:
    return {
        "action": change.action.value,
        "role": change.role,
        "member": str(change.member),
        "known": not holds_later(change.member),
        "condition": _condition(change.condition),
        "reason": change.reason.name.lower().replace("_", "-"),
        "reason_text": change.reason.value,
        "origin": change.origin,
    }


def _unclaimed(member: Unclaimed) -> dict[str, Any]:
    expression, title = member.condition_expression, member.condition_title
    return {
        "target": str(member.target),
        "role": member.role,
        "member": member.member,
        "condition": _condition(Condition(expression, title) if expression else None),
        "federated": member.is_federated,
    }


def _condition(condition: Condition | None) -> dict[str, str] | None:
    if condition is None:
        return None
    return {name: value for name, value in dataclasses.asdict(condition).items() if value}
