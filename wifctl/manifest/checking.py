"""Checks that need the whole load: names, members, cycles, and each kind's own."""

from __future__ import annotations

from itertools import chain
from typing import Any

from wifctl.kinds.base import Problem
from wifctl.manifest import words
from wifctl.manifest.index import Index, Node
from wifctl.resource import Address, Resource


def check_names(index: Index) -> None:
    """Refuse two documents of one kind, project and name."""
    seen: dict[tuple[str, str, str], Node] = {}
    for node in index.nodes:
        document = node.document
        if not document.name:
            continue
        first = seen.setdefault((node.kind.name, document.project, document.name), node)
        if first is not node and (first.address != node.address or node.address is None):
            document.report.value(
                "duplicate-name",
                "metadata.name",
                f"{words.quoted(document.name)} is already the name of the "
                f"{node.kind.name} at {first.document.report.places.position}",
                allowed="a name that is unique per kind and project",
                fix="rename one; the resource id can stay: `metadata.id`",
            )


def check_spec(index: Index, node: Node, resource: Resource) -> None:
    """Everything the kind itself has to say."""

    def spec_at(address: Address) -> Any:
        found = index.at(address)
        return found.spec if found else None

    for problem in chain(node.kind.check(resource), node.kind.check_among(resource, spec_at)):
        if not _is_moot(node, problem):
            _report(node, problem)


def _is_moot(node: Node, problem: Problem) -> bool:
    """Whether a problem is about a value that was made up for a wrong one, or reported before."""
    report = node.document.report
    is_about_name = problem.path == "metadata.id" and problem.path not in report.places.packed
    if is_about_name and any(found.path.startswith("metadata") for found in report.diagnostics):
        return True
    return any(
        problem.path == path or problem.path.startswith((f"{path}.", f"{path}["))
        for path in node.touched
    )


def _report(node: Node, problem: Problem) -> None:
    report, path = node.document.report, problem.path
    if path == "metadata.id" and path not in report.places.packed:
        path = "metadata.name"
    report.value(
        problem.code,
        path,
        problem.message,
        allowed=problem.allowed,
        fix=problem.fix,
        severity=problem.severity,
        offset=problem.offset,
    )
