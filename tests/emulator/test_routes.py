"""Every route of these services against the REST bindings in Google's own clients."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import googleapiclient
import pytest

from wifctl.emulator.registry import services
from wifctl.emulator.service import Method

BINDINGS = {
    "google.cloud.secretmanager.v1.SecretManagerService": (
        "google.cloud.secretmanager_v1.services.secret_manager_service"
    ),
    "google.devtools.artifactregistry.v1.ArtifactRegistry": (
        "google.cloud.artifactregistry_v1.services.artifact_registry"
    ),
    "google.cloud.resourcemanager.v3.Projects": "google.cloud.resourcemanager_v3.services.projects",
    "google.api.serviceusage.v1.ServiceUsage": (
        "google.cloud.service_usage_v1.services.service_usage"
    ),
}
MIXINS = {
    "GetLocation": "google.cloud.location.Locations",
    "ListLocations": "google.cloud.location.Locations",
    "GetOperation": "google.longrunning.Operations",
    "ListOperations": "google.longrunning.Operations",
}
DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
APIS = ("secretmanager.v1", "artifactregistry.v1", "serviceusage.v1", "serviceusage.v1beta1")
PROJECT_APIS = ("cloudresourcemanager.v1", "cloudresourcemanager.v3")

Binding = tuple[str, str, str]


def methods() -> list[Method]:
    return [m for s in services() for m in s.methods]


def client_bindings() -> Iterator[tuple[str, Binding]]:
    for rpc_service, package in BINDINGS.items():
        module = importlib.import_module(f"{package}.transports.rest_base")
        base = next(v for k, v in vars(module).items() if re.fullmatch(r"_Base\w+Transport", k))
        for name, holder in vars(base).items():
            if not name.startswith("_Base"):
                continue
            rpc = name.removeprefix("_Base")
            for option in holder._get_http_options():
                body = _camel(option.get("body") or "")
                yield (
                    f"{MIXINS.get(rpc, rpc_service)}/{rpc}",
                    (option["method"].upper(), option["uri"], body),
                )


def own_bindings() -> set[tuple[str, Binding]]:
    return {(m.rpc, (r.verb, r.template, r.body)) for m in methods() for r in m.routes if m.rpc}


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda m: m[1].upper(), name)


@pytest.mark.parametrize(("rpc", "binding"), sorted(client_bindings()))
def test_every_binding_of_the_clients_is_a_route(rpc: str, binding: Binding) -> None:
    assert (rpc, binding) in own_bindings()


def test_no_route_of_a_client_method_is_made_up() -> None:
    known = set(client_bindings())
    own = {(rpc, binding) for rpc, binding in own_bindings() if rpc.rpartition("/")[0] in BINDINGS}
    assert own <= known


def documented(api: str) -> Iterator[tuple[str, str, str]]:
    document = json.loads((DOCUMENTS / f"{api}.json").read_text())
    yield from _walk(document)


def _walk(resource: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    for method in dict(resource.get("methods", {})).values():  # type: ignore[call-overload]
        path = "/" + method.get("flatPath", method["path"])
        yield method["id"], method["httpMethod"], re.sub(r"\{[^}]*\}", "*", path)
    for child in dict(resource.get("resources", {})).values():  # type: ignore[call-overload]
        yield from _walk(child)


def _flat(template: str) -> str:
    flat = re.sub(r"\{[\w.]+=([^}]*)\}", r"\1", template).replace("**", "*")
    return re.sub(r"\{[^}]*\}", "*", flat)


@pytest.mark.parametrize("api", [*APIS, *PROJECT_APIS])
def test_every_documented_method_is_served_or_named(api: str) -> None:
    routes = {(r.verb, _flat(r.template)) for m in methods() for r in m.routes}
    missing = [
        f"{method_id}: {verb} {path}"
        for method_id, verb, path in documented(api)
        if (verb, path) not in routes
    ]
    assert missing == []


def test_method_ids_are_unique() -> None:
    ids = [m.id for m in methods()]
    assert sorted(ids) == sorted(set(ids))
