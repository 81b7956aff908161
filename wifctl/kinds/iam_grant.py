"""IamGrant: any role on any target wifctl knows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Annotated

from pydantic import Field

from wifctl.kinds import checks
from wifctl.kinds.access import ConditionSpec, condition_of
from wifctl.kinds.base import GrantEntry, Kind, Problem
from wifctl.kinds.forms import Member
from wifctl.kinds.grants import entries, locate_as
from wifctl.resource import Address, Resource
from wifctl.schema import Reference, Spec

NAME = "IamGrant"
PROJECT = "Project"
TARGETS = ("project", "serviceAccount", "secret", "repository", "pool")


class Target(Spec):
    """What the role is granted on: exactly one."""

    project: str | None = Field(None, description="A project, by id or number.")
    service_account: Annotated[str | None, Reference(("ServiceAccount",))] = Field(
        None, description="A service account."
    )
    secret: Annotated[str | None, Reference(("Secret",))] = Field(None, description="A secret.")
    repository: Annotated[str | None, Reference(("ArtifactRegistryRepository",))] = Field(
        None, description="An Artifact Registry repository."
    )
    pool: Annotated[str | None, Reference(("WorkloadIdentityPool",))] = Field(
        None, description="A workload identity pool."
    )


class IamGrantSpec(Spec):
    """Grants roles on one target."""

    on: Target = Field(description="What the role is granted on.")
    role: str | None = Field(None, min_length=1, description="One role; excludes `roles`.")
    roles: list[str] | None = Field(None, min_length=1, description="Several roles.")
    members: list[Member] = Field(description="Who gets the roles.")
    condition: ConditionSpec | None = Field(None, description="When the grant holds.")
    authoritative: bool = Field(
        False, description="`true`: whoever else has these roles here loses them."
    )


def _grants(resource: Resource) -> Iterable[GrantEntry]:
    spec: IamGrantSpec = resource.spec
    roles = spec.roles or (spec.role or "",)
    target = _target(resource)
    condition = condition_of(spec.condition)
    return entries(target, roles, "members", spec.members, condition, spec.authoritative)


def _target(resource: Resource) -> Address:
    on: Target = resource.spec.on
    if on.project is not None:
        return Address(PROJECT, (on.project,))
    return next(link.address for path, link in resource.links.items() if path.startswith("on."))


def _check(resource: Resource) -> Iterable[Problem]:
    spec: IamGrantSpec = resource.spec
    given = [name for name, value in spec.on if value is not None]
    if len(given) != 1:
        yield checks.one_of("spec.on", TARGETS)
    if (spec.role is None) == (spec.roles is None):
        yield checks.one_of("spec", ("role", "roles"))


KIND = Kind(
    name=NAME,
    spec=IamGrantSpec,
    summary="Roles on a project, service account, secret, repository or pool.",
    document="https://cloud.google.com/iam/docs/reference/rest/v1/Policy",
    locate=partial(locate_as, NAME),
    check=_check,
    grants=_grants,
    example="""\
apiVersion: wifctl/v1
kind: IamGrant
metadata: {name: deployer-deploys}
spec:
  on: {project: acme-ci}
  role: roles/run.developer
  members: [{serviceAccount: deployer}]
""",
)
