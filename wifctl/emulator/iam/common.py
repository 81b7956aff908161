"""What pools, providers and keys share: names, soft deletion and their operations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from wifctl.emulator.clock import parse_time
from wifctl.emulator.errors import Json, already_exists, invalid, not_found, precondition
from wifctl.emulator.operations import KIND as OPERATION
from wifctl.emulator.operations import iam_operation_id
from wifctl.emulator.service import Context

KEPT = timedelta(days=30)
"""How long a deleted object can be undeleted."""
MAX_DISPLAY_NAME = 32
MAX_DESCRIPTION = 256

_ID = re.compile(r"[a-z0-9-]{4,32}")
_NAME = re.compile(r"projects/([^/]+)/locations/([^/]+)(/.*)?")
OPERATION_MESSAGE = "google.longrunning.operations_pb2:Operation"
MESSAGES = "wifctl.emulator.iam.messages"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of softly deleted object."""

    store: str
    """The store's kind."""
    permission: str
    """E.g. `iam.workloadIdentityPools`, completed by the verb."""
    children: tuple[str, ...] = ()
    """Store kinds that go when the object is purged."""


POOL = Kind("pool", "iam.workloadIdentityPools", ("provider", "key"))
PROVIDER = Kind("provider", "iam.workloadIdentityPoolProviders", ("key",))
KEY = Kind("key", "iam.workloadIdentityPoolProviderKeys")


def canonical(context: Context, name: str, permission: str) -> str:
    """The name with the project's number. Raises PERMISSION_DENIED for an unknown project."""
    found = _NAME.fullmatch(name)
    if not found:
        raise invalid("Request contains an invalid argument.")
    project, location, rest = found.groups()
    where = f"//iam.googleapis.com/projects/{project}/locations/{location}"
    number = context.projects.require(project, permission, where).number
    if location != "global":
        raise invalid(f"Location {location} is not supported: the only location is global.")
    return f"projects/{number}/locations/global{rest or ''}"


def read(context: Context, kind: Kind, name: str, verb: str) -> tuple[str, Json]:
    """The canonical name and the object, deleted ones included. Raises NOT_FOUND."""
    name = canonical(context, name, f"{kind.permission}.{verb}")
    found = _unpurged(context, kind, name)
    if found is None:
        raise not_found()
    return name, found


def active(context: Context, kind: Kind, name: str, verb: str) -> tuple[str, Json]:
    """As `read`, for a change: FAILED_PRECONDITION when the object is deleted."""
    name, found = read(context, kind, name, verb)
    if found["state"] != "ACTIVE":
        raise precondition(f"{name} is deleted: undelete it before changing it.")
    return name, found


def listed(context: Context, kind: Kind, collection: str, *, deleted: bool) -> list[Json]:
    """The objects of a collection, oldest first."""
    names = [name for name, _value in context.store.list(kind.store, collection)]
    found = [_unpurged(context, kind, name) for name in names]
    return [v for v in found if v and (deleted or v["state"] == "ACTIVE")]


def free_name(context: Context, kind: Kind, collection: str, object_id: str, what: str) -> str:
    """The name of a new object. Raises INVALID_ARGUMENT for the id, ALREADY_EXISTS for a twin."""
    if not _ID.fullmatch(object_id):
        raise invalid(f'Invalid value for "{what}": it must be 4 to 32 characters of [a-z0-9-].')
    if object_id.startswith("gcp-"):
        raise invalid(f'Invalid value for "{what}": the prefix "gcp-" is reserved.')
    name = f"{collection}/{object_id}"
    if _unpurged(context, kind, name):
        raise already_exists()
    return name


def delete(context: Context, kind: Kind, name: str) -> Json:
    """Mark as deleted; purged after 30 days. Returns the operation."""
    name, live = active(context, kind, name, "delete")
    gone = {**live, "state": "DELETED", "expireTime": context.clock.timestamp(KEPT)}
    context.store.put(kind.store, name, gone)
    return start(context, name)


def undelete(context: Context, kind: Kind, name: str) -> Json:
    """Make a deleted object active again. Returns the operation."""
    name, found = read(context, kind, name, "undelete")
    if found["state"] == "ACTIVE":
        raise precondition(f"{name} is not deleted.")
    revived = {k: v for k, v in found.items() if k != "expireTime"}
    context.store.put(kind.store, name, {**revived, "state": "ACTIVE"})
    return start(context, name)


def start(context: Context, name: str) -> Json:
    """An operation on an object, with neither metadata nor response, as IAM's are."""
    return context.operations.start(f"{name}/operations/{iam_operation_id()}")


def get_operation(context: Context, request: Json) -> Json:
    """Any of the operations.get methods."""
    name = canonical(context, request.get("name", ""), "iam.workloadIdentityPools.get")
    return context.operations.get(name)


def check_texts(resource: Json) -> None:
    """Limits of displayName and description, in characters."""
    limits = (("displayName", MAX_DISPLAY_NAME), ("description", MAX_DESCRIPTION))
    for field, limit in limits:
        if len(resource.get(field, "")) > limit:
            raise invalid(f'Invalid value for "{field}": it must not exceed {limit} characters.')


def _unpurged(context: Context, kind: Kind, name: str) -> Json | None:
    found = context.store.get(kind.store, name)
    if found and "expireTime" in found and parse_time(found["expireTime"]) <= context.clock.now():
        _purge(context, kind, name)
        return None
    return found


def _purge(context: Context, kind: Kind, name: str) -> None:
    context.store.delete(kind.store, name)
    for child in (*kind.children, OPERATION):
        context.store.delete_below(child, name)
    context.policies.drop(name)
