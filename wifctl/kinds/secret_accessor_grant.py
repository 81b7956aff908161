"""SecretAccessorGrant: who may read the payloads of a secret."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Annotated

from pydantic import Field

from wifctl.kinds.access import ConditionSpec, condition_of
from wifctl.kinds.base import GrantEntry, Kind
from wifctl.kinds.forms import Member
from wifctl.kinds.grants import entries, locate_as
from wifctl.resource import Resource
from wifctl.schema import Reference, Spec

NAME = "SecretAccessorGrant"
ROLE = "roles/secretmanager.secretAccessor"


class GrantSpec(Spec):
    """Grants roles/secretmanager.secretAccessor on one secret."""

    secret: Annotated[str, Reference(("Secret",))] = Field(
        description="The secret, by name or full resource name."
    )
    members: list[Member] = Field(description="Who may read its payloads.")
    condition: ConditionSpec | None = Field(None, description="When the grant holds.")
    authoritative: bool = Field(
        False, description="`true`: whoever else may read the secret loses that."
    )


def _grants(resource: Resource) -> Iterable[GrantEntry]:
    spec: GrantSpec = resource.spec
    target = resource.links["secret"].address
    condition = condition_of(spec.condition)
    return entries(target, (ROLE,), "members", spec.members, condition, spec.authoritative)


KIND = Kind(
    name=NAME,
    spec=GrantSpec,
    summary="Who may read a secret, the Artifact Registry service agent of a project included.",
    document="https://cloud.google.com/secret-manager/docs/access-control",
    locate=partial(locate_as, NAME),
    grants=_grants,
    service="secretmanager.googleapis.com",
    example="""\
apiVersion: wifctl/v1
kind: SecretAccessorGrant
metadata: {name: registry-reads-pypi-token}
spec:
  secret: pypi-token
  members: [{serviceAgent: artifactregistry, project: acme-ci}]
""",
)
