"""The methods of projects in Resource Manager v3."""

from __future__ import annotations

from wifctl.emulator.errors import ApiError, Json, invalid
from wifctl.emulator.filters import Dialect, parse_filter
from wifctl.emulator.masks import check_mask, masked
from wifctl.emulator.paging import page
from wifctl.emulator.projects import Project
from wifctl.emulator.resourcemanager import checks, lifecycle, state
from wifctl.emulator.service import Context

DIALECT = Dialect(adjacent="OR", contains=False)
"""Queries find what matches any of their fields; `name:Howl` means the whole name."""
DEFAULT_PAGE = 500
MAX_PAGE = 1000

_TYPE = "type.googleapis.com/google.cloud.resourcemanager.v3"
_MUTABLE = ("displayName", "labels")


def get(context: Context, request: Json) -> Json:
    """One project, by id or number."""
    project = state.project_of(context, request.get("name", ""))
    return state.shown(project, state.record_of(context, project))


def list_(context: Context, request: Json) -> Json:
    """The projects directly under a folder or organization, by display name."""
    parent = request.get("parent", "")
    if not checks.PARENT.fullmatch(parent):
        raise invalid("The parent must be folders/NUMBER or organizations/NUMBER.")
    found = [(p, r) for p, r in state.everything(context) if r.get("parent") == parent]
    if not request.get("showDeleted", False):
        found = [(p, r) for p, r in found if r["state"] == "ACTIVE"]
    found.sort(key=lambda pair: pair[1]["displayName"])
    return _page(found, request, parent)


def search(context: Context, request: Json) -> Json:
    """Every project that matches the query, those about to be deleted included."""
    accepts = parse_filter(request.get("query", ""), DIALECT)
    found = [(p, r) for p, r in state.everything(context) if accepts(state.searchable(p, r))]
    return _page(found, request, f"search {request.get('query', '')}")


def create(context: Context, request: Json) -> Json:
    """A new project, at once; the operation is done at the next poll."""
    _project, shown = lifecycle.create(context, request.get("project", {}))
    metadata = {"createTime": shown["createTime"], "gettable": True, "ready": True}
    return _operation(context, "cp", "CreateProjectMetadata", shown, metadata)


def patch(context: Context, request: Json) -> Json:
    """Change display name and labels; without a mask, what the body holds of them."""
    sent = request.get("project", {})
    project = state.project_of(context, sent.get("name", ""))
    live = state.active_record(context, project)
    if sent.get("etag", "") not in ("", state.shown(project, live)["etag"]):
        raise ApiError("ABORTED", "The etag of the project does not match.")
    mask = request.get("updateMask") or [field for field in _MUTABLE if field in sent]
    check_mask(mask, _MUTABLE, ("projectId", "parent", "tags"))
    wanted = masked(live, sent, _MUTABLE if "*" in mask else mask)
    fields = {"displayName": wanted.get("displayName", project.id)}
    shown = lifecycle.change(context, project, {**fields, "labels": wanted.get("labels", {})})
    return _operation(context, "up", "UpdateProjectMetadata", shown)


def move(context: Context, request: Json) -> Json:
    """Put a project under another parent."""
    project = state.project_of(context, request.get("name", ""))
    if not request.get("destinationParent"):
        raise invalid("The destination_parent is required.")
    shown = lifecycle.change(context, project, {"parent": request["destinationParent"]})
    return _operation(context, "pm", "MoveProjectMetadata", shown)


def delete(context: Context, request: Json) -> Json:
    """Ask for deletion; the project can be read and restored."""
    project = state.project_of(context, request.get("name", ""))
    shown = lifecycle.delete(context, project)
    return _operation(context, "dp", "DeleteProjectMetadata", shown)


def undelete(context: Context, request: Json) -> Json:
    """Take a deletion back."""
    project = state.project_of(context, request.get("name", ""))
    shown = lifecycle.undelete(context, project)
    return _operation(context, "ud", "UndeleteProjectMetadata", shown)


def resolve(context: Context, name: str) -> str:
    """The canonical name of a project, for its policy."""
    return f"projects/{state.project_of(context, name).number}"


def _page(found: list[tuple[Project, Json]], request: Json, scope: str) -> Json:
    shown, token = page(found, request, default=DEFAULT_PAGE, maximum=MAX_PAGE, scope=scope)
    return {"projects": [state.shown(p, r) for p, r in shown], "nextPageToken": token}


def _operation(
    context: Context, prefix: str, metadata_type: str, shown: Json, metadata: Json | None = None
) -> Json:
    return lifecycle.operation(
        context,
        prefix,
        {"@type": f"{_TYPE}.Project", **shown},
        {"@type": f"{_TYPE}.{metadata_type}", **(metadata or {})},
    )
