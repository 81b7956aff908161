"""A plan as a file and back. Nothing derived from a payload is ever in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError

from wifctl.diagnostics import Diagnostic, Position, Severity, WifctlError
from wifctl.kinds.registry import HIDDEN, MODULES
from wifctl.plan.model import Action, Change, MemberChange, Plan, Reason, Step, Unclaimed
from wifctl.plan.saved_form import FORMAT, MemberChangeForm, PlanForm, StepForm
from wifctl.resource import IAM_POLICY, Condition, Later, LaterKind, parse_address

LATER = "$later"


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan that was saved, and the project numbers it was made with."""

    plan: Plan
    projects: Mapping[str, str]
    version: str


def dump(plan: Plan, projects: Mapping[str, str], version: str) -> str:
    """The text of a plan file. `version` is wifctl's own."""
    content = {
        "format": FORMAT,
        "wifctl": version,
        "target": plan.target,
        "manifestDigest": plan.manifest_digest,
        "projects": dict(projects),
        "steps": [_step(step) for step in plan.steps],
        "unchanged": [str(address) for address in plan.unchanged],
        "unclaimed": [_unclaimed(found) for found in plan.unclaimed],
        "findings": [_finding(d) for d in plan.diagnostics if d.severity is not Severity.ERROR],
        "unread": [str(address) for address in plan.unread],
        "fingerprints": dict(plan.fingerprints),
        "bystanders": dict(plan.bystanders),
    }
    content["checksum"] = _checksum(content)
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _checksum(content: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in content.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _step(step: Step) -> dict[str, Any]:
    return {
        "address": str(step.address),
        "action": step.action.value,
        "reason": step.reason.value,
        "changes": [_change(change) for change in step.changes],
        "members": [_member(member) for member in step.members],
        "fields": _plain(dict(step.fields)),
        "needs": list(step.needs),
        "notes": list(step.notes),
        "origin": step.origin,
        "part": step.part,
        "undecided": step.undecided,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "path": change.path,
        "live": _plain(change.live),
        "desired": _plain(change.desired),
        "observable": change.observable,
        "gainsAccess": change.gains_access,
    }


def _member(change: MemberChange) -> dict[str, Any]:
    member = change.member
    who = {"later": asdict(member)} if isinstance(member, Later) else {"member": member}
    return {
        "action": change.action.value,
        "role": change.role,
        **who,
        "reason": change.reason.value,
        "condition": asdict(change.condition) if change.condition else None,
        "origin": change.origin,
    }


def _unclaimed(found: Unclaimed) -> dict[str, Any]:
    return {
        "target": str(found.target),
        "role": found.role,
        "member": found.member,
        "conditionTitle": found.condition_title,
        "conditionExpression": found.condition_expression,
    }


def _finding(found: Diagnostic) -> dict[str, Any]:
    return {
        "code": found.code,
        "message": found.message,
        "severity": found.severity.value,
        "fix": found.fix,
        "address": found.address,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Later):
        return {LATER: asdict(value)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def parse(text: str, file: str) -> SavedPlan:
    """The plan in a file. Raises WifctlError for anything but a plan as it was saved."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise _refused(file, f"no JSON: {error}") from None
    if not isinstance(content, dict):
        raise _refused(file, "no plan")
    try:
        form = PlanForm.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise _refused(file, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    if form.checksum != _checksum(content):
        raise _refused(file, "the file was changed after it was saved")
    return SavedPlan(_plan(form, file), form.projects, form.wifctl)


def _refused(file: str, what: str) -> WifctlError:
    return WifctlError(
        Diagnostic(
            "bad-plan-file",
            f"this is not a plan wifctl can apply: {what}",
            position=Position(file),
            allowed="a file that `wifctl plan --out` wrote",
            fix="plan again",
        )
    )


def _plan(form: PlanForm, file: str) -> Plan:
    return Plan(
        tuple(_parsed_step(step, file) for step in form.steps),
        tuple(parse_address(text) for text in form.unchanged),
        tuple(
            Unclaimed(
                parse_address(found.target),
                found.role,
                found.member,
                found.condition_title,
                found.condition_expression,
            )
            for found in form.unclaimed
        ),
        tuple(
            Diagnostic(f.code, f.message, Severity(f.severity), fix=f.fix, address=f.address)
            for f in form.findings
        ),
        tuple(parse_address(text) for text in form.unread),
        form.fingerprints,
        form.bystanders,
        form.target,
        form.manifest_digest,
    )


def _parsed_step(form: StepForm, file: str) -> Step:
    address = parse_address(form.address)
    if address.kind not in (*MODULES, *HIDDEN, IAM_POLICY):
        raise _refused(file, f"the kind {address.kind} is unknown")
    return Step(
        address,
        Action(form.action),
        _reason(form.reason, file),
        tuple(
            Change(
                c.path, _read(c.live, file), _read(c.desired, file), c.observable, c.gains_access
            )
            for c in form.changes
        ),
        tuple(_parsed_member(member, file) for member in form.members),
        _read(form.fields, file),
        tuple(form.needs),
        tuple(form.notes),
        form.origin,
        form.part,
        form.undecided,
    )


def _parsed_member(form: MemberChangeForm, file: str) -> MemberChange:
    if (form.member is None) == (form.later is None):
        raise _refused(file, "a member change without one member")
    condition = form.condition
    return MemberChange(
        Action(form.action),
        form.role,
        form.member or _later(form.later.model_dump() if form.later else {}, file),
        _reason(form.reason, file),
        Condition(condition.expression, condition.title, condition.description)
        if condition
        else None,
        form.origin,
    )


def _reason(text: str, file: str) -> Reason:
    try:
        return Reason(text)
    except ValueError:
        raise _refused(file, f"the reason {text!r} is unknown") from None


def _later(form: Mapping[str, Any], file: str) -> Later:
    try:
        return Later(LaterKind(form["kind"]), str(form["subject"]), str(form["template"]))
    except (KeyError, ValueError):
        raise _refused(file, "a value known after apply is malformed") from None


def _read(value: Any, file: str) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {LATER}:
            return _later(value[LATER], file)
        return {key: _read(item, file) for key, item in value.items()}
    if isinstance(value, list):
        return [_read(item, file) for item in value]
    return value


def differences(saved: Plan, fresh: Plan) -> tuple[str, ...]:
    """Keys of steps that one of two plans has and the other has not, or has otherwise."""
    one = {step.key: _essence(step) for step in saved.steps}
    other = {step.key: _essence(step) for step in fresh.steps}
    return tuple(sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key)))


def _essence(step: Step) -> dict[str, Any]:
    """A step without where it was written: line numbers may differ between checkouts."""
    essence = _step(step)
    essence.pop("origin")
    for member in essence["members"]:
        member.pop("origin")
    return essence
