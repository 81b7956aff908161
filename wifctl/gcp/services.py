"""Service Usage over REST: services on and off, and service agents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wifctl.api import Json, Status
from wifctl.gcp.errors import api_error
from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.operations import Operation, Operations
from wifctl.gcp.rest import HttpRequest, Rest
from wifctl.names import ProjectName, ServiceName

_BATCH_GET = Method("services.batchGet", Repeat.READ)
_ENABLE = Method("services.enable", Repeat.IDEMPOTENT, timeout=60.0)
_BATCH_ENABLE = Method("services.batchEnable", Repeat.IDEMPOTENT, timeout=60.0)
_DISABLE = Method("services.disable", Repeat.IDEMPOTENT, timeout=60.0)
_IDENTITY = Method("services.generateServiceIdentity", Repeat.IDEMPOTENT, timeout=60.0)
_OPERATION = Method("operations.get", Repeat.READ)

READ_AT_ONCE = 30
ENABLE_AT_ONCE = 20
"""The most names `batchGet` and `batchEnable` take."""


@dataclass(frozen=True, slots=True)
class RestServices:
    """`wifctl.api.Services` over REST."""

    rest: Rest
    operations: Operations

    async def enabled(self, project: str, services: Sequence[str]) -> frozenset[str]:
        """Which of the services are enabled."""
        parent = ProjectName(project)
        found: set[str] = set()
        for some in _batches(services, READ_AT_ONCE):
            names = {"names": [str(ServiceName(project, service)) for service in some]}
            request = _request("GET", f"v1/{parent}/services:batchGet", names)
            answer = await self.rest.send(_BATCH_GET, request, parent)
            found.update(_short_name(s) for s in answer.get("services", ()) if _is_on(s))
        return frozenset(found.intersection(services))

    async def enable(self, project: str, services: Sequence[str]) -> None:
        """Enable and wait; what is enabled already stays so."""
        parent = ProjectName(project)
        for some in _batches(services, ENABLE_AT_ONCE):
            if len(some) == 1:
                name = ServiceName(project, some[0])
                await self._write(_ENABLE, f"v1/{name}:enable", {}, name)
                continue
            path = f"v1/{parent}/services:batchEnable"
            answer = await self._write(_BATCH_ENABLE, path, {"serviceIds": list(some)}, parent)
            _raise_refused(answer, parent)

    async def disable(self, project: str, service: str) -> None:
        """Disable and wait; refused while another enabled service depends on it."""
        name = ServiceName(project, service)
        await self._write(_DISABLE, f"v1/{name}:disable", {}, name)

    async def create_identity(self, project: str, service: str) -> str:
        """The e-mail of the service agent, created if it did not exist."""
        name = ServiceName(project, service)
        path = f"v1beta1/{name}:generateServiceIdentity"
        answer = await self._write(_IDENTITY, path, {}, name)
        email = str(answer.get("email", ""))
        if not email:
            text = f"Google named no service agent for {service}"
            raise api_error(Status.UNKNOWN, text, call=_IDENTITY.name, resource=str(name))
        return email

    async def _write(
        self, method: Method, path: str, body: Json, name: ProjectName | ServiceName
    ) -> Json:
        version = path.partition("/")[0]

        async def look(operation: str) -> Operation:
            poll = _request("GET", f"{version}/{operation}")
            return Operation.of_json(await self.rest.send(_OPERATION, poll, name))

        request = HttpRequest("POST", "serviceusage", path, None, body)
        operation = Operation.of_json(await self.rest.send(method, request, name))
        return await self.operations.finish(operation, look, method, str(name))


def _request(verb: str, path: str, params: Json | None = None) -> HttpRequest:
    return HttpRequest(verb, "serviceusage", path, params)


def _batches(services: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (services[start : start + size] for start in range(0, len(services), size))


def _short_name(service: Json) -> str:
    return str(service.get("name", "")).rpartition("/")[2]


def _is_on(service: Json) -> bool:
    return service.get("state") == "ENABLED"


def _raise_refused(answer: Json, parent: ProjectName) -> None:
    refused = answer.get("failures", ())
    if refused:
        text = "; ".join(f"{f.get('serviceId')}: {f.get('errorMessage')}" for f in refused)
        name = str(parent)
        raise api_error(Status.FAILED_PRECONDITION, text, call=_BATCH_ENABLE.name, resource=name)
