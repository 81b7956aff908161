"""WorkloadIdentityPool: iam v1 `projects.locations.workloadIdentityPools`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wifctl.kinds import checks
from wifctl.kinds.access import Access, access_grants
from wifctl.kinds.base import Facts, Identity, Kind, Problem, Remote, Write
from wifctl.kinds.body import google_json
from wifctl.names import PoolName
from wifctl.resource import Address, Resource
from wifctl.schema import (
    Carried,
    Compared,
    FromFile,
    Immutable,
    Ours,
    ServerDefault,
    Shape,
    Spec,
)

if TYPE_CHECKING:
    from wifctl.api import Api, Json

NAME = "WorkloadIdentityPool"


class TrustAnchor(Spec):
    """One CA certificate."""

    pem_certificate: Annotated[str, FromFile()] = Field(
        description="Exactly one CA certificate in PEM."
    )


class TrustStore(Spec):
    """Trust anchors, and the intermediates that help to build a chain to them."""

    trust_anchors: list[TrustAnchor] = Field(description="CA certificates that are trusted.")
    intermediate_cas: list[TrustAnchor] | None = Field(
        None, description="Intermediate CAs; for X.509 federation only."
    )


class BundleTrustStore(TrustStore):
    """The trust store of another trust domain."""

    trust_default_shared_ca: bool | None = Field(
        None, description="Trust the Google-provisioned shared CA too."
    )


class CertificateIssuance(Spec):
    """How workload certificates of a trust domain are issued."""

    ca_pools: Annotated[dict[str, str] | None, Compared(Shape.MAP)] = Field(
        None, description="Region → CA pool; excludes useDefaultSharedCa."
    )
    use_default_shared_ca: bool | None = Field(
        None, description="Use the CA Google provisions; excludes caPools."
    )
    key_algorithm: Annotated[
        Literal["RSA_2048", "RSA_3072", "RSA_4096", "ECDSA_P256", "ECDSA_P384"] | None,
        ServerDefault("ECDSA_P256"),
    ] = Field(None, description="Key algorithm of the certificates.")
    lifetime: Annotated[str | None, Compared(Shape.DURATION), ServerDefault("86400s")] = Field(
        None, description="24 h to 30 days, in seconds: `86400s`."
    )
    rotation_window_percentage: Annotated[int | None, ServerDefault(50)] = Field(
        None, ge=50, le=80, description="Remaining lifetime, in percent, that starts a rotation."
    )


class InlineTrust(Spec):
    """Other trust domains this pool trusts."""

    additional_trust_bundles: Annotated[
        dict[str, BundleTrustStore] | None, Compared(Shape.JSON)
    ] = Field(None, description="Trust domain → its trust store; at most 10.", max_length=10)


class PoolSpec(Spec):
    """A pool: the namespace outside identities live in."""

    display_name: str | None = Field(None, max_length=32, description="At most 32 characters.")
    description: str | None = Field(None, max_length=256, description="At most 256 characters.")
    disabled: Annotated[bool | None, Carried()] = Field(
        None, description="A disabled pool exchanges no token and its tokens stop working."
    )
    mode: Annotated[
        Literal["FEDERATION_ONLY", "TRUST_DOMAIN", "SYSTEM_TRUST_DOMAIN"] | None,
        ServerDefault("FEDERATION_ONLY"),
        Immutable("declare a pool with a new id, move the bindings to it, then remove this one"),
    ] = Field(None, description="What the pool is for; cannot change.")
    inline_certificate_issuance_config: CertificateIssuance | None = Field(
        None, description="Certificates of a TRUST_DOMAIN pool."
    )
    inline_trust_config: InlineTrust | None = Field(
        None, description="Other trust domains a TRUST_DOMAIN pool trusts."
    )
    authoritative_providers: Annotated[bool, Ours()] = Field(
        False, description="`true`: providers of this pool that no manifest names are deleted."
    )
    access: Access = Field(None, description="Roles on the pool itself.")


def pool_name(address: Address) -> PoolName:
    """The API name of a pool's address."""
    return PoolName(*address.path)


def _locate(identity: Identity) -> Address:
    return Address(NAME, (identity.project, identity.id))


def _body(resource: Resource, facts: Facts) -> Json:
    del facts
    return google_json(resource.spec)


def _check(resource: Resource) -> Iterable[Problem]:
    spec: PoolSpec = resource.spec
    yield from checks.pool_id(resource.address.id, "metadata.id", "pool")
    yield from _certificate_problems(spec.inline_certificate_issuance_config)
    if spec.mode in (None, "FEDERATION_ONLY"):
        for field in ("inline_certificate_issuance_config", "inline_trust_config"):
            if getattr(spec, field) is not None:
                path = f"spec.{PoolSpec.model_fields[field].alias}"
                yield Problem(
                    "conflicting-fields",
                    path,
                    "only a pool of mode TRUST_DOMAIN has this block",
                    fix="set `mode: TRUST_DOMAIN`, or remove the block",
                )


def _certificate_problems(config: CertificateIssuance | None) -> Iterable[Problem]:
    path = "spec.inlineCertificateIssuanceConfig"
    if config is None:
        return
    if (config.ca_pools is None) == (not config.use_default_shared_ca):
        yield checks.one_of(path, ("caPools", "useDefaultSharedCa"))
    if config.lifetime is not None:
        yield from checks.duration(config.lifetime, f"{path}.lifetime", 86400, 30 * 86400)


async def _read(api: Api, address: Address) -> Json:
    return await api.pools.get(pool_name(address))


async def _list(api: Api, address: Address) -> AsyncIterator[tuple[Address, Json]]:
    project = address.project
    async for page in api.pools.list(project):
        for pool in page:
            yield Address(NAME, (project, pool["name"].rsplit("/", 1)[-1])), pool


async def _create(api: Api, write: Write) -> None:
    await api.pools.create(pool_name(write.address), write.body)


async def _update(api: Api, write: Write) -> None:
    await api.pools.update(pool_name(write.address), write.body, write.mask)


async def _delete(api: Api, write: Write) -> None:
    await api.pools.delete(pool_name(write.address))


async def _undelete(api: Api, write: Write) -> None:
    await api.pools.undelete(pool_name(write.address))


KIND = Kind(
    name=NAME,
    spec=PoolSpec,
    summary="A namespace for identities from outside Google Cloud.",
    document="https://cloud.google.com/iam/docs/reference/rest/v1/projects.locations.workloadIdentityPools",
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
kind: WorkloadIdentityPool
metadata: {name: github}
spec:
  displayName: GitHub Actions
""",
)
