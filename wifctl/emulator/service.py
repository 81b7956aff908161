"""The contract between a service and the two doors: methods, routes, the context of a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wifctl.emulator.callers import NOBODY, Identity
from wifctl.emulator.errors import ApiError
from wifctl.emulator.switches.upstreams import Upstreams

if TYPE_CHECKING:
    from wifctl.emulator.access import Access
    from wifctl.emulator.clock import Clock
    from wifctl.emulator.operations import Operations
    from wifctl.emulator.policies.book import Policies
    from wifctl.emulator.projects import Projects
    from wifctl.emulator.store import Store

Json = dict[str, Any]
"""A protobuf message in proto-JSON: camelCase keys, enums as names, int64 as decimal strings,
bytes as base64, timestamps and durations as text, proto3 defaults absent."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may use. Handlers run one at a time, so read-modify-write is atomic."""

    store: Store
    clock: Clock
    projects: Projects
    operations: Operations
    policies: Policies
    access: Access
    caller: str = ""
    """The member form of who calls (`user:…`, `serviceAccount:…`, `principal://…`), or empty."""
    token: str = ""
    """The bearer token as sent, or empty."""
    identity: Identity = NOBODY
    """The caller with the principal sets it belongs to."""
    upstreams: Upstreams = field(default_factory=Upstreams)
    """The switch that has remote repositories tried out."""


Handler = Callable[[Context, Json], Json]
"""Takes the gRPC request message and returns the gRPC response message, both as proto-JSON.

The request is the same on both doors: the REST door builds it from path variables, query and body
(path variables win), checks it against the request type (unknown fields, types, enum values: 400 in
Google's words) and drops proto3 defaults, exactly as a protobuf message would. `updateMask` is a
list of camelCase paths (keys of maps are kept verbatim, `labels.my_key`); absent mask = no key,
empty mask = `[]`. A handler must check everything before it writes; should it raise after a write,
the store is rolled back. Dicts read from the store are shared: build a new one, never edit.
The returned dict may hold defaults (`"disabled": False`), the door leaves them out.
"""


@dataclass(frozen=True, slots=True)
class Route:
    """One REST form of a method, written as in google.api.http.

    `template` is e.g. `/v1/{parent=projects/*/secrets}` or `/v1/{secret.name=projects/*/secrets/*}`
    (`*` one segment, `**` the rest; a verb may follow: `…}:addVersion`). `body` is `*` for the
    whole request, a field name in camelCase (`secret`), or empty for none. What is neither in the
    path nor in the body may come in the query, in camelCase or snake_case (`updateMask`,
    `pageSize`, `options.requestedPolicyVersion`).
    """

    verb: str
    template: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Method:
    """One API method: what it is called, how it is reached, what answers it."""

    id: str
    """The discovery id, e.g. `secretmanager.projects.secrets.create`; unique."""
    routes: tuple[Route, ...]
    handler: Handler
    request: str = ""
    """`module:Class` of the request message, imported on first use; proto-plus or protobuf.
    For messages without a published package see `wifctl.emulator.protos`. Empty: the request is
    passed on unchecked (keys as sent)."""
    response: str = "google.protobuf.empty_pb2:Empty"
    """`module:Class` of the response message. Empty: the answer is sent as it is."""
    rpc: str = ""
    """`google.cloud.secretmanager.v1.SecretManagerService/CreateSecret`; empty: REST only."""
    permission: str = ""
    """What `--enforce-iam` requires of the caller on the resource that the first path variable
    of the first route names; empty: nothing."""
    resource: str = ""
    """Where the request names its resource when no path does: a key, for the log (STS)."""
    public: bool = False
    """Whether no token is wanted, nor looked at (STS, published keys)."""
    form: bool = False
    """Whether the REST door also takes `application/x-www-form-urlencoded` (STS)."""
    write: bool = False
    """Whether it changes state: which quota it counts against."""
    served: bool = True
    """False for what `unserved` makes: where two APIs share a path, the served method wins."""


ErrorStyle = Callable[[ApiError], tuple[int, Json]]
"""Turns a refusal into HTTP status and JSON body."""


def google_error(error: ApiError) -> tuple[int, Json]:
    """Google's envelope; the `errors[]` list only when the error carries a reason."""
    body: Json = {"code": error.http_status, "message": error.message}
    if error.reason:
        body["errors"] = [{"message": error.message, "domain": "global", "reason": error.reason}]
    body["status"] = error.status
    if error.details:
        body["details"] = list(error.details)
    return error.http_status, {"error": body}


@dataclass(frozen=True, slots=True)
class Service:
    """One API. A service module ends with `SERVICE = Service(…)`; `registry.py` lists them all."""

    name: str
    """E.g. `secretmanager.googleapis.com`; the name under which an API is disabled or limited."""
    methods: tuple[Method, ...]
    error_style: ErrorStyle = google_error
    hosts: tuple[str, ...] = field(default=())
    """Further host names the API answers under (regional ones); informative, paths decide."""


def unserved(method_id: str, *routes: Route, rpc: str = "") -> Method:
    """A documented method that this emulator does not serve: 501 with a sentence that names it."""

    def refuse(_context: Context, _request: Json) -> Json:
        raise ApiError("UNIMPLEMENTED", f"Method {method_id} is not served by the wifctl emulator.")

    return Method(method_id, routes, refuse, rpc=rpc, response="", served=False)


def at(message: Mapping[str, Any], path: str) -> Any:
    """The value under a dotted camelCase path, or None: `at(request, "secret.replication")`."""
    value: Any = message
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value
