"""Conditions of bindings: what IAM's CEL sees of a request, and whether it is met.

Resource attributes are those of Google's list of the services that recognise them: projects and
Secret Manager's. Of any other resource they are empty, so that a condition on its name is not met.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from wifctl.emulator.projects import Projects

NO_RESOURCE: Mapping[str, str] = {"name": "", "type": "", "service": ""}
_PROJECT = re.compile(r"projects/([^/]+)(/.*)?")
_SECRET = re.compile(r"(?:/locations/[^/]+)?/secrets/[^/]+(/versions/[^/]+)?")


def attributes(resource: str, projects: Projects) -> Mapping[str, str]:
    """`resource.name`, `.type` and `.service` of a resource as a request names it."""
    found = _PROJECT.fullmatch(resource)
    project = projects.find(found[1]) if found else None
    if not found or not project:
        return NO_RESOURCE
    rest = found[2] or ""
    name = f"projects/{project.number}{rest}"
    if not rest:
        return _described(name, "cloudresourcemanager.googleapis.com", "Project")
    secret = _SECRET.fullmatch(rest)
    if not secret:
        return NO_RESOURCE
    return _described(
        name, "secretmanager.googleapis.com", "SecretVersion" if secret[1] else "Secret"
    )


def is_met(expression: str, resource: Mapping[str, str], now: datetime) -> bool:
    """Whether a condition is true; one that fails or that CEL does not compile is not met."""
    from wifctl.trust.cel.compile import Compiled, compile_any
    from wifctl.trust.cel.runtime import IAM_VARIABLES

    compiled = compile_any(expression, IAM_VARIABLES)
    if not isinstance(compiled, Compiled):
        return False
    return compiled.evaluate({"request": {"time": now}, "resource": resource}).accepts


def _described(name: str, service: str, kind: str) -> Mapping[str, str]:
    return {"name": name, "type": f"{service}/{kind}", "service": service}
