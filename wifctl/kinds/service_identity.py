"""ServiceIdentity: the agent Google creates for a service in a project, before it gets a grant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wifctl.kinds.base import Facts, Identity, Kind, Remote, Write
from wifctl.resource import SERVICE_IDENTITY, Address, Resource
from wifctl.schema import Spec

if TYPE_CHECKING:
    from wifctl.api import Api, Json

NAME = SERVICE_IDENTITY


class IdentitySpec(Spec):
    """A service agent has no settings."""


def _locate(identity: Identity) -> Address:
    return Address(NAME, (identity.project, identity.id))


def _body(resource: Resource, facts: Facts) -> Json:
    del resource, facts
    return {}


async def _read(api: Api, address: Address) -> Json:
    del api, address
    return {}


async def _create(api: Api, write: Write) -> Json:
    project, service = write.address.path
    return {"email": await api.services.create_identity(project, service)}


async def _nothing(api: Api, write: Write) -> None:
    del api, write


KIND = Kind(
    name=NAME,
    spec=IdentitySpec,
    summary="A service agent, created where a grant names it; Google offers no way to read one.",
    document="https://cloud.google.com/service-usage/docs/reference/rest/v1beta1/services/generateServiceIdentity",
    locate=_locate,
    remote=Remote(body=_body, read=_read, create=_create, update=_nothing, delete=_nothing),
    service="serviceusage.googleapis.com",
)
