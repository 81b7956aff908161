"""Workload identity pools and providers over REST: no client library covers them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from wifctl.api import Json
from wifctl.gcp.operations import Operations
from wifctl.gcp.pool_collection import CollectionMethods, SoftDeletedCollection
from wifctl.gcp.rest import Rest
from wifctl.names import PoolName, ProviderName

POOL_PAGE = 1_000
PROVIDER_PAGE = 100
"""The largest pages Google gives; larger sizes are cut to these."""

_POOLS = CollectionMethods.of("workloadIdentityPools")
_PROVIDERS = CollectionMethods.of("workloadIdentityPools.providers")


class RestPools:
    """`wifctl.api.Pools` over REST."""

    def __init__(self, rest: Rest, operations: Operations) -> None:
        self._collection = SoftDeletedCollection(rest, operations, _POOLS)

    async def get(self, name: PoolName) -> Json:
        """The pool, a soft-deleted one too."""
        return await self._collection.get(name)

    def list(self, project: str) -> AsyncIterator[Sequence[Json]]:
        """Page by page, soft-deleted ones included."""
        parent = f"projects/{project}/locations/global"
        key = "workloadIdentityPools"
        return self._collection.pages(parent, key, key, POOL_PAGE)

    async def create(self, name: PoolName, body: Json) -> None:
        """Create and wait."""
        await self._collection.create(name, "workloadIdentityPoolId", body)

    async def update(self, name: PoolName, body: Json, mask: Sequence[str]) -> None:
        """Patch the masked fields and wait."""
        await self._collection.update(name, body, mask)

    async def delete(self, name: PoolName) -> None:
        """Soft-delete and wait; Google purges it after 30 days."""
        await self._collection.delete(name)

    async def undelete(self, name: PoolName) -> None:
        """Bring back and wait; its providers stay deleted."""
        await self._collection.undelete(name)


class RestProviders:
    """`wifctl.api.Providers` over REST."""

    def __init__(self, rest: Rest, operations: Operations) -> None:
        self._collection = SoftDeletedCollection(rest, operations, _PROVIDERS)

    async def get(self, name: ProviderName) -> Json:
        """The provider, a soft-deleted one too."""
        return await self._collection.get(name)

    def list(self, pool: PoolName) -> AsyncIterator[Sequence[Json]]:
        """Page by page, soft-deleted ones included. Trust-domain pools answer 400."""
        key = "workloadIdentityPoolProviders"
        return self._collection.pages(str(pool), "providers", key, PROVIDER_PAGE)

    async def create(self, name: ProviderName, body: Json) -> None:
        """Create and wait."""
        await self._collection.create(name, "workloadIdentityPoolProviderId", body)

    async def update(self, name: ProviderName, body: Json, mask: Sequence[str]) -> None:
        """Patch the masked fields and wait."""
        await self._collection.update(name, body, mask)

    async def delete(self, name: ProviderName) -> None:
        """Soft-delete and wait."""
        await self._collection.delete(name)

    async def undelete(self, name: ProviderName) -> None:
        """Bring back and wait."""
        await self._collection.undelete(name)
