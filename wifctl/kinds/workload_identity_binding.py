"""WorkloadIdentityBinding: who from outside may become a service account."""

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

NAME = "WorkloadIdentityBinding"
ROLE = "roles/iam.workloadIdentityUser"


class BindingSpec(Spec):
    """Grants roles/iam.workloadIdentityUser on one service account."""

    service_account: Annotated[str, Reference(("ServiceAccount",))] = Field(
        description="The account, by name, e-mail or full resource name."
    )
    principals: list[Member] = Field(description="Who may become the account.")
    condition: ConditionSpec | None = Field(None, description="When the grant holds.")
    authoritative: bool = Field(
        False, description="`true`: whoever else may become the account loses that."
    )


def _grants(resource: Resource) -> Iterable[GrantEntry]:
    spec: BindingSpec = resource.spec
    target = resource.links["serviceAccount"].address
    condition = condition_of(spec.condition)
    return entries(target, (ROLE,), "principals", spec.principals, condition, spec.authoritative)


KIND = Kind(
    name=NAME,
    spec=BindingSpec,
    summary="Who from outside may become a service account that another document declares.",
    document="https://cloud.google.com/iam/docs/workload-identity-federation",
    locate=partial(locate_as, NAME),
    grants=_grants,
    service="iam.googleapis.com",
    example="""\
apiVersion: wifctl/v1
kind: WorkloadIdentityBinding
metadata: {name: main-branch-deploys}
spec:
  serviceAccount: deployer
  principals:
    - {pool: github, attribute: {name: repository_id, value: "20300177"}}
""",
)
