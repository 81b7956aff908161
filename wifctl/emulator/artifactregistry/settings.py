"""`projectSettings`: whether gcr.io hosts lead to this project's repositories."""

from __future__ import annotations

from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.masks import check_mask, masked
from wifctl.emulator.service import Context

KIND = "artifactRegistrySettings"
_FIELDS = ("legacyRedirectionState", "pullPercent")
_DEFAULT: Json = {"legacyRedirectionState": "REDIRECTION_FROM_GCR_IO_DISABLED"}


def get(context: Context, request: Json) -> Json:
    """The settings, which every project has."""
    name = request.get("name", "")
    stored = context.store.get(KIND, _canonical(context, name, "get")) or _DEFAULT
    return {"name": name, **stored}


def update(context: Context, request: Json) -> Json:
    """Replace what the mask names; without a mask, what the body holds."""
    sent = request.get("projectSettings", {})
    name = sent.get("name", "")
    canonical = _canonical(context, name, "update")
    mask = request.get("updateMask") or [field for field in _FIELDS if field in sent]
    check_mask(mask, _FIELDS, ("name",))
    live = context.store.get(KIND, canonical) or _DEFAULT
    stored = masked(live, sent, _FIELDS if "*" in mask else mask)
    if not 0 <= stored.get("pullPercent", 0) <= 100:
        raise invalid("pull_percent must be 0 to 100.")
    context.store.put(KIND, canonical, stored)
    return {"name": name, **stored}


def _canonical(context: Context, name: str, verb: str) -> str:
    parts = name.split("/")
    if len(parts) != 3:
        raise invalid("Request contains an invalid argument.")
    permission = f"artifactregistry.projectsettings.{verb}"
    resource = f"//artifactregistry.googleapis.com/{name}"
    project = context.projects.require(parts[1], permission, resource)
    return f"projects/{project.number}/projectSettings"
