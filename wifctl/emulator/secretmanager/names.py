"""Names of secrets and versions: any project form in, the project number out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wifctl.emulator.errors import ApiError, invalid
from wifctl.emulator.locations import SECRET_MANAGER, no_location
from wifctl.emulator.service import Context

_PARENT = re.compile(r"projects/([^/]+)(?:/locations/([^/]+))?")
_SECRET = re.compile(r"(projects/[^/]+(?:/locations/[^/]+)?)/secrets/([^/]+)")
_VERSION = re.compile(r"(.+/secrets/[^/]+)/versions/([^/]+)")
SECRET_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")


@dataclass(frozen=True, slots=True)
class Version:
    """The canonical name of a secret, and what stood after `/versions/`."""

    secret: str
    version: str

    def __str__(self) -> str:
        return f"{self.secret}/versions/{self.version}"


def parent_of(context: Context, parent: str, permission: str) -> str:
    """`projects/NUMBER` or `projects/NUMBER/locations/L`; raises when there is no such place."""
    found = _PARENT.fullmatch(parent)
    if not found:
        raise _malformed(parent)
    project = context.projects.find(found[1])
    if project is None:
        raise _denied(permission, parent)
    if not found[2]:
        return f"projects/{project.number}"
    if found[2] not in SECRET_MANAGER:
        raise no_location(found[2])
    return f"projects/{project.number}/locations/{found[2]}"


def secret_name(context: Context, name: str, permission: str) -> str:
    """The canonical name of a secret, existing or not."""
    found = _SECRET.fullmatch(name)
    if not found:
        raise _malformed(name)
    return f"{parent_of(context, found[1], permission)}/secrets/{found[2]}"


def version_name(context: Context, name: str, permission: str) -> Version:
    """The canonical name of a version, existing or not; an alias or `latest` stays one."""
    found = _VERSION.fullmatch(name)
    if not found:
        raise _malformed(name)
    return Version(secret_name(context, found[1], permission), found[2])


def is_regional(name: str) -> bool:
    """Whether a canonical name is that of a regional secret or its parent."""
    return "/locations/" in name


def _malformed(name: str) -> ApiError:
    return invalid(f"Resource ID [{name}] is not in a valid format.")


def _denied(permission: str, name: str) -> ApiError:
    message = f"Permission '{permission}' denied for resource '{name}' (or it may not exist)."
    return ApiError("PERMISSION_DENIED", message)
