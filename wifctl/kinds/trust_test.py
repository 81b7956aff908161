"""TrustTest: tokens a provider must accept or refuse, kept beside the manifests."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import Field

from wifctl.kinds import checks
from wifctl.kinds.base import Kind, Problem
from wifctl.kinds.grants import locate_as
from wifctl.resource import Resource
from wifctl.schema import Reference, Spec

NAME = "TrustTest"


class Simulation(Spec):
    """Claims made from an issuer's grammar."""

    issuer: str = Field(description="A name of the issuer catalogue, e.g. github.")
    values: dict[str, Any] = Field(default_factory=dict, description="What the event is like.")


class Case(Spec):
    """One token and what must come of it."""

    name: str = Field(min_length=1, description="A sentence.")
    claims: dict[str, Any] | None = Field(
        None, description="The token's claims; with `iat` they are judged at that time."
    )
    simulate: Simulation | None = Field(None, description="Claims made by the issuer catalogue.")
    expect: Literal["allow", "deny"] = Field(
        description="Whether the provider lets it in; what it then reaches is another question."
    )
    rule: str | None = Field(None, description="With deny: the rule that must refuse it.")
    principal: str | None = Field(
        None, description="With allow: a principal it must be, in full or from `subject/` on."
    )
    service_accounts: Annotated[list[str] | None, Reference(("ServiceAccount",))] = Field(
        None, description="With allow: exactly the accounts it can become; `[]` for none."
    )


class TrustTestSpec(Spec):
    """Cases for one provider."""

    provider: Annotated[str, Reference(("WorkloadIdentityPoolProvider",))] = Field(
        description="The provider, by name or full resource name."
    )
    cases: list[Case] = Field(min_length=1, description="At least one.")


def _check(resource: Resource) -> Iterable[Problem]:
    seen: set[str] = set()
    for index, case in enumerate(resource.spec.cases):
        path = f"spec.cases[{index}]"
        if (case.claims is None) == (case.simulate is None):
            yield checks.one_of(path, ("claims", "simulate"))
        if case.expect == "deny" and (case.principal or case.service_accounts):
            yield Problem(
                "conflicting-fields",
                path,
                "a refused token becomes nobody",
                allowed="principal and serviceAccounts with `expect: allow`",
                fix="remove them",
            )
        if case.name in seen:
            yield Problem(
                "duplicate-value",
                f"{path}.name",
                f"a second case {case.name!r}",
                allowed="each name once",
                fix="rename one",
            )
        seen.add(case.name)


KIND = Kind(
    name=NAME,
    spec=TrustTestSpec,
    summary="Tokens a provider must accept or refuse; run by `wifctl test`, ignored by plan.",
    locate=partial(locate_as, NAME),
    check=_check,
    example="""\
apiVersion: wifctl/v1
kind: TrustTest
metadata: {name: only-main-deploys}
spec:
  provider: github-actions
  cases:
    - name: main may deploy
      simulate: {issuer: github, values: {repository_id: "20300177", ref: refs/heads/main}}
      expect: allow
""",
)
