"""Repositories as stored and as answered."""

from __future__ import annotations

from wifctl.emulator.artifactregistry.names import Name
from wifctl.emulator.errors import Json, not_found
from wifctl.emulator.service import Context

KIND = "repository"


def require(context: Context, name: Name) -> Json:
    """A stored repository, or NOT_FOUND."""
    stored = context.store.get(KIND, name.canonical)
    if stored is None:
        raise not_found()
    return stored


def shown(name: Name, stored: Json) -> Json:
    """The resource as `get` answers: named as asked for, with what the server fills in."""
    return {
        "name": str(name),
        **stored,
        "registryUri": _registry_uri(name, stored["format"]),
        "satisfiesPzi": True,
        "vulnerabilityScanningConfig": {
            **stored.get("vulnerabilityScanningConfig", {}),
            **_scanning(stored["format"]),
        },
    }


def in_operation(name: Name, stored: Json) -> Json:
    """The resource as a create's operation carries it: without times and computed fields."""
    times = ("createTime", "updateTime")
    return {"name": str(name), **{k: v for k, v in stored.items() if k not in times}}


def _registry_uri(name: Name, format_: str) -> str:
    project = name.place.project.id.replace(":", "/")
    return f"{name.place.location}-{format_.lower()}.pkg.dev/{project}/{name.repository}"


def _scanning(format_: str) -> Json:
    """Nothing is ever scanned here; only Docker repositories could be."""
    if format_ != "DOCKER":
        return {"enablementState": "SCANNING_UNSUPPORTED"}
    return {
        "enablementState": "SCANNING_DISABLED",
        "enablementStateReason": "API containerscanning.googleapis.com is not enabled.",
    }
