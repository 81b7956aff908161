"""Bindings of a policy that is being set: roles, conditions and the documented limits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from wifctl.emulator.errors import Json
from wifctl.emulator.policies.members import refuse

MAX_PRINCIPALS = 1500
"""Occurrences of members in one policy."""
MAX_GROUPS = 250
"""Occurrences of groups and domains in one policy."""
MAX_OPERATORS = 12
"""Logical operators in one condition."""
MAX_CONDITIONS = 20
"""Bindings of one role and member that differ only in their condition."""
MAX_TITLE = 100
MAX_CONDITION_DESCRIPTION = 256

_ROLE = re.compile(r"(?:(?:projects|organizations)/[^/]+/)?roles/[A-Za-z][\w.]*")
_LOWERED = "_withcond_"
_STRING = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"")
_OPERATOR = re.compile(r"&&|\|\||!(?!=)")


def checked_bindings(
    bindings: Sequence[Json], version: int, normal: Callable[[str], str]
) -> list[Json]:
    """The bindings as stored: members normal, empty ones dropped. Raises INVALID_ARGUMENT."""
    result = []
    for binding in bindings:
        condition = binding.get("condition")
        _check_role(binding.get("role", ""))
        if condition is not None:
            _check_condition(condition, version)
        members = list(dict.fromkeys(normal(m) for m in binding.get("members", [])))
        if members:
            result.append({**binding, "members": members})
    _check_limits(result)
    return result


def check_version(version: int) -> None:
    """Only 0, 1 and 3 are versions of a policy."""
    if version not in (0, 1, 3):
        raise refuse(f"Invalid policy version {version}: the valid versions are 0, 1 and 3.")


def _check_role(role: str) -> None:
    if not role:
        raise refuse("Role name is required in every binding.")
    if not _ROLE.fullmatch(role) or _LOWERED in role:
        raise refuse(f"Role {role} is not supported for this resource.")


def _check_condition(condition: Json, version: int) -> None:
    if version != 3:
        raise refuse("The policy holds a condition: its version must be 3.")
    expression, title = condition.get("expression", ""), condition.get("title", "")
    if not expression:
        raise refuse("Condition expression is required.")
    if not title:
        raise refuse("Condition title is required.")
    if len(title) > MAX_TITLE or len(condition.get("description", "")) > MAX_CONDITION_DESCRIPTION:
        raise refuse("Condition title or description is too long.")
    if len(_OPERATOR.findall(_STRING.sub("''", expression))) > MAX_OPERATORS:
        raise refuse(f"Condition has more than {MAX_OPERATORS} logical operators.")
    _check_brackets(expression)


def _check_brackets(expression: str) -> None:
    """Syntax as far as it can be told without IAM's own CEL variables and functions."""
    bare = _STRING.sub("''", expression)
    depth = Counter(bare)
    balanced = all(depth[a] == depth[b] for a, b in ("()", "[]", "{}"))
    if not balanced or re.search(r"(&&|\|\||[=<>+])\s*$", bare):
        raise refuse(f"Expression compilation failed: ERROR: syntax error in '{expression[:200]}'")


def _check_limits(bindings: Sequence[Json]) -> None:
    members = [m for b in bindings for m in b["members"]]
    if len(members) > MAX_PRINCIPALS:
        raise refuse(f"The number of members in the policy ({len(members)}) is larger than the "
                     f"maximum allowed size {MAX_PRINCIPALS}.")  # fmt: skip
    groups = sum(m.startswith(("group:", "domain:")) for m in members)
    if groups > MAX_GROUPS:
        raise refuse(f"The number of groups in the policy ({groups}) is larger than the maximum "
                     f"allowed size {MAX_GROUPS}.")  # fmt: skip
    pairs = Counter((b["role"], m) for b in bindings if "condition" in b for m in b["members"])
    if pairs and max(pairs.values()) > MAX_CONDITIONS:
        raise refuse(f"A member has more than {MAX_CONDITIONS} conditional bindings of one role.")
