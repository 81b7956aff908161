"""Role names, wherever a spec has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wifctl.manifest import words
from wifctl.manifest.documents import check_project
from wifctl.manifest.index import Node

_ROLE = re.compile(r"(?:(?:projects|organizations)/[^/\s]+/)?roles/[A-Za-z0-9_.]+")


def check_roles(node: Node) -> None:
    """Report roles no policy takes, and a target project that is none."""
    report = node.document.report
    for path, role in _roles(node):
        if role and not _ROLE.fullmatch(role):
            report.value(
                "bad-role",
                path,
                f"{words.quoted(role)} is no role",
                allowed="roles/NAME, projects/P/roles/NAME or organizations/O/roles/NAME",
                fix=f"did you mean roles/{role}?" if re.fullmatch(r"[\w.]+", role) else "mend it",
            )
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
