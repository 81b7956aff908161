"""Desired against live, field by field: pure, and without a word about any API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wifctl.plan.model import Change
from wifctl.resource import Fields, Later
from wifctl.schema import Carry, FieldRule

Rules = Mapping[str, FieldRule]


@dataclass(frozen=True, slots=True)
class Difference:
    """What has to change, and what cannot."""

    changes: tuple[Change, ...] = ()
    refused: tuple[Change, ...] = ()
    """Changes of fields Google cannot change in place."""


def compare(rules: Rules, desired: Fields, live: Fields) -> Difference:
    """All changes between two sides in normal form, carried values already merged in."""
    changes: list[Change] = []
    refused: list[Change] = []
    for path, rule in rules.items():
        change = _change(rule, desired.get(path), live.get(path))
        if change is None:
            continue
        (refused if _stands(rule, change) else changes).append(change)
    return Difference(tuple(changes), tuple(refused))


def _stands(rule: FieldRule, change: Change) -> bool:
    """Whether Google refuses to make this change in place."""
    in_place = rule.in_place is not None and rule.in_place(change.live, change.desired)
    return bool(rule.immutable) and not in_place


def _change(rule: FieldRule, desired: Any, live: Any) -> Change | None:
    if desired == live or rule.input_only:
        return None
    if rule.may_hide and live is None:
        if isinstance(desired, Later):
            return Change(rule.path, None, desired, observable=False)
        return None
    return Change(rule.path, live, desired, gains_access=_gains(rule.path, desired, live))


def _gains(path: str, desired: Any, live: Any) -> bool:
    return path == "disabled" and bool(live) and not desired


def created(rules: Rules, desired: Fields) -> tuple[Change, ...]:
    """The changes of an object that is not there yet."""
    return tuple(
        Change(path, None, desired[path], observable=not rule.input_only)
        for path, rule in rules.items()
        if path in desired and not rule.virtual
    )


def carry(rules: Rules, desired: Fields, live: Fields, nulls: frozenset[str]) -> Fields:
    """Desired, with what omission leaves alone copied over from live before the comparison.

    `nulls` are paths a manifest sets to `null` on purpose: those are removed.
    """
    merged = dict(desired)
    for path, rule in rules.items():
        if rule.carry is Carry.VALUE and path not in desired and path not in nulls:
            if path in live:
                merged[path] = live[path]
        elif rule.carry is Carry.KEYS:
            keys = _carried_keys(path, desired, live, nulls)
            merged.pop(path, None)
            if keys:
                merged[path] = keys
    return merged


def _carried_keys(
    path: str, desired: Fields, live: Fields, nulls: frozenset[str]
) -> dict[str, Any]:
    if path in nulls:
        return {}
    both = {**live.get(path, {}), **desired.get(path, {})}
    return {key: value for key, value in sorted(both.items()) if value is not None}
