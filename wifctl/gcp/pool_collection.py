"""What the REST collections of pools and of providers have in common: soft delete, operations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from wifctl.api import ApiError, Json, Status
from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.operations import Operation, Operations
from wifctl.gcp.quota import POOL_READ, POOL_WRITE
from wifctl.gcp.rest import HttpRequest, Rest
from wifctl.names import PoolName, ProviderName

WRITE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class CollectionMethods:
    """The methods of one collection; pools and providers have the same."""

    get: Method
    list: Method
    create: Method
    patch: Method
    delete: Method
    undelete: Method
    operation: Method

    @classmethod
    def of(cls, collection: str) -> CollectionMethods:
        """The methods of a collection by Google's name, e.g. `workloadIdentityPools`."""

        def read(verb: str) -> Method:
            return Method(f"{collection}.{verb}", Repeat.READ, POOL_READ)

        def write(verb: str, repeat: Repeat) -> Method:
            return Method(f"{collection}.{verb}", repeat, POOL_WRITE, WRITE_SECONDS)

        return cls(
            read("get"),
            read("list"),
            write("create", Repeat.GUARDED),
            write("patch", Repeat.IDEMPOTENT),
            write("delete", Repeat.GUARDED),
            write("undelete", Repeat.GUARDED),
            read("operations.get"),
        )


@dataclass(frozen=True, slots=True)
class SoftDeletedCollection:
    """The verbs of one collection."""

    rest: Rest
    operations: Operations
    methods: CollectionMethods

    async def get(self, name: PoolName | ProviderName) -> Json:
        """One object, a soft-deleted one too."""
        request = HttpRequest("GET", "iam", f"v1/{name}")
        return await self.rest.send(self.methods.get, request, name)

    async def pages(
        self, parent: str, collection: str, key: str, size: int
    ) -> AsyncIterator[Sequence[Json]]:
        """Page by page: `collection` is the last part of the path, `key` its name in the answer."""
        params: dict[str, object] = {"pageSize": size, "showDeleted": "true"}
        while True:
            request = HttpRequest("GET", "iam", f"v1/{parent}/{collection}", dict(params))
            answer = await self.rest.send(self.methods.list, request, parent)
            yield answer.get(key, [])
            if not answer.get("nextPageToken"):
                return
            params["pageToken"] = answer["nextPageToken"]

    async def create(self, name: PoolName | ProviderName, id_field: str, body: Json) -> None:
        """Create and wait; `id_field` is the query parameter that takes the id."""
        parent, _, own_id = str(name).rpartition("/")
        request = HttpRequest("POST", "iam", f"v1/{parent}", {id_field: own_id}, body)
        await self._write(self.methods.create, request, name)

    async def update(self, name: PoolName | ProviderName, body: Json, mask: Sequence[str]) -> None:
        """Patch the masked fields and wait."""
        params = {"updateMask": ",".join(mask)}
        request = HttpRequest("PATCH", "iam", f"v1/{name}", params, body)
        await self._write(self.methods.patch, request, name)

    async def delete(self, name: PoolName | ProviderName) -> None:
        """Soft-delete and wait."""
        request = HttpRequest("DELETE", "iam", f"v1/{name}")
        await self._become("DELETED", self.methods.delete, request, name)

    async def undelete(self, name: PoolName | ProviderName) -> None:
        """Bring back and wait."""
        request = HttpRequest("POST", "iam", f"v1/{name}:undelete", body={})
        await self._become("ACTIVE", self.methods.undelete, request, name)

    async def _become(
        self, state: str, method: Method, request: HttpRequest, name: PoolName | ProviderName
    ) -> None:
        """Write; refused after a lost answer, look whether the first attempt did it."""
        try:
            await self._write(method, request, name)
        except ApiError as error:
            if not error.effect_unknown or await self._state(name) != state:
                raise

    async def _state(self, name: PoolName | ProviderName) -> str:
        try:
            return str((await self.get(name)).get("state", ""))
        except ApiError as error:
            if error.status is Status.NOT_FOUND:
                return "DELETED"
            raise

    async def _write(
        self, method: Method, request: HttpRequest, name: PoolName | ProviderName
    ) -> None:
        async def look(operation: str) -> Operation:
            poll = HttpRequest("GET", "iam", f"v1/{operation}")
            return Operation.of_json(await self.rest.send(self.methods.operation, poll, name))

        answer = await self.rest.send(method, request, name)
        await self.operations.finish(Operation.of_json(answer), look, method, str(name))
