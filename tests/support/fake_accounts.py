"""Fake service accounts, services and projects."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from tests.support.fake_policies import relabel
from tests.support.fake_world import Body, World, problem
from wifctl.api import Json, Status
from wifctl.names import ProjectName, ServiceAccountName, ServiceName, parse_service_account_email

AGENTS = {
    "artifactregistry.googleapis.com": "gcp-sa-artifactregistry",
    "secretmanager.googleapis.com": "gcp-sa-secretmanager",
}
DELETED = "deleted/"


@dataclass(frozen=True, slots=True)
class FakeServiceAccounts:
    """`wifctl.api.ServiceAccounts`; deleted accounts wait under their unique id."""

    world: World

    def _name(self, name: ServiceAccountName) -> ServiceAccountName:
        if name.project != "-":
            return name
        return parse_service_account_email(name.email) or name

    async def get(self, name: ServiceAccountName) -> Json:
        async with self.world.call("serviceAccounts.get", name):
            return copy.deepcopy(self.world.find(self._name(name), "serviceAccounts.get"))

    async def list(self, project: str) -> AsyncIterator[Sequence[Json]]:
        async with self.world.call("serviceAccounts.list", ProjectName(project)):
            page = self.world.children(ProjectName(project), "serviceAccounts")
        yield page

    async def create(self, project: str, account_id: str, body: Json) -> Json:
        name = ServiceAccountName.of(self.world.project_id(project), account_id)
        async with self.world.call("serviceAccounts.create", name, body):
            if self.world.key(name) in self.world.objects:
                text = f"Service account {account_id} already exists within project {project}."
                raise problem(Status.ALREADY_EXISTS, text, "serviceAccounts.create", name)
            stored: Body = {k: v for k, v in body.items() if v}
            stored |= {"name": str(name), "email": name.email, "projectId": name.project}
            stored["uniqueId"] = str(100_000_000_000_000_000_000 + self.world.next_id())
            self.world.objects[self.world.key(name)] = stored
            return copy.deepcopy(stored)

    async def update(self, name: ServiceAccountName, body: Json, mask: Sequence[str]) -> None:
        async with self.world.call("serviceAccounts.patch", name, body, mask):
            found = self.world.find(self._name(name), "serviceAccounts.patch")
            self.world.merge(found, body, mask)

    async def set_disabled(self, name: ServiceAccountName, disabled: bool) -> None:
        verb = "disable" if disabled else "enable"
        async with self.world.call(f"serviceAccounts.{verb}", name):
            found = self.world.find(self._name(name), f"serviceAccounts.{verb}")
            self.world.merge(found, {"disabled": disabled}, ["disabled"])

    async def delete(self, name: ServiceAccountName) -> None:
        async with self.world.call("serviceAccounts.delete", name):
            found = self.world.find(self._name(name), "serviceAccounts.delete")
            del self.world.objects[self.world.key(self._name(name))]
            self.world.objects[DELETED + found["uniqueId"]] = found
            relabel(self.world, found["email"], found["uniqueId"], deleted=True)

    async def undelete(self, project: str, unique_id: str) -> Json:
        name = f"projects/{project}/serviceAccounts/{unique_id}"
        async with self.world.call("serviceAccounts.undelete", name):
            found = self.world.objects.pop(DELETED + unique_id, None)
            if found is None:
                text = f"Service account {unique_id} was not found."
                raise problem(Status.NOT_FOUND, text, "serviceAccounts.undelete", name)
            self.world.objects[self.world.key(found["name"])] = found
            relabel(self.world, found["email"], unique_id, deleted=False)
            return copy.deepcopy(found)


@dataclass(frozen=True, slots=True)
class FakeServices:
    """`wifctl.api.Services`; what is enabled lives in `World.services`."""

    world: World

    async def enabled(self, project: str, services: Sequence[str]) -> frozenset[str]:
        async with self.world.call("services.batchGet", ProjectName(project), list(services)):
            key = self.world.project_id(project)
            return frozenset(s for s in services if (key, s) in self.world.services)

    async def enable(self, project: str, services: Sequence[str]) -> None:
        async with self.world.call("services.batchEnable", ProjectName(project), list(services)):
            self.world.services |= {(self.world.project_id(project), s) for s in services}

    async def disable(self, project: str, service: str) -> None:
        async with self.world.call("services.disable", ServiceName(project, service)):
            self.world.services.discard((self.world.project_id(project), service))

    async def create_identity(self, project: str, service: str) -> str:
        async with self.world.call(
            "services.generateServiceIdentity", ServiceName(project, service)
        ):
            agent = AGENTS.get(service, "gcp-sa-" + service.partition(".")[0])
            return f"service-{self.world.number(project)}@{agent}.iam.gserviceaccount.com"


@dataclass(frozen=True, slots=True)
class FakeProjects:
    """`wifctl.api.ProjectsApi`."""

    world: World

    async def get(self, project: str) -> tuple[str, str]:
        async with self.world.call("projects.get", ProjectName(project)):
            return self.world.project_id(project), self.world.number(project)
