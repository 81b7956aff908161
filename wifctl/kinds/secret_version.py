"""SecretVersion: the payload a secret should hold. It comes from `Secret.spec.version`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wifctl.kinds.base import Facts, Identity, Kind, Remote, Write
from wifctl.kinds.secret import VersionSpec, secret_name
from wifctl.resource import SECRET_VERSION, Address, Resource

if TYPE_CHECKING:
    from wifctl.api import Api, Json

NAME = SECRET_VERSION


def _locate(identity: Identity) -> Address:
    parent = identity.parent
    return Address(NAME, parent.path if parent else (identity.project, identity.id))


def _body(resource: Resource, facts: Facts) -> Json:
    del resource, facts
    return {}


async def _read(api: Api, address: Address) -> Json:
    return {"versions": list(await api.secrets.versions(secret_name(address)))}


async def _create(api: Api, write: Write) -> Json:
    """Adds the payload; the answer holds the number of the version, and nothing else."""
    if write.payload is None:
        raise AssertionError("a version is added with its payload")
    return {"version": await api.secrets.add_version(secret_name(write.address), write.payload())}


async def _never(api: Api, write: Write) -> None:
    del api, write
    raise AssertionError("versions are added, never changed")


KIND = Kind(
    name=NAME,
    spec=VersionSpec,
    summary="A version of a secret, added where the manifest's `version:` calls for it.",
    document="https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions",
    locate=_locate,
    remote=Remote(body=_body, read=_read, create=_create, update=_never, delete=_never),
    service="secretmanager.googleapis.com",
)


def newest_enabled(versions: list[Json]) -> str | None:
    """The number of the highest enabled version, or None."""
    enabled = [v for v in versions if v.get("state") == "ENABLED"]
    numbers = (int(version["name"].rsplit("/", 1)[-1]) for version in enabled)
    return str(max(numbers, default=0)) if enabled else None
