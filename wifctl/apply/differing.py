"""What of a desired object still differs from live, at the moment it is about to be written."""

from __future__ import annotations

from wifctl.api import Json
from wifctl.kinds.base import Kind
from wifctl.plan.compare import Rules, carry, compare
from wifctl.plan.model import Step
from wifctl.plan.normal import normal_fields
from wifctl.resource import Projects

Mask = tuple[str, ...]


def differing(kind: Kind, step: Step, body: Json, live: Json, projects: Projects) -> Mask:
    """Those of the step's fields that differ."""
    paths = {change.path for change in step.changes}
    rules = {path: rule for path, rule in kind.rules.items() if path in paths}
    return _compared(kind, rules, body, live, projects)


def differing_at_all(kind: Kind, body: Json, live: Json, projects: Projects, *, late: bool) -> Mask:
    """Every field that differs, those the document leaves out included.

    For an object whose live side the plan has not seen. `late`: fields of a second write, too.
    """
    rules = {path: rule for path, rule in kind.rules.items() if late or not rule.after_create}
    return _compared(kind, rules, body, live, projects, carried=True)


def _compared(
    kind: Kind, rules: Rules, body: Json, live: Json, projects: Projects, *, carried: bool = False
) -> Mask:
    assert kind.remote is not None
    found = normal_fields(kind, live, projects)
    desired = normal_fields(kind, body, projects)
    if carried:
        desired = kind.remote.settle(carry(rules, desired, found, frozenset()), found)
    difference = compare(rules, desired, found)
    return tuple(change.path for change in (*difference.changes, *difference.refused))
