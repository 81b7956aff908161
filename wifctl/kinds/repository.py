"""ArtifactRegistryRepository: google.devtools.artifactregistry.v1, Python repositories."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from wifctl.kinds.access import Access, access_grants
from wifctl.kinds.base import Identity, Kind, Remote, Write
from wifctl.kinds.repository_body import body, compared
from wifctl.kinds.repository_checks import check
from wifctl.kinds.repository_priorities import check_priorities
from wifctl.kinds.repository_spec import (
    CleanupPolicy,
    RemoteConfig,
    UpstreamCredentials,
    UpstreamPolicyForm,
    VirtualConfig,
)
from wifctl.names import RepositoryName
from wifctl.resource import Address
from wifctl.schema import (
    Carried,
    Carry,
    Compared,
    Immutable,
    Ours,
    ServerDefault,
    Shape,
    Spec,
)

if TYPE_CHECKING:
    from wifctl.api import Api, Json

NAME = "ArtifactRegistryRepository"
_NEW = "declare a repository with a new id, move its clients, then remove this one"


class Scanning(Spec):
    """Vulnerability scanning."""

    enablement_config: Annotated[
        Literal["INHERITED", "DISABLED"] | None, ServerDefault("DISABLED")
    ] = Field(None, description="For Python, unset means DISABLED.")


class RepositorySpec(Spec):
    """A Python repository: standard, remote (a caching proxy) or virtual (several as one)."""

    location: Annotated[str | None, Ours()] = Field(
        None, description="A region or multi-region; default: `location` of wifctl.yaml."
    )
    format: Annotated[Literal["PYTHON"], Immutable(_NEW)] = Field(
        "PYTHON", description="PYTHON is what wifctl manages."
    )
    mode: Annotated[
        Literal["STANDARD_REPOSITORY", "REMOTE_REPOSITORY", "VIRTUAL_REPOSITORY"] | None,
        ServerDefault("STANDARD_REPOSITORY"),
        Immutable(_NEW),
    ] = Field(None, description="Default: STANDARD_REPOSITORY; cannot change.")
    description: str | None = Field(None, description="Free text.")
    labels: Annotated[dict[str, str | None] | None, Compared(Shape.MAP), Carried(Carry.KEYS)] = (
        Field(None, description="Keys not named here stay; `null` removes one.")
    )
    kms_key_name: Annotated[str | None, Immutable(_NEW)] = Field(
        None, description="A key of your own; cannot change."
    )
    upstream: Annotated[str | None, Ours()] = Field(
        None, description="Of a remote repository: PYPI, or an https URI."
    )
    upstream_credentials: Annotated[UpstreamCredentials | None, Ours()] = Field(
        None, description="How the remote repository signs in upstream."
    )
    upstream_policies: Annotated[list[UpstreamPolicyForm] | None, Ours()] = Field(
        None, description="Of a virtual repository: what it serves, highest priority first."
    )
    remote_repository_config: RemoteConfig | None = Field(
        None, description="The same in Google's own form."
    )
    virtual_repository_config: VirtualConfig | None = Field(
        None, description="The same in Google's own form."
    )
    cleanup_policies: Annotated[dict[str, CleanupPolicy] | None, Compared(Shape.JSON)] = Field(
        None, description="Policy id → which versions are deleted or kept."
    )
    cleanup_policy_dry_run: bool | None = Field(
        None, description="`true`: policies log what they would delete, and delete nothing."
    )
    vulnerability_scanning_config: Scanning | None = Field(None, description="Scanning.")
    access: Access = Field(None, description="Roles on the repository.")


def repository_name(address: Address) -> RepositoryName:
    """The API name of a repository's address."""
    return RepositoryName(*address.path)


def _locate(identity: Identity) -> Address:
    return Address(NAME, (identity.project, identity.location, identity.id))


async def _read(api: Api, address: Address) -> Json:
    return await api.repositories.get(repository_name(address))


async def _list(api: Api, address: Address) -> AsyncIterator[tuple[Address, Json]]:
    project, location, _ = address.path
    async for page in api.repositories.list(project, location):
        for repository in page:
            repository_id = repository["name"].rsplit("/", 1)[-1]
            yield Address(NAME, (project, location, repository_id)), repository


async def _create(api: Api, write: Write) -> None:
    await api.repositories.create(repository_name(write.address), write.body)


_WHOLE = ("virtualRepositoryConfig", "vulnerabilityScanningConfig")


async def _update(api: Api, write: Write) -> None:
    mask: dict[str, Any] = {}
    for path in write.mask:
        block = path.partition(".")[0]
        mask[block if block in _WHOLE else path] = None
    await api.repositories.update(repository_name(write.address), write.body, tuple(mask))


async def _delete(api: Api, write: Write) -> None:
    await api.repositories.delete(repository_name(write.address))


KIND = Kind(
    name=NAME,
    spec=RepositorySpec,
    summary="A Python repository in Artifact Registry, with the credentials of its upstream.",
    document="https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories",
    locate=_locate,
    check=check,
    check_among=check_priorities,
    grants=access_grants,
    needs_location=True,
    remote=Remote(
        body=body,
        read=_read,
        list=_list,
        create=_create,
        update=_update,
        delete=_delete,
        compared=compared,
    ),
    service="artifactregistry.googleapis.com",
    example="""\
apiVersion: wifctl/v1
kind: ArtifactRegistryRepository
metadata: {name: pypi}
spec:
  location: europe-west1
  mode: REMOTE_REPOSITORY
  upstream: PYPI
  upstreamCredentials:
    username: __token__
    passwordSecretVersion: {secret: pypi-token, version: newest}
""",
)
