"""The methods of projects in Resource Manager v1, as gcloud calls them."""

from __future__ import annotations

from wifctl.emulator.errors import Json
from wifctl.emulator.filters import parse_filter
from wifctl.emulator.paging import page
from wifctl.emulator.projects import Project
from wifctl.emulator.resourcemanager import lifecycle, state
from wifctl.emulator.resourcemanager.v3 import DEFAULT_PAGE, DIALECT, MAX_PAGE
from wifctl.emulator.service import Context

_TYPE = "type.googleapis.com/google.cloudresourcemanager.v1"


def get(context: Context, request: Json) -> Json:
    """One project, by id or number."""
    project = state.project_of(context, request.get("projectId", ""))
    return _shown(project, state.record_of(context, project))


def list_(context: Context, request: Json) -> Json:
    """Every project that matches the filter, those about to be deleted included."""
    accepts = parse_filter(request.get("filter", ""), DIALECT)
    found = [(p, r) for p, r in state.everything(context) if accepts(state.searchable(p, r))]
    scope = f"v1 {request.get('filter', '')}"
    shown, token = page(found, request, default=DEFAULT_PAGE, maximum=MAX_PAGE, scope=scope)
    return {"projects": [_shown(p, r) for p, r in shown], "nextPageToken": token}


def create(context: Context, request: Json) -> Json:
    """A new project, at once; the operation is done at the next poll."""
    project, v3 = lifecycle.create(context, _from_v1(request.get("project", {})))
    status = {"createTime": v3["createTime"], "gettable": True, "ready": True}
    response = {"@type": f"{_TYPE}.Project", **_shown(project, v3)}
    metadata = {"@type": f"{_TYPE}.ProjectCreationStatus", **status}
    return lifecycle.operation(context, "cp", response, metadata)


def update(context: Context, request: Json) -> Json:
    """Replace name, labels and, when one is given, parent."""
    project = state.project_of(context, request.get("projectId", ""))
    sent = _from_v1(request.get("project", {}))
    fields = {"displayName": sent["displayName"] or project.id, "labels": sent["labels"]}
    if sent["parent"]:
        fields["parent"] = sent["parent"]
    return _shown(project, lifecycle.change(context, project, fields))


def delete(context: Context, request: Json) -> Json:
    """Ask for deletion."""
    lifecycle.delete(context, state.project_of(context, request.get("projectId", "")))
    return {}


def undelete(context: Context, request: Json) -> Json:
    """Take a deletion back."""
    lifecycle.undelete(context, state.project_of(context, request.get("projectId", "")))
    return {}


def get_ancestry(context: Context, request: Json) -> Json:
    """The project and what it lies in, as far as this emulator knows."""
    project = state.project_of(context, request.get("projectId", ""))
    ancestors = [{"resourceId": {"type": "project", "id": project.id}}]
    if parent := _parent(state.record_of(context, project).get("parent", "")):
        ancestors.append({"resourceId": parent})
    return {"ancestor": ancestors}


def _shown(project: Project, record: Json) -> Json:
    return {
        "projectNumber": project.number,
        "projectId": project.id,
        "lifecycleState": record["state"],
        "name": record["displayName"],
        "createTime": record["createTime"],
        "labels": record.get("labels", {}),
        "parent": _parent(record.get("parent", "")),
    }


def _from_v1(sent: Json) -> Json:
    parent = sent.get("parent", {})
    name = f"{parent.get('type', '')}s/{parent.get('id', '')}" if parent else ""
    return {
        "projectId": sent.get("projectId", ""),
        "displayName": sent.get("name", ""),
        "labels": sent.get("labels", {}),
        "parent": name,
    }


def _parent(name: str) -> Json | None:
    kind, _, number = name.partition("s/")
    return {"type": kind, "id": number} if number else None
