"""Secret: google.cloud.secretmanager.v1, global and regional."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from wifctl.kinds.access import Access, access_grants
from wifctl.kinds.base import Facts, Identity, Kind, Remote, Write
from wifctl.kinds.body import google_json
from wifctl.kinds.secret_checks import check
from wifctl.kinds.secret_settle import compared, same_places, settle
from wifctl.names import SecretName
from wifctl.resource import Address, Resource
from wifctl.schema import (
    AfterCreate,
    Carried,
    Carry,
    Compared,
    Immutable,
    InputOnly,
    MayHide,
    Ours,
    Shape,
    Spec,
)

if TYPE_CHECKING:
    from wifctl.api import Api, Json

NAME = "Secret"
_NEW_SECRET = "declare a secret with a new id, move its readers, then remove this one"  # noqa: S105


class Encryption(Spec):
    """A key of your own in Cloud KMS."""

    kms_key_name: str = Field(description="Full name of the key.")


class Automatic(Spec):
    """Google chooses where the payload lives."""

    customer_managed_encryption: Encryption | None = Field(
        None, description="A key in location `global`."
    )


class Replica(Spec):
    """One location."""

    location: str = Field(description="A region, e.g. europe-west1.")
    customer_managed_encryption: Encryption | None = Field(
        None, description="A key in the same region."
    )


class UserManaged(Spec):
    """The locations of your choice."""

    replicas: list[Replica] = Field(min_length=1, description="At least one.")


class Replication(Spec):
    """Where payloads live: exactly one of both."""

    automatic: Automatic | None = Field(None, description="`{}`: Google chooses.")
    user_managed: UserManaged | None = Field(None, description="Your choice.")


class Topic(Spec):
    """A Pub/Sub topic that hears of changes."""

    name: str = Field(description="projects/P/topics/T")


class Rotation(Spec):
    """When Google reminds you, through a topic, to rotate."""

    next_rotation_time: Annotated[str | None, Compared(Shape.TIME)] = Field(
        None, description="RFC 3339; Google moves it on by the period."
    )
    rotation_period: Annotated[str | None, Compared(Shape.DURATION), MayHide()] = Field(
        None, description="3600s to 3153600000s; needs nextRotationTime."
    )


class PayloadSource(Spec):
    """Where the payload comes from at apply time: exactly one."""

    env: str | None = Field(None, description="An environment variable's name.")
    file: str | None = Field(None, description="A file's path.")
    stdin: bool | None = Field(None, description="`true`: standard input, once a run.")


class VersionSpec(Spec):
    """The payload this secret should hold; read at apply time, never stored."""

    from_: PayloadSource = Field(alias="from", description="Where the payload comes from.")
    when: Literal["missing", "changed"] = Field(
        "missing",
        description="`missing`: only if the secret has no version at all, disabled and destroyed "
        "ones included. `changed`: if the newest enabled one differs.",
    )
    trim: bool = Field(False, description="Take one trailing newline off the payload.")


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


AliasVersion = Annotated[
    str,
    BeforeValidator(_text),
    Field(pattern=r"^[0-9]+$"),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[0-9]+$"}]}
    ),
]


class SecretSpec(Spec):
    """A secret, without its payloads."""

    location: Annotated[str | None, Ours()] = Field(
        None, description="A region: makes it a regional secret, which has no replication."
    )
    replication: Annotated[
        Replication | None, Compared(Shape.JSON), Immutable(_NEW_SECRET, unless=same_places)
    ] = Field(None, description="Where payloads live; only the keys can change.")
    labels: Annotated[dict[str, str | None] | None, Compared(Shape.MAP), Carried(Carry.KEYS)] = (
        Field(None, description="Keys not named here stay; `null` removes one.")
    )
    annotations: Annotated[
        dict[str, str | None] | None, Compared(Shape.MAP), Carried(Carry.KEYS)
    ] = Field(None, description="Like labels, for tools; under 16 KiB in all.")
    topics: Annotated[list[Topic] | None, Compared(Shape.SET)] = Field(
        None, max_length=10, description="At most 10."
    )
    rotation: Rotation | None = Field(None, description="Reminders to rotate; needs a topic.")
    expire_time: Annotated[str | None, Compared(Shape.TIME)] = Field(
        None, description="When Google deletes the secret; excludes ttl."
    )
    ttl: Annotated[str | None, Compared(Shape.DURATION), InputOnly()] = Field(
        None, description="Seconds to live, counted from creation; excludes expireTime."
    )
    version_aliases: Annotated[
        dict[str, AliasVersion | None] | None,
        Compared(Shape.MAP),
        Carried(Carry.KEYS),
        AfterCreate(),
    ] = Field(None, max_length=50, description="Alias → version number; at most 50.")
    version_destroy_ttl: Annotated[str | None, Compared(Shape.DURATION)] = Field(
        None, description="A destroyed version stays disabled this long first."
    )
    customer_managed_encryption: Annotated[Encryption | None, Compared(Shape.JSON)] = Field(
        None, description="A key of your own, for a regional secret."
    )
    secret_type: Annotated[
        Literal[
            "CLOUD_SQL_DB_CREDENTIALS",
            "ACCESS_KEY",
            "CERTIFICATE",
            "OTHER_DB_CREDENTIALS",
            "OTHER",
        ]
        | None,
        Immutable(_NEW_SECRET),
    ] = Field(None, description="What the payload must look like; cannot change.")
    tags: Annotated[
        dict[str, str] | None, Compared(Shape.MAP), InputOnly(), Immutable(_NEW_SECRET)
    ] = Field(None, description="Resource Manager tags, bound at creation.")
    version: Annotated[VersionSpec | None, Ours()] = Field(
        None, description="The payload it should hold."
    )
    access: Access = Field(None, description="Roles on the secret.")


def secret_name(address: Address) -> SecretName:
    """The API name of a secret's address, with a location where it is regional."""
    project, *location, secret = address.path
    return SecretName(project, secret, *location)


def _locate(identity: Identity) -> Address:
    location = identity.spec.location
    path = (
        (identity.project, location, identity.id) if location else (identity.project, identity.id)
    )
    return Address(NAME, path)


def _body(resource: Resource, facts: Facts) -> Json:
    del facts
    return google_json(resource.spec)


async def _read(api: Api, address: Address) -> Json:
    return await api.secrets.get(secret_name(address))


async def _list(api: Api, address: Address) -> AsyncIterator[tuple[Address, Json]]:
    name = secret_name(address)
    async for page in api.secrets.list(name.project, name.location):
        for secret in page:
            secret_id = secret["name"].rsplit("/", 1)[-1]
            yield Address(NAME, (*address.path[:-1], secret_id)), secret


async def _create(api: Api, write: Write) -> Json:
    return await api.secrets.create(secret_name(write.address), write.body)


async def _update(api: Api, write: Write) -> Json:
    mask = tuple(dict.fromkeys(path.partition(".")[0] for path in write.mask))
    body = {**write.body, "etag": write.live.get("etag", "")}
    return await api.secrets.update(secret_name(write.address), body, mask)


async def _delete(api: Api, write: Write) -> None:
    await api.secrets.delete(secret_name(write.address), write.live.get("etag", ""))


KIND = Kind(
    name=NAME,
    spec=SecretSpec,
    summary="A secret, its payload's source, and who may read it.",
    document="https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets",
    locate=_locate,
    check=check,
    grants=access_grants,
    remote=Remote(
        body=_body,
        read=_read,
        list=_list,
        create=_create,
        update=_update,
        delete=_delete,
        compared=compared,
        settle=settle,
        has_etag=True,
    ),
    service="secretmanager.googleapis.com",
    example="""\
apiVersion: wifctl/v1
kind: Secret
metadata: {name: pypi-token}
spec:
  replication: {automatic: {}}
  version: {from: {env: PYPI_TOKEN}, when: missing}
""",
)
