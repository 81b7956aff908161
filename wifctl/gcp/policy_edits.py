"""Edits to an IAM policy, in place.

Only `bindings` and `version` are touched, so audit configs and fields nobody here knows survive.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from wifctl.api import Binding, LivePolicy, MemberEdit
from wifctl.gcp.policy_forms import PolicyForm
from wifctl.principals import normal_member

CONDITIONS_VERSION = 3
"""The first policy version that may hold conditions."""

_normal = functools.lru_cache(maxsize=65_536)(normal_member)


def live_policy(policy: PolicyForm) -> LivePolicy:
    """The policy as the ports know it, carrying its message."""
    bindings = tuple(
        Binding(policy.role(b), tuple(policy.members(b)), policy.condition(b))
        for b in policy.bindings()
    )
    return LivePolicy(bindings, policy.etag(), policy.message)


def apply_edits(policy: PolicyForm, edits: Iterable[MemberEdit]) -> None:
    """Change the message itself: version 3 when a condition is or was in it."""
    conditional = _has_condition(policy)
    for edit in edits:
        if edit.add:
            _add(policy, edit)
        else:
            _remove(policy, edit)
    policy.drop_empty()
    if conditional or _has_condition(policy):
        policy.set_version(CONDITIONS_VERSION)


def _add(policy: PolicyForm, edit: MemberEdit) -> None:
    """To the first binding of the key, unless any binding of the key has the member."""
    same = _same_key(policy, edit)
    wanted = _normal(edit.member)
    if any(_normal(member) == wanted for b in same for member in policy.members(b)):
        return
    target = same[0] if same else policy.add_binding(edit.role, edit.condition)
    policy.members(target).append(edit.member)


def _remove(policy: PolicyForm, edit: MemberEdit) -> None:
    """From every binding of the key, however the member is spelled there."""
    unwanted = _normal(edit.member)
    for binding in _same_key(policy, edit):
        members = policy.members(binding)
        kept = [member for member in members if _normal(member) != unwanted]
        del members[:]
        members.extend(kept)


def _same_key(policy: PolicyForm, edit: MemberEdit) -> list[Any]:
    return [
        binding
        for binding in policy.bindings()
        if policy.role(binding) == edit.role and policy.condition(binding) == edit.condition
    ]


def _has_condition(policy: PolicyForm) -> bool:
    return any(policy.condition(binding) for binding in policy.bindings())
