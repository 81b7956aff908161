"""WorkloadIdentityPoolProvider: iam v1 `…workloadIdentityPools.providers`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from wifctl.kinds.base import Facts, Identity, Kind, Remote, Write
from wifctl.kinds.body import google_json
from wifctl.kinds.pool import TrustStore
from wifctl.kinds.provider_checks import TYPES, check
from wifctl.names import PoolName, ProviderName
from wifctl.resource import Address, Resource
from wifctl.schema import (
    Carried,
    Compared,
    FieldRule,
    FromFile,
    Ours,
    Reference,
    Shape,
    Spec,
)

if TYPE_CHECKING:
    from wifctl.api import Api, Json

NAME = "WorkloadIdentityPoolProvider"


class Oidc(Spec):
    """An OpenID Connect issuer: GitHub, GitLab, Azure, AD FS, Kubernetes, any other."""

    issuer_uri: str = Field(description="https; compared with `iss` literally, slash included.")
    allowed_audiences: list[Annotated[str, Field(max_length=256)]] | None = Field(
        None,
        max_length=10,
        description="At most 10; empty means the provider's own URL, the safest choice.",
    )
    jwks_json: Annotated[str | None, Compared(Shape.JSON_TEXT), FromFile()] = Field(
        None, description="Uploaded keys (at most 8, RSA or EC) of an issuer Google cannot reach."
    )
    discovery_uri: str | None = Field(
        None, max_length=2000, description="Where the discovery document is, on the issuer's host."
    )


class Aws(Spec):
    """An AWS account."""

    account_id: str = Field(pattern=r"^[0-9]{12}$", description="12 digits; quote them.")


class Saml(Spec):
    """A SAML 2.0 identity provider."""

    idp_metadata_xml: Annotated[str, Compared(Shape.XML_TEXT), FromFile()] = Field(
        max_length=131072, description="The metadata document, at most 128K characters."
    )


class X509(Spec):
    """Certificates of a private CA."""

    trust_store: Annotated[TrustStore, Compared(Shape.JSON)] = Field(
        description="Whose certificates are accepted."
    )


class ProviderSpec(Spec):
    """Who vouches for the identities of a pool, and which of them are let in."""

    pool: Annotated[str, Ours(), Reference(("WorkloadIdentityPool",))] = Field(
        description="The pool, by name or full resource name."
    )
    display_name: str | None = Field(None, max_length=32, description="At most 32 characters.")
    description: str | None = Field(None, max_length=256, description="At most 256 characters.")
    disabled: Annotated[bool | None, Carried()] = Field(
        None, description="A disabled provider exchanges no token; tokens it gave stay valid."
    )
    attribute_mapping: Annotated[dict[str, str] | None, Compared(Shape.MAP)] = Field(
        None,
        description="google.subject, google.groups, attribute.NAME → CEL over `assertion`.",
    )
    attribute_condition: Annotated[str | None, Compared(Shape.CEL_TEXT)] = Field(
        None, max_length=4096, description="CEL over assertion, google, attribute; must be true."
    )
    actor_providers: Annotated[list[str] | None, Compared(Shape.SET)] = Field(
        None, max_length=3, description="Providers of the same pool that may issue actor tokens."
    )
    oidc: Oidc | None = Field(None, description="OpenID Connect.")
    aws: Aws | None = Field(None, description="Amazon Web Services.")
    saml: Saml | None = Field(None, description="SAML 2.0.")
    x509: X509 | None = Field(None, description="X.509 certificates.")


def provider_name(address: Address) -> ProviderName:
    """The API name of a provider's address."""
    return ProviderName(*address.path)


def _locate(identity: Identity) -> Address:
    pool = identity.parent
    path = (*pool.path, identity.id) if pool else (identity.project, "", identity.id)
    return Address(NAME, path)


def _body(resource: Resource, facts: Facts) -> Json:
    del facts
    return google_json(resource.spec)


def _compared(json: Json) -> Json:
    """The type as a field of its own; AWS's default mapping counts as none."""
    found: dict[str, Any] = {**json, "type": next((t for t in TYPES if t in json), "")}
    if "aws" in json and json.get("attributeMapping") == _aws_default_mapping():
        del found["attributeMapping"]
    return found


def _aws_default_mapping() -> Any:
    from wifctl.trust.mapping import AWS_DEFAULT_MAPPING  # the engine, which validate spares

    return AWS_DEFAULT_MAPPING


async def _read(api: Api, address: Address) -> Json:
    return await api.providers.get(provider_name(address))


async def _list(api: Api, address: Address) -> AsyncIterator[tuple[Address, Json]]:
    project, pool, _ = address.path
    async for page in api.providers.list(PoolName(project, pool)):
        for provider in page:
            yield Address(NAME, (project, pool, provider["name"].rsplit("/", 1)[-1])), provider


async def _create(api: Api, write: Write) -> None:
    await api.providers.create(provider_name(write.address), write.body)


async def _update(api: Api, write: Write) -> None:
    await api.providers.update(provider_name(write.address), write.body, write.mask)


async def _delete(api: Api, write: Write) -> None:
    await api.providers.delete(provider_name(write.address))


async def _undelete(api: Api, write: Write) -> None:
    await api.providers.undelete(provider_name(write.address))


KIND = Kind(
    name=NAME,
    spec=ProviderSpec,
    summary="An identity provider of a pool, its attribute mapping and its condition.",
    document="https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools.providers",
    locate=_locate,
    check=check,
    parent="pool",
    remote=Remote(
        body=_body,
        read=_read,
        list=_list,
        create=_create,
        update=_update,
        delete=_delete,
        undelete=_undelete,
        compared=_compared,
        virtual=(
            FieldRule(
                "type",
                immutable="declare a provider with a new id and remove this one; the id of a "
                "deleted provider stays taken for 30 days",
                virtual=True,
            ),
        ),
    ),
    service="iam.googleapis.com",
    example="""\
apiVersion: wifctl/v1
kind: WorkloadIdentityPoolProvider
metadata: {name: github-actions}
spec:
  pool: github
  oidc: {issuerUri: https://token.actions.githubusercontent.com}
  attributeMapping:
    google.subject: assertion.sub
    attribute.repository_id: assertion.repository_id
  attributeCondition: assertion.repository_owner_id == '1342004'
""",
)
