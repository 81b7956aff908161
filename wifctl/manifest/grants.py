"""Roles, conditions and targets of grants, wherever a spec has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wifctl.kinds.access import ConditionSpec
from wifctl.manifest import words
from wifctl.manifest.documents import check_project
from wifctl.manifest.index import Node
from wifctl.manifest.report import Report

BASIC_ROLES = frozenset({"roles/owner", "roles/editor", "roles/viewer"})
MOST_OPERATORS = 12
"""Logical operators of one IAM condition (IAM quotas)."""
_ROLE = re.compile(r"(?:(?:projects|organizations)/[^/\s]+/)?roles/[A-Za-z0-9_.]+")
_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_OPERATORS = re.compile(r"&&|\|\||!(?!=)")


def check_grants(node: Node) -> None:
    """Report roles, conditions and target projects no policy takes."""
    report = node.document.report
    for path, role in _roles(node):
        if role and not _ROLE.fullmatch(role):
            _refuse_role(report, path, role)
    for path, roles, condition in _conditions(node):
        if f"{path}.expression" not in node.touched:
            _check_condition(report, f"{path}.expression", condition.expression)
        _check_key(report, path, roles, condition)
    on = node.spec.__dict__.get("on")
    if on is not None and on.project is not None:
        check_project(report, "spec.on.project", on.project)


def _roles(node: Node) -> Iterator[tuple[str, str]]:
    values = node.spec.__dict__
    for index, entry in enumerate(values.get("access") or ()):
        yield f"spec.access[{index}].role", entry.role
    if isinstance(values.get("role"), str):
        yield "spec.role", values["role"]
    for index, role in enumerate(values.get("roles") or ()):
        yield f"spec.roles[{index}]", role


def _conditions(node: Node) -> Iterator[tuple[str, tuple[str, ...], ConditionSpec]]:
    """(path, roles, condition) of every conditional entry."""
    values = node.spec.__dict__
    for index, entry in enumerate(values.get("access") or ()):
        if entry.condition is not None:
            yield f"spec.access[{index}].condition", (entry.role,), entry.condition
    if values.get("condition") is not None:
        roles = (values.get("role"), *(values.get("roles") or ()))
        yield "spec.condition", tuple(filter(None, roles)), values["condition"]


def _check_key(report: Report, path: str, roles: Iterable[str], condition: ConditionSpec) -> None:
    """What IAM demands of a conditional binding besides its expression."""
    if not condition.title:
        report.value(
            "missing-field",
            path,
            "a condition without title",
            allowed="title and expression; IAM refuses a condition that has no title",
            fix="add `title:`",
        )
    basic = sorted(BASIC_ROLES.intersection(roles))
    if basic:
        report.value(
            "conflicting-fields",
            path,
            f"a condition on the basic role {basic[0]}",
            allowed="a predefined or custom role: IAM takes no conditions on basic ones",
            fix="grant a narrower role, or remove the condition",
        )


def _refuse_role(report: Report, path: str, role: str) -> None:
    report.value(
        "bad-role",
        path,
        f"{words.quoted(role)} is no role",
        allowed="roles/NAME, projects/P/roles/NAME or organizations/O/roles/NAME",
        fix=f"did you mean roles/{role}?" if re.fullmatch(r"[\w.]+", role) else "mend it",
    )


def _check_condition(report: Report, path: str, expression: str) -> None:
    """Syntax and size; names and functions differ by service and are left to Google."""
    from wifctl.trust.cel.compile import compile_any  # CEL only where there is a condition
    from wifctl.trust.cel.problem import ProblemKind
    from wifctl.trust.cel.runtime import IAM_VARIABLES

    count = len(_OPERATORS.findall(_STRINGS.sub("", expression)))
    if count > MOST_OPERATORS:
        report.value(
            "too-many",
            path,
            f"{count} logical operators",
            allowed=f"at most {MOST_OPERATORS} of &&, || and !",
            fix="split the grant, or test with `in [...]`",
        )
    compiled = compile_any(expression, IAM_VARIABLES)
    for found in compiled if isinstance(compiled, list) else ():
        if found.kind is ProblemKind.SYNTAX:
            report.value(
                "bad-expression",
                path,
                f"{found.message} (line {found.line}, column {found.column} of the expression)",
                allowed="a CEL expression that gives a boolean",
                fix="mend the expression at that place",
                offset=(found.line - 1, found.column - 1),
            )
