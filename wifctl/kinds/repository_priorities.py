"""Dependency confusion: virtual repositories that ask an upstream before private packages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wifctl.diagnostics import Severity
from wifctl.kinds.base import Lookup, Problem
from wifctl.resource import Resource


def check_priorities(resource: Resource, spec_at: Lookup) -> Iterable[Problem]:
    """Warn of each remote repository that is not below every standard one.

    Whoever can publish a name upstream then decides what clients get under that name.
    """
    policies = list(enumerate(resource.spec.upstream_policies or ()))
    modes = {index: _mode(resource, index, spec_at) for index, _ in policies}
    private = [p for index, p in policies if modes[index] == "STANDARD_REPOSITORY"]
    for index, policy in policies:
        ahead = [p for p in private if p.priority <= policy.priority]
        if modes[index] == "REMOTE_REPOSITORY" and ahead:
            yield _public_first(index, policy, ahead)


def _mode(resource: Resource, index: int, spec_at: Lookup) -> str:
    link = resource.links.get(f"upstreamPolicies[{index}].repository")
    spec = spec_at(link.address) if link else None
    return "" if spec is None else spec.mode or "STANDARD_REPOSITORY"


def _public_first(index: int, policy: Any, private: list[Any]) -> Problem:
    names = ", ".join(f"{p.repository} ({p.priority})" for p in private)
    return Problem(
        "public-first",
        f"spec.upstreamPolicies[{index}].priority",
        f"the remote repository {policy.repository} comes before, or level with, {names}: a public "
        "package of the same name takes the place of a private one",
        allowed="a priority below that of every standard repository",
        fix=f"set it below {min(p.priority for p in private)}",
        severity=Severity.WARNING,
    )
