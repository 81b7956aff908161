"""Versions of one secret. Payloads pass through here and nowhere into errors or logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from google.cloud import secretmanager_v1 as manager

from wifctl.api import ApiError, Json, Status
from wifctl.gcp.crc32c import crc32c
from wifctl.gcp.errors import api_error
from wifctl.gcp.messages import to_json
from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.quota import SECRET_ACCESS, SECRET_READ, SECRET_WRITE
from wifctl.gcp.rpc import Rpc
from wifctl.names import SecretName, SecretVersionName

PAGE = 25_000
ADD_ATTEMPTS = 4

_LIST = Method("secrets.versions.list", Repeat.READ, SECRET_READ)
_GET = Method("secrets.versions.get", Repeat.READ, SECRET_READ)
_ACCESS = Method("secrets.versions.access", Repeat.READ, SECRET_ACCESS)
_ADD = Method("secrets.addVersion", Repeat.ONCE, SECRET_WRITE, 60.0)


def _state_method(verb: str) -> Method:
    return Method(f"secrets.versions.{verb}", Repeat.GUARDED, SECRET_WRITE, 60.0)


_STATES: dict[str, tuple[Method, str, Any]] = {
    "ENABLED": (
        _state_method("enable"),
        "enable_secret_version",
        manager.EnableSecretVersionRequest,
    ),
    "DISABLED": (
        _state_method("disable"),
        "disable_secret_version",
        manager.DisableSecretVersionRequest,
    ),
    "DESTROYED": (
        _state_method("destroy"),
        "destroy_secret_version",
        manager.DestroySecretVersionRequest,
    ),
}


@dataclass(frozen=True, slots=True)
class SecretVersions:
    """The versions of a secret."""

    rpc: Rpc
    secret: SecretName

    async def all(self) -> Sequence[Json]:
        """Newest first, destroyed ones included."""
        found: list[dict[str, Any]] = []
        token = ""
        while True:
            request = manager.ListSecretVersionsRequest(
                parent=str(self.secret), page_size=PAGE, page_token=token
            )
            page = await self._send(_LIST, "list_secret_versions", request, self.secret)
            found += [to_json(version) for version in page.versions]
            token = page.next_page_token
            if not token:
                return sorted(found, key=lambda version: -int(_number(version)))

    async def add(self, payload: bytes) -> str:
        """The number of the version added.

        When the answer is lost, the newest version is compared before anything is sent again. The
        error that remains says `effect_unknown` if that could not be done.
        """
        attempt = 1
        while True:
            try:
                return await self._add_once(payload)
            except ApiError as error:
                if not error.effect_unknown:
                    raise
                await self._pause(attempt)
                if landed := await self._landed(payload, error):
                    return landed
                if attempt == ADD_ATTEMPTS:
                    raise
            attempt += 1

    async def access(self, version: str) -> bytes:
        """The payload of a version given by number, alias or `latest`."""
        name = SecretVersionName(self.secret, version)
        request = manager.AccessSecretVersionRequest(name=str(name))
        answer = await self._send(_ACCESS, "access_secret_version", request, name)
        data = bytes(answer.payload.data)
        checked = "data_crc32c" in answer.payload
        if checked and answer.payload.data_crc32c != crc32c(data):
            text = "the payload does not match its checksum"
            raise api_error(
                Status.INTERNAL, text, call=_ACCESS.name, resource=str(name), sent=False
            )
        return data

    async def set_state(self, version: str, state: str) -> None:
        """Enable, disable or destroy; refused after a lost answer, look what the first one did."""
        name = SecretVersionName(self.secret, version)
        method, rpc, request = _STATES[state]
        try:
            await self._send(method, rpc, request(name=str(name)), name)
        except ApiError as error:
            if not error.effect_unknown or await self._state(name) != state:
                raise

    async def _add_once(self, payload: bytes) -> str:
        body = manager.SecretPayload(data=payload, data_crc32c=crc32c(payload))
        request = manager.AddSecretVersionRequest(parent=str(self.secret), payload=body)
        answer = await self._send(_ADD, "add_secret_version", request, self.secret)
        return _number({"name": answer.name})

    async def _landed(self, payload: bytes, lost: ApiError) -> str:
        """The newest version's number when it holds this payload, else nothing."""
        try:
            versions = await self.all()
            if not versions or versions[0].get("state") != "ENABLED":
                return ""
            newest = _number(versions[0])
            return newest if await self.access(newest) == payload else ""
        except ApiError:
            raise lost from None

    async def _pause(self, attempt: int) -> None:
        caller = self.rpc.caller
        ceiling = min(caller.patience.longest, caller.patience.first * 2.0**attempt)
        await caller.timing.sleep(ceiling * (1 + caller.timing.random()) / 2)

    async def _state(self, name: SecretVersionName) -> str:
        request = manager.GetSecretVersionRequest(name=str(name))
        answer = await self._send(_GET, "get_secret_version", request, name)
        return str(to_json(answer).get("state", ""))

    async def _send(self, method: Method, rpc: str, request: Any, resource: object) -> Any:
        host = regional_host(self.rpc.host, self.secret.location)
        return await self.rpc.send(method, rpc, request, resource, host=host)


def regional_host(host: str, location: str) -> str:
    """`secretmanager.UNIVERSE`, or `secretmanager.LOCATION.rep.UNIVERSE`."""
    service, _, universe = host.partition(".")
    return f"{service}.{location}.rep.{universe}" if location else host


def _number(version: Json) -> str:
    return str(version["name"]).rpartition("/")[2]
