"""The methods of repositories: create, get, list, patch, delete."""

from __future__ import annotations

from wifctl.emulator.agents import ensure_agent
from wifctl.emulator.artifactregistry import state
from wifctl.emulator.artifactregistry.fields import checked
from wifctl.emulator.artifactregistry.names import Name, check_id, name_of, place_of
from wifctl.emulator.errors import Json, already_exists, invalid
from wifctl.emulator.filters import parse_filter
from wifctl.emulator.operations import uuid_operation_id
from wifctl.emulator.paging import page
from wifctl.emulator.python import files
from wifctl.emulator.service import Context

MAX_PAGE = 1000
_TYPE = "type.googleapis.com/google.devtools.artifactregistry.v1"
_METADATA = {"@type": f"{_TYPE}.OperationMetadata"}
_EMPTY = {"@type": "type.googleapis.com/google.protobuf.Empty"}
OUTPUT = frozenset(
    {"name", "createTime", "updateTime", "registryUri", "satisfiesPzi", "satisfiesPzs", "sizeBytes"}
)
"""Fields only the server sets; ignored when sent."""
_SORTABLE = {
    "name": "name",
    "createTime": "createTime",
    "create_time": "createTime",
    "updateTime": "updateTime",
    "update_time": "updateTime",
}


def create(context: Context, request: Json) -> Json:
    """A new repository; the operation is done at the next poll, the repository is there at once."""
    place = place_of(context, request.get("parent", ""), "artifactregistry.repositories.create")
    name = Name(place, request.get("repositoryId", ""))
    check_id(name.repository)
    sent = {k: v for k, v in request.get("repository", {}).items() if k not in OUTPUT}
    if sent.get("disallowUnspecifiedMode") and "mode" not in sent:
        raise invalid("The mode of the repository is required.")
    stored = checked(context, name, {"mode": "STANDARD_REPOSITORY", **sent}, sent.keys())
    if context.store.get(state.KIND, name.canonical) is not None:
        raise already_exists("the repository already exists")
    born = context.clock.timestamp()
    stored = {**stored, "createTime": born, "updateTime": born}
    context.store.put(state.KIND, name.canonical, stored)
    ensure_agent(context.store, place.project.number, "artifactregistry.googleapis.com")
    response = {"@type": f"{_TYPE}.Repository", **state.in_operation(name, stored)}
    return _start(context, name, response)


def get(context: Context, request: Json) -> Json:
    """One repository."""
    name = name_of(context, request.get("name", ""), "artifactregistry.repositories.get")
    return state.shown(name, state.require(context, name))


def list_(context: Context, request: Json) -> Json:
    """The repositories of a location, by name."""
    place = place_of(context, request.get("parent", ""), "artifactregistry.repositories.list")
    accepts = parse_filter(request.get("filter", ""))
    stored = context.store.list(state.KIND, f"{place.canonical}/repositories")
    found = [state.shown(Name(place, n.rpartition("/")[2]), r) for n, r in stored]
    found = _ordered([r for r in found if accepts(r)], request.get("orderBy", ""))
    shown, token = page(found, request, default=MAX_PAGE, maximum=MAX_PAGE, scope=place.canonical)
    return {"repositories": list(shown), "nextPageToken": token}


def delete(context: Context, request: Json) -> Json:
    """Remove a repository, even one that a virtual repository still names."""
    name = name_of(context, request.get("name", ""), "artifactregistry.repositories.delete")
    state.require(context, name)
    context.store.delete(state.KIND, name.canonical)
    files.drop(context.store, name.canonical)
    context.policies.drop(name.canonical)
    return _start(context, name, _EMPTY)


def resolve(context: Context, name: str) -> str:
    """The canonical name of an existing repository, for its policy."""
    found = name_of(context, name, "artifactregistry.repositories.getIamPolicy")
    state.require(context, found)
    return found.canonical


def _start(context: Context, name: Name, response: Json) -> Json:
    operation = f"{name.place.requested}/operations/{uuid_operation_id()}"
    return context.operations.start(operation, response=response, metadata=dict(_METADATA))


def _ordered(found: list[Json], order: str) -> list[Json]:
    field, _, direction = (order or "name").partition(" ")
    if field not in _SORTABLE or direction not in ("", "asc", "desc"):
        raise invalid(f"Invalid order_by: {order}.")
    key = _SORTABLE[field]
    return sorted(found, key=lambda r: str(r.get(key, "")), reverse=direction == "desc")
