"""Fake secrets and their versions."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from tests.support.fake_world import Body, World, problem
from wifctl.api import Json, Status
from wifctl.names import SecretName, SecretVersionName

VERBS = {"ENABLED": "enable", "DISABLED": "disable", "DESTROYED": "destroy"}


@dataclass(frozen=True, slots=True)
class FakeSecrets:
    """`wifctl.api.Secrets`; versions are objects under the secret, payloads apart."""

    world: World

    async def get(self, name: SecretName) -> Json:
        async with self.world.call("secrets.get", name):
            return copy.deepcopy(self.world.find(name, "secrets.get"))

    async def list(self, project: str, location: str) -> AsyncIterator[Sequence[Json]]:
        parent = f"projects/{project}" + (f"/locations/{location}" if location else "")
        async with self.world.call("secrets.list", parent):
            page = self.world.children(parent, "secrets")
        yield page

    async def create(self, name: SecretName, body: Json) -> Json:
        async with self.world.call("secrets.create", name, body):
            if self.world.key(name) in self.world.objects:
                text = f"Secret [{self.world.numbered(name)}] already exists."
                raise problem(Status.ALREADY_EXISTS, text, "secrets.create", name)
            stored = copy.deepcopy(dict(body)) | {"name": self.world.numbered(name)}
            stored["etag"] = self._etag()
            self.world.objects[self.world.key(name)] = stored
            return copy.deepcopy(stored)

    async def update(self, name: SecretName, body: Json, mask: Sequence[str]) -> Json:
        async with self.world.call("secrets.patch", name, body, mask):
            found = self.world.find(name, "secrets.patch")
            self._check_etag(found, str(body.get("etag", "")), "secrets.patch", name)
            self.world.merge(found, body, mask)
            found["etag"] = self._etag()
            return copy.deepcopy(found)

    async def delete(self, name: SecretName, etag: str = "") -> None:
        async with self.world.call("secrets.delete", name):
            self._check_etag(self.world.find(name, "secrets.delete"), etag, "secrets.delete", name)
            gone = self.world.key(name)
            for key in [k for k in self.world.objects if k == gone or k.startswith(gone + "/")]:
                del self.world.objects[key]
                self.world.payloads.pop(key, None)
            self.world.policies.pop(gone, None)

    async def versions(self, name: SecretName) -> Sequence[Json]:
        async with self.world.call("secrets.versions.list", name):
            self.world.find(name, "secrets.versions.list")
            return self._versions(name)[::-1]

    async def add_version(self, name: SecretName, payload: bytes) -> str:
        async with self.world.call("secrets.addVersion", name, len(payload)):
            self.world.find(name, "secrets.addVersion")
            number = str(len(self._versions(name)) + 1)
            version = SecretVersionName(name, number)
            self.world.objects[self.world.key(version)] = {
                "name": self.world.numbered(version),
                "state": "ENABLED",
                "etag": self._etag(),
            }
            self.world.payloads[self.world.key(version)] = payload
            return number

    async def access(self, name: SecretVersionName) -> bytes:
        async with self.world.call("secrets.versions.access", name):
            secret = self.world.find(name.secret, "secrets.versions.access")
            number = str(secret.get("versionAliases", {}).get(name.version, name.version))
            if number == "latest":
                number = str(len(self._versions(name.secret)))
            version = SecretVersionName(name.secret, number)
            found = self.world.find(version, "secrets.versions.access")
            if found["state"] != "ENABLED":
                text = f"Secret Version [{found['name']}] is in {found['state']} state."
                raise problem(Status.FAILED_PRECONDITION, text, "secrets.versions.access", name)
            return self.world.payloads[self.world.key(version)]

    async def set_version_state(self, name: SecretVersionName, state: str) -> None:
        call = f"secrets.versions.{VERBS[state]}"
        async with self.world.call(call, name):
            found = self.world.find(name, call)
            found["state"] = state
            if state == "DESTROYED":
                found["destroyTime"] = "2026-11-21T00:00:00Z"
                self.world.payloads.pop(self.world.key(name), None)

    def _versions(self, name: SecretName) -> Sequence[Body]:
        return self.world.children(name, "versions")

    def _etag(self) -> str:
        return f'"1{self.world.next_id():x}"'

    def _check_etag(self, found: Body, etag: str, call: str, name: object) -> None:
        if etag and etag != found["etag"]:
            text = "The etag does not match the current one."
            raise problem(Status.FAILED_PRECONDITION, text, call, name)
