"""Fake pools, providers and repositories: dictionaries with soft delete."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from tests.support.fake_world import Body, World, problem
from wifctl.api import Json, Status
from wifctl.names import PoolName, ProviderName, RepositoryName

POOLS = "workloadIdentityPools"
PROVIDERS = "workloadIdentityPools.providers"
NAMES = PoolName | ProviderName


@dataclass(frozen=True, slots=True)
class SoftDeleted:
    """The life of a pool or a provider."""

    world: World
    collection: str

    async def _get(self, name: NAMES) -> Json:
        async with self.world.call(f"{self.collection}.get", name):
            return copy.deepcopy(self.world.find(name, f"{self.collection}.get"))

    async def _create(self, name: NAMES, body: Json) -> None:
        call = f"{self.collection}.create"
        async with self.world.call(call, name, body):
            if isinstance(name, ProviderName):
                self.world.find(name.parent, call)
            if self.world.key(name) in self.world.objects:
                text = "Requested entity already exists"
                raise problem(Status.ALREADY_EXISTS, text, call, name)
            self.world.objects[self.world.key(name)] = {
                **{k: v for k, v in copy.deepcopy(dict(body)).items() if v not in (False, "")},
                "name": self.world.numbered(name),
                "state": "ACTIVE",
            }

    async def _update(self, name: NAMES, body: Json, mask: Sequence[str]) -> None:
        call = f"{self.collection}.patch"
        async with self.world.call(call, name, body, mask):
            self.world.merge(self._in_state(name, "ACTIVE", call), body, mask)

    async def _delete(self, name: NAMES) -> None:
        call = f"{self.collection}.delete"
        async with self.world.call(call, name):
            found = self._in_state(name, "ACTIVE", call)
            found |= {"state": "DELETED", "expireTime": "2026-12-21T00:00:00Z"}

    async def _undelete(self, name: NAMES) -> None:
        call = f"{self.collection}.undelete"
        async with self.world.call(call, name):
            found = self._in_state(name, "DELETED", call)
            found["state"] = "ACTIVE"
            found.pop("expireTime", None)

    def _in_state(self, name: NAMES, state: str, call: str) -> Body:
        found = self.world.find(name, call)
        if found["state"] != state:
            text = f"{name} is {found['state']}."
            raise problem(Status.FAILED_PRECONDITION, text, call, name)
        return found


class FakePools(SoftDeleted):
    """`wifctl.api.Pools`. A pool that is deleted takes its providers' liveness with it."""

    async def get(self, name: PoolName) -> Json:
        return await self._get(name)

    async def list(self, project: str) -> AsyncIterator[Sequence[Json]]:
        parent = f"projects/{project}/locations/global"
        async with self.world.call(f"{POOLS}.list", parent):
            page = self.world.children(parent, POOLS)
        yield page

    async def create(self, name: PoolName, body: Json) -> None:
        await self._create(name, body)

    async def update(self, name: PoolName, body: Json, mask: Sequence[str]) -> None:
        await self._update(name, body, mask)

    async def delete(self, name: PoolName) -> None:
        await self._delete(name)

    async def undelete(self, name: PoolName) -> None:
        await self._undelete(name)


class FakeProviders(SoftDeleted):
    """`wifctl.api.Providers`."""

    async def get(self, name: ProviderName) -> Json:
        return await self._get(name)

    async def list(self, pool: PoolName) -> AsyncIterator[Sequence[Json]]:
        async with self.world.call(f"{PROVIDERS}.list", pool):
            self.world.find(pool, f"{PROVIDERS}.list")
            page = self.world.children(pool, "providers")
        yield page

    async def create(self, name: ProviderName, body: Json) -> None:
        await self._create(name, body)

    async def update(self, name: ProviderName, body: Json, mask: Sequence[str]) -> None:
        await self._update(name, body, mask)

    async def delete(self, name: ProviderName) -> None:
        await self._delete(name)

    async def undelete(self, name: ProviderName) -> None:
        await self._undelete(name)


@dataclass(frozen=True, slots=True)
class FakeRepositories:
    """`wifctl.api.Repositories`; `regions` is what `locations` answers."""

    world: World
    regions: tuple[str, ...] = ("europe-west1", "us-central1")

    async def get(self, name: RepositoryName) -> Json:
        async with self.world.call("repositories.get", name):
            return copy.deepcopy(self.world.find(name, "repositories.get"))

    async def list(self, project: str, location: str) -> AsyncIterator[Sequence[Json]]:
        parent = f"projects/{project}/locations/{location}"
        async with self.world.call("repositories.list", parent):
            page = self.world.children(parent, "repositories")
        yield page

    async def create(self, name: RepositoryName, body: Json) -> None:
        async with self.world.call("repositories.create", name, body):
            if self.world.key(name) in self.world.objects:
                text = "the repository already exists"
                raise problem(Status.ALREADY_EXISTS, text, "repositories.create", name)
            stored: Body = {"name": str(name), "mode": "STANDARD_REPOSITORY"}
            self.world.objects[self.world.key(name)] = stored | copy.deepcopy(dict(body))

    async def update(self, name: RepositoryName, body: Json, mask: Sequence[str]) -> None:
        async with self.world.call("repositories.patch", name, body, mask):
            self.world.merge(self.world.find(name, "repositories.patch"), body, mask)

    async def delete(self, name: RepositoryName) -> None:
        async with self.world.call("repositories.delete", name):
            self.world.find(name, "repositories.delete")
            del self.world.objects[self.world.key(name)]

    async def locations(self, project: str) -> Sequence[str]:
        async with self.world.call("locations.list", f"projects/{project}"):
            return self.regions
