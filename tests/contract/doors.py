"""One request through either door: as REST by the rules of google.api.http, or as gRPC."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import grpc
from google.cloud import artifactregistry_v1, resourcemanager_v3, service_usage_v1
from google.protobuf import json_format
from google.rpc import status_pb2

from tests.support.emulator import Rest
from wifctl.emulator.endpoint import Endpoint
from wifctl.emulator.protos import POOL
from wifctl.emulator.server import Doors
from wifctl.emulator.service import Route

KNOWN = (artifactregistry_v1, resourcemanager_v3, service_usage_v1)
"""Imported so that the types inside operations are known."""
_VARIABLE = re.compile(r"\{([\w.]+)(?:=([^}]*))?\}")
_RANDOM = (
    (re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+Z$"), "TIME"),
    (re.compile(r"(operations/)[\w.-]+"), r"\1ID"),
    (re.compile(r"^\d{21}$"), "UNIQUE"),
    (re.compile(r"^\"?1[0-9a-f]{12,16}\"?$"), "ETAG"),
    (re.compile(r"(policy's ETag ').*'"), r"\1ETAG'"),
    (re.compile(r"projects/\d{12}(?=$|/)"), "projects/NUMBER"),
)
_SECRET = {"accessToken", "token", "keyId", "signedBlob", "signedJwt", "etag"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a door answered."""

    status: str
    body: Any
    """The answer, or message and details of a refusal."""

    @property
    def normal(self) -> tuple[str, Any]:
        """Without what differs from one emulator to the next: ids, times, tokens."""
        return self.status, normal(self.body)


def over_rest(api: Rest, endpoint: Endpoint, request: dict[str, Any]) -> Outcome:
    """The request as HTTP/1.1 with JSON."""
    verb, target, body = transcoded(endpoint, request)
    answer = api(verb, target, body)
    if answer.status == 200:
        return Outcome("OK", answer.body)
    error = answer.body["error"]
    return Outcome(error["status"], [error["message"], error.get("details", [])])


def over_grpc(channel: grpc.Channel, endpoint: Endpoint, request: dict[str, Any]) -> Outcome:
    """The request as protobuf."""
    assert endpoint.request_class
    assert endpoint.response_class
    message = json_format.ParseDict(request, endpoint.request_class())
    call = channel.unary_unary(
        f"/{endpoint.method.rpc}",
        request_serializer=endpoint.request_class.SerializeToString,
        response_deserializer=endpoint.response_class.FromString,
    )
    try:
        return Outcome("OK", _as_json(call(message)))
    except grpc.RpcError as error:
        return Outcome(error.code().name, [error.details(), _details(error)])


def _as_json(message: Any) -> dict[str, Any]:
    try:
        return json_format.MessageToDict(message)
    except TypeError:  # an Any of an API that has no published package
        return json_format.MessageToDict(message, descriptor_pool=POOL)


def channel_to(doors: Doors) -> grpc.Channel:
    """A plain channel that no proxy of the environment gets hold of."""
    return grpc.insecure_channel(doors.grpc_target, options=[("grpc.enable_http_proxy", 0)])


def transcoded(endpoint: Endpoint, request: dict[str, Any]) -> tuple[str, str, bytes | None]:
    """HTTP verb, target and body."""
    for route in endpoint.method.routes:
        found = [(n, p or "*") for n, p in _VARIABLE.findall(route.template)]
        if all(_fits(_at(request, name), pattern) for name, pattern in found):
            return _rendered(route, request, {name.split(".")[0] for name, _ in found})
    raise ValueError(f"no route of {endpoint.method.id} fits {request}")


def normal(value: Any) -> Any:
    """A body without what is random."""
    if isinstance(value, dict):
        return {
            k: "RANDOM" if k in _SECRET else normal(v) for k, v in value.items() if k != "@type"
        }
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, str):
        for pattern, word in _RANDOM:
            value = pattern.sub(word, value)
    return value


def _rendered(route: Route, request: dict[str, Any], used: set[str]) -> tuple[str, str, Any]:
    path = _VARIABLE.sub(lambda m: quote(str(_at(request, m[1])), safe="/@:"), route.template)
    rest = {key: value for key, value in request.items() if key not in used}
    if route.body == "*":
        return route.verb, path, json.dumps(rest).encode()
    body = None
    if route.body:
        body = json.dumps(request.get(route.body, {})).encode()
        rest.pop(route.body, None)
    query = urlencode(list(_flat(rest)), doseq=True)
    return route.verb, f"{path}?{query}" if query else path, body


def _flat(value: dict[str, Any], prefix: str = "") -> Any:
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _flat(item, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(item).lower() if isinstance(item, bool) else item


def _at(request: Any, path: str) -> Any:
    for key in path.split("."):
        key = re.sub(r"_([a-z])", lambda m: m[1].upper(), key)
        request = request.get(key) if isinstance(request, dict) else None
    return request


def _fits(value: Any, pattern: str) -> bool:
    expression = re.escape(pattern).replace(r"\*\*", ".+").replace(r"\*", "[^/]+")
    return isinstance(value, str) and bool(re.fullmatch(expression, value))


def _details(error: Any) -> list[Any]:
    found = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
    if not found:
        return []
    status = status_pb2.Status.FromString(found)
    return [json_format.MessageToDict(detail) for detail in status.details]
