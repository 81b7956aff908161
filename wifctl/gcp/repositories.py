"""Artifact Registry repositories over google-cloud-artifact-registry."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from google.cloud import artifactregistry_v1 as registry
from google.cloud.location import locations_pb2
from google.longrunning import operations_pb2

from wifctl.api import ApiError, Json, Status
from wifctl.gcp.messages import from_json, mask_of, to_json
from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.operations import Operation, Operations
from wifctl.gcp.quota import REGISTRY_READ, REGISTRY_REPOSITORY, REGISTRY_WRITE
from wifctl.gcp.rpc import Rpc
from wifctl.names import ProjectName, RepositoryName

PAGE = 1_000
"""The largest page Google gives."""

_Repository = registry.Repository.pb()

_GET = Method("repositories.get", Repeat.READ, REGISTRY_READ)
_LIST = Method("repositories.list", Repeat.READ, REGISTRY_READ)
_CREATE = Method("repositories.create", Repeat.GUARDED, REGISTRY_REPOSITORY, 60.0)
_PATCH = Method("repositories.patch", Repeat.IDEMPOTENT, REGISTRY_WRITE, 60.0)
_DELETE = Method("repositories.delete", Repeat.GUARDED, REGISTRY_REPOSITORY, 60.0)
_OPERATION = Method("operations.get", Repeat.READ, REGISTRY_READ)
_LOCATIONS = Method("locations.list", Repeat.READ, REGISTRY_READ)


@dataclass(frozen=True, slots=True)
class GrpcRepositories:
    """`wifctl.api.Repositories` over gRPC."""

    rpc: Rpc
    operations: Operations

    async def get(self, name: RepositoryName) -> Json:
        """The repository."""
        request = registry.GetRepositoryRequest(name=str(name))
        return to_json(await self.rpc.send(_GET, "get_repository", request, name))

    async def list(self, project: str, location: str) -> AsyncIterator[Sequence[Json]]:
        """Page by page."""
        parent = f"projects/{project}/locations/{location}"
        token = ""
        while True:
            request = registry.ListRepositoriesRequest(
                parent=parent, page_size=PAGE, page_token=token
            )
            page = await self.rpc.send(_LIST, "list_repositories", request, parent)
            yield [to_json(repository) for repository in page.repositories]
            token = page.next_page_token
            if not token:
                return

    async def create(self, name: RepositoryName, body: Json) -> None:
        """Create and wait."""
        message = registry.CreateRepositoryRequest.pb()(
            parent=f"projects/{name.project}/locations/{name.location}",
            repository_id=name.repository,
            repository=from_json(body, _Repository(), _CREATE.name, str(name)),
        )
        request = registry.CreateRepositoryRequest.wrap(message)
        await self._write(_CREATE, "create_repository", request, name)

    async def update(self, name: RepositoryName, body: Json, mask: Sequence[str]) -> None:
        """Patch the masked fields; Google answers at once."""
        repository = from_json(body, _Repository(), _PATCH.name, str(name))
        repository.name = str(name)
        message = registry.UpdateRepositoryRequest.pb()(
            repository=repository, update_mask=mask_of(_Repository.DESCRIPTOR, mask)
        )
        request = registry.UpdateRepositoryRequest.wrap(message)
        await self.rpc.send(_PATCH, "update_repository", request, name)

    async def delete(self, name: RepositoryName) -> None:
        """Delete with all its packages, and wait."""
        request = registry.DeleteRepositoryRequest(name=str(name))
        try:
            await self._write(_DELETE, "delete_repository", request, name)
        except ApiError as error:
            if not (error.effect_unknown and error.status is Status.NOT_FOUND):
                raise

    async def locations(self, project: str) -> Sequence[str]:
        """Every location a repository of the project can be in."""
        parent = ProjectName(project)
        request = locations_pb2.ListLocationsRequest(name=str(parent), page_size=PAGE)
        found: set[str] = set()
        while True:
            page = await self.rpc.send(_LOCATIONS, "list_locations", request, parent)
            found.update(location.location_id for location in page.locations)
            if not page.next_page_token:
                return sorted(found)
            request.page_token = page.next_page_token

    async def _write(self, method: Method, rpc: str, request: Any, name: RepositoryName) -> None:
        async def look(operation: str) -> Operation:
            poll = operations_pb2.GetOperationRequest(name=operation)
            answer = await self.rpc.send(_OPERATION, "get_operation", poll, name)
            return Operation.of_message(answer)

        future = await self.rpc.send(method, rpc, request, name)
        operation = Operation.of_message(future.operation)
        await self.operations.finish(operation, look, method, str(name))
