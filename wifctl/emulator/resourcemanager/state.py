"""Projects as stored, and as v3 shows them. A project nobody has touched has no record."""

from __future__ import annotations

import hashlib
import json

from wifctl.emulator.errors import Json, precondition
from wifctl.emulator.projects import KIND, Project, forbidden
from wifctl.emulator.service import Context

BORN = "2024-01-01T00:00:00Z"
"""When projects came into being that were not created here."""


def project_of(context: Context, name: str) -> Project:
    """The project of `projects/ID` or `projects/NUMBER`; unknown and forbidden are the same."""
    collection, _, text = name.partition("/")
    project = context.projects.find(text) if collection == "projects" else None
    if project is None:
        raise forbidden()
    return project


def record_of(context: Context, project: Project) -> Json:
    """The stored fields of a project, or those of one that nobody has touched."""
    stored = context.store.get(KIND, f"projects/{project.number}")
    return stored or {
        "projectId": project.id,
        "displayName": project.id,
        "state": "ACTIVE",
        "createTime": BORN,
        "updateTime": BORN,
    }


def active_record(context: Context, project: Project) -> Json:
    """The fields of a project that is not about to be deleted."""
    record = record_of(context, project)
    if record["state"] != "ACTIVE":
        raise precondition("Cannot act on a project that is not active.")
    return record


def save(context: Context, project: Project, record: Json) -> Json:
    """Store the fields with a new update time; returns the v3 resource."""
    stored = {k: v for k, v in record.items() if v not in ({}, "")}
    stored["updateTime"] = context.clock.timestamp()
    context.store.put(KIND, f"projects/{project.number}", stored)
    return shown(project, stored)


def shown(project: Project, record: Json) -> Json:
    """The v3 resource."""
    digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()
    return {"name": f"projects/{project.number}", **record, "etag": f'W/"{digest[:16]}"'}


def everything(context: Context) -> list[tuple[Project, Json]]:
    """All projects declared, created or asked for so far that the caller may see."""
    return [
        (project, record_of(context, project))
        for project in context.projects.known()
        if context.access.allows(
            context.identity, "resourcemanager.projects.get", f"projects/{project.number}"
        )
    ]


def searchable(project: Project, record: Json) -> Json:
    """The fields that queries and filters may name, under all their spellings."""
    kind, _, number = record.get("parent", "").partition("s/")
    parent = {"type": kind, "id": number, "name": record["parent"]} if number else None
    return {
        "name": record["displayName"],
        "displayName": record["displayName"],
        "id": project.id,
        "projectId": project.id,
        "projectNumber": project.number,
        "state": record["state"],
        "lifecycleState": record["state"],
        "labels": record.get("labels", {}),
        "parent": parent,
    }
