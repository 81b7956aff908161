"""`operations.get`, `list`, `cancel` and `delete`, which several APIs share under one name."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping

from wifctl.emulator.errors import ApiError, Json
from wifctl.emulator.operations import KIND
from wifctl.emulator.paging import page
from wifctl.emulator.service import Context

REQUESTS = "google.longrunning.operations_pb2"
RPC = "google.longrunning.Operations"
OPERATION = f"{REQUESTS}:Operation"

_ANSWERS: Mapping[str, str] = {
    "google.api.serviceusage": "wifctl.emulator.serviceusage.messages",
    "google.cloud.resourcemanager": "wifctl.emulator.resourcemanager.messages",
    "google.cloudresourcemanager": "wifctl.emulator.resourcemanager.messages",
    "google.devtools.artifactregistry": "wifctl.emulator.artifactregistry.messages",
}
"""Where the messages are defined that an operation may carry."""


def get(context: Context, request: Json) -> Json:
    """An operation, under either form of the project in its name. Raises NOT_FOUND."""
    name = request.get("name", "")
    try:
        operation = context.operations.get(name)
    except ApiError:
        operation = context.operations.get(_other_form(context, name))
    load_types(operation)
    return operation


def list_(context: Context, request: Json) -> Json:
    """Every operation of the project-less collection `operations/`, oldest first."""
    found = [record["final"] for _name, record in context.store.list(KIND, "operations")]
    shown, token = page(found, request, default=100, maximum=1000, scope="operations")
    for operation in shown:
        load_types(operation)
    return {"operations": list(shown), "nextPageToken": token}


def cancel(context: Context, request: Json) -> Json:
    """Nothing is left to cancel: an operation's work is done before it is started."""
    get(context, request)
    return {}


def delete(context: Context, request: Json) -> Json:
    """Forget an operation; what it did stays."""
    get(context, request)
    context.store.delete(KIND, request["name"])
    return {}


def load_types(operation: Json) -> Json:
    """Define the messages that the operation carries, so that gRPC can send them."""
    for package in _packages(operation):
        for prefix, module in _ANSWERS.items():
            if package.startswith(prefix):
                importlib.import_module(module)
    return operation


def _packages(operation: Json) -> Iterator[str]:
    for part in ("metadata", "response"):
        url = operation.get(part, {}).get("@type", "")
        yield url.rpartition("/")[2]


def _other_form(context: Context, name: str) -> str:
    """The same operation with the project's number instead of its id, or the other way round."""
    collection, _, rest = name.partition("/")
    project_text, slash, rest = rest.partition("/")
    project = context.projects.find(project_text) if collection == "projects" else None
    if project is None:
        return name
    other = project.id if project_text == project.number else project.number
    return f"projects/{other}{slash}{rest}"
