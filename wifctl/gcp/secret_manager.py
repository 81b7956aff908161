"""Secrets over google-cloud-secret-manager, global and regional ones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from google.cloud import secretmanager_v1 as manager

from wifctl.api import ApiError, Json, Status
from wifctl.gcp.messages import from_json, mask_of, to_json
from wifctl.gcp.method import Method, Repeat
from wifctl.gcp.quota import SECRET_READ, SECRET_WRITE
from wifctl.gcp.rpc import Rpc
from wifctl.gcp.secret_versions import SecretVersions, regional_host
from wifctl.names import SecretName, SecretVersionName

PAGE = 25_000
"""The largest page Google gives."""

_Secret = manager.Secret.pb()

_GET = Method("secrets.get", Repeat.READ, SECRET_READ)
_LIST = Method("secrets.list", Repeat.READ, SECRET_READ)
_CREATE = Method("secrets.create", Repeat.GUARDED, SECRET_WRITE, 60.0)
_PATCH = Method("secrets.patch", Repeat.IDEMPOTENT, SECRET_WRITE, 60.0)
_PATCH_UNDER_ETAG = Method("secrets.patch", Repeat.GUARDED, SECRET_WRITE, 60.0)
_DELETE = Method("secrets.delete", Repeat.GUARDED, SECRET_WRITE, 60.0)


@dataclass(frozen=True, slots=True)
class GrpcSecrets:
    """`wifctl.api.Secrets` over gRPC."""

    rpc: Rpc

    async def get(self, name: SecretName) -> Json:
        """The secret, without any payload."""
        request = manager.GetSecretRequest(name=str(name))
        return to_json(await self._send(_GET, "get_secret", request, name))

    async def list(self, project: str, location: str) -> AsyncIterator[Sequence[Json]]:
        """Page by page; an empty location means the global secrets."""
        parent = SecretName(project, "", location)
        token = ""
        while True:
            request = manager.ListSecretsRequest(
                parent=_parent(parent), page_size=PAGE, page_token=token
            )
            page = await self._send(_LIST, "list_secrets", request, parent)
            yield [to_json(secret) for secret in page.secrets]
            token = page.next_page_token
            if not token:
                return

    async def create(self, name: SecretName, body: Json) -> Json:
        """The secret made."""
        message = manager.CreateSecretRequest.pb()(
            parent=_parent(name),
            secret_id=name.secret,
            secret=from_json(body, _Secret(), _CREATE.name, str(name)),
        )
        request = manager.CreateSecretRequest.wrap(message)
        return to_json(await self._send(_CREATE, "create_secret", request, name))

    async def update(self, name: SecretName, body: Json, mask: Sequence[str]) -> Json:
        """Patch the masked fields, under the etag when `body` carries one."""
        method = _PATCH_UNDER_ETAG if body.get("etag") else _PATCH
        secret = from_json(body, _Secret(), method.name, str(name))
        secret.name = str(name)
        message = manager.UpdateSecretRequest.pb()(
            secret=secret, update_mask=mask_of(_Secret.DESCRIPTOR, mask)
        )
        request = manager.UpdateSecretRequest.wrap(message)
        return to_json(await self._send(method, "update_secret", request, name))

    async def delete(self, name: SecretName, etag: str = "") -> None:
        """Delete with all versions, for good."""
        request = manager.DeleteSecretRequest(name=str(name), etag=etag)
        try:
            await self._send(_DELETE, "delete_secret", request, name)
        except ApiError as error:
            if not (error.effect_unknown and error.status is Status.NOT_FOUND):
                raise

    async def versions(self, name: SecretName) -> Sequence[Json]:
        """All versions, newest first, destroyed ones included."""
        return await SecretVersions(self.rpc, name).all()

    async def add_version(self, name: SecretName, payload: bytes) -> str:
        """The number of the version added; never repeated blindly when the answer is lost."""
        return await SecretVersions(self.rpc, name).add(payload)

    async def access(self, name: SecretVersionName) -> bytes:
        """The payload of an enabled version, its checksum verified."""
        return await SecretVersions(self.rpc, name.secret).access(name.version)

    async def set_version_state(self, name: SecretVersionName, state: str) -> None:
        """`ENABLED`, `DISABLED` or `DESTROYED`."""
        await SecretVersions(self.rpc, name.secret).set_state(name.version, state)

    async def _send(self, method: Method, rpc: str, request: Any, name: SecretName) -> Any:
        host = regional_host(self.rpc.host, name.location)
        return await self.rpc.send(method, rpc, request, name, host=host)


def _parent(name: SecretName) -> str:
    where = f"/locations/{name.location}" if name.location else ""
    return f"projects/{name.project}{where}"
