"""ServiceAccount: google.iam.admin.v1."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from wifctl.kinds import checks
from wifctl.kinds.access import Access, access_grants
from wifctl.kinds.base import Facts, Identity, Kind, Problem, Remote, Write
from wifctl.kinds.body import google_json
from wifctl.kinds.members import account_email
from wifctl.names import ServiceAccountName
from wifctl.resource import Address, Resource
from wifctl.schema import AfterCreate, Carried, Spec

if TYPE_CHECKING:
    from wifctl.api import Api, Json

NAME = "ServiceAccount"
_ID = re.compile(r"[a-z](?:[-a-z0-9]{4,28}[a-z0-9])")


class ServiceAccountSpec(Spec):
    """A service account; who may become it stands in `access` or in grants."""

    display_name: str | None = Field(None, description="At most 100 bytes in UTF-8.")
    description: str | None = Field(None, description="At most 256 bytes in UTF-8.")
    disabled: Annotated[bool | None, Carried(), AfterCreate()] = Field(
        None, description="A disabled account gets no token, and its tokens are rejected."
    )
    access: Access = Field(
        None, description="Roles on the account, e.g. roles/iam.workloadIdentityUser."
    )


def account_name(address: Address) -> ServiceAccountName:
    """The API name of an account's address."""
    return ServiceAccountName(address.path[0], account_email(address))


def _locate(identity: Identity) -> Address:
    return Address(NAME, (identity.project, identity.id))


def _body(resource: Resource, facts: Facts) -> Json:
    del facts
    return google_json(resource.spec)


def _check(resource: Resource) -> Iterable[Problem]:
    account_id = resource.address.id
    if not _ID.fullmatch(account_id):
        yield Problem(
            "bad-id",
            "metadata.id",
            f"{account_id!r} is no service account id",
            allowed="6 to 30 of a-z, 0-9 and -, a letter first, no hyphen last",
            fix="set `metadata.id`, which may differ from the name",
        )
    spec: ServiceAccountSpec = resource.spec
    yield from checks.bytes_at_most(spec.display_name, "spec.displayName", 100)
    yield from checks.bytes_at_most(spec.description, "spec.description", 256)


async def _read(api: Api, address: Address) -> Json:
    return await api.accounts.get(account_name(address))


async def _list(api: Api, address: Address) -> AsyncIterator[tuple[Address, Json]]:
    project = address.project
    async for page in api.accounts.list(project):
        for account in page:
            yield Address(NAME, (project, account["email"].partition("@")[0])), account


async def _create(api: Api, write: Write) -> Json:
    return await api.accounts.create(write.address.project, write.address.id, write.body)


async def _update(api: Api, write: Write) -> None:
    name = account_name(write.address)
    mask = tuple(path for path in write.mask if path != "disabled")
    if mask:
        await api.accounts.update(name, write.body, mask)
    if "disabled" in write.mask:
        await api.accounts.set_disabled(name, bool(write.body.get("disabled")))


async def _delete(api: Api, write: Write) -> None:
    await api.accounts.delete(account_name(write.address))


async def _undelete(api: Api, write: Write) -> Json:
    return await api.accounts.undelete(write.address.project, write.live["uniqueId"])


KIND = Kind(
    name=NAME,
    spec=ServiceAccountSpec,
    summary="A service account and who from outside may become it.",
    document="https://cloud.google.com/iam/docs/reference/rest/v1/projects.serviceAccounts",
    locate=_locate,
    check=_check,
    grants=access_grants,
    remote=Remote(
        body=_body,
        read=_read,
        list=_list,
        create=_create,
        update=_update,
        delete=_delete,
        undelete=_undelete,
    ),
    service="iam.googleapis.com",
    example="""\
apiVersion: wifctl/v1
kind: ServiceAccount
metadata: {name: deployer}
spec:
  access:
    - role: roles/iam.workloadIdentityUser
      members:
        - {pool: github, attribute: {name: repository_id, value: "20300177"}}
""",
)
