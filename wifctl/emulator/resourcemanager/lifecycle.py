"""What happens to projects, whichever version of the API asks: create, change, delete, undelete."""

from __future__ import annotations

import secrets

from wifctl.emulator import longrunning
from wifctl.emulator.errors import ApiError, Json, precondition
from wifctl.emulator.projects import KIND, Project, derived_number
from wifctl.emulator.resourcemanager import checks, state
from wifctl.emulator.service import Context


def create(context: Context, sent: Json) -> tuple[Project, Json]:
    """A new project from v3 fields. Without declared projects, any id exists but is not taken."""
    project_id = sent.get("projectId", "")
    parent, labels = sent.get("parent", ""), sent.get("labels", {})
    name = sent.get("displayName", "") or project_id
    checks.check_project(project_id, sent.get("displayName", ""), labels)
    checks.check_parent(parent)
    if _is_taken(context, project_id):
        raise ApiError("ALREADY_EXISTS", "Requested entity already exists", "alreadyExists")
    project = Project(project_id, derived_number(project_id))
    record: Json = {"projectId": project_id, "displayName": name, "labels": labels}
    record |= {"parent": parent, "state": "ACTIVE", "createTime": context.clock.timestamp()}
    return project, state.save(context, project, record)


def change(context: Context, project: Project, fields: Json) -> Json:
    """Replace fields of an active project; returns the v3 resource."""
    record = {**state.active_record(context, project), **fields}
    checks.check_display_name(fields.get("displayName", ""))
    checks.check_labels(record.get("labels", {}))
    checks.check_parent(record.get("parent", ""))
    return state.save(context, project, record)


def delete(context: Context, project: Project) -> Json:
    """ACTIVE → DELETE_REQUESTED; the project stays readable. Its resources are left alone."""
    record = state.active_record(context, project)
    asked = {"state": "DELETE_REQUESTED", "deleteTime": context.clock.timestamp()}
    return state.save(context, project, {**record, **asked})


def undelete(context: Context, project: Project) -> Json:
    """DELETE_REQUESTED → ACTIVE."""
    record = state.record_of(context, project)
    if record["state"] != "DELETE_REQUESTED":
        raise precondition("Only a project whose deletion was requested can be restored.")
    kept = {k: v for k, v in record.items() if k != "deleteTime"}
    return state.save(context, project, {**kept, "state": "ACTIVE"})


def operation(context: Context, prefix: str, response: Json, metadata: Json) -> Json:
    """Start `operations/PREFIX.NUMBER`, done at the next poll."""
    name = f"operations/{prefix}.{secrets.randbelow(9 * 10**18) + 10**18}"
    started = context.operations.start(name, response=response, metadata=metadata)
    return longrunning.load_types(started)


def _is_taken(context: Context, project_id: str) -> bool:
    """Where any project exists, only those somebody has written to are taken."""
    if context.projects.only_declared:
        return context.projects.find(project_id) is not None
    records = context.store.list(KIND, "projects")
    return any(record["projectId"] == project_id for _name, record in records)
