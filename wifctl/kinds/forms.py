"""The typed form of a member, as a manifest spells it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from wifctl.schema import Reference, Spec

VARIANTS = ("member", "pool", "serviceAccount", "serviceAgent", "user", "group", "domain")


class PoolAttribute(Spec):
    """One value of a mapped custom attribute."""

    name: str = Field(description="The attribute after `attribute.`, as the provider maps it.")
    value: str = Field(description="The value it must have; always a string.")


class MemberForm(Spec):
    """Who gets a role: exactly one of the variants; `pool` also takes one selector."""

    member: str | None = Field(None, description="Google's own member string.")
    pool: Annotated[str | None, Reference(("WorkloadIdentityPool",))] = Field(
        None, description="Identities of a workload identity pool."
    )
    subject: str | None = Field(None, description="One identity: its `google.subject`.")
    attribute: PoolAttribute | None = Field(
        None, description="All identities with one value of a mapped attribute."
    )
    all: bool | None = Field(None, description="`true`: every identity of the pool.")
    service_account: Annotated[str | None, Reference(("ServiceAccount",))] = Field(
        None, description="A service account, by reference or e-mail."
    )
    service_agent: str | None = Field(
        None, description="A Google-managed service agent, by its service, e.g. artifactregistry."
    )
    project: str | None = Field(
        None, description="The project of the service agent; default: the document's."
    )
    user: str | None = Field(None, description="A Google account's e-mail.")
    group: str | None = Field(
        None, description="With `pool`: a group of the pool. Without: a Google group's e-mail."
    )
    domain: str | None = Field(None, description="A Google Workspace domain.")


def _from_text(value: Any) -> Any:
    return {"member": value} if isinstance(value, str) else value


class _OrText:
    """In JSON Schema: the typed form, or Google's member string."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return {"anyOf": [{"type": "string"}, handler(schema)]}


Member = Annotated[MemberForm, BeforeValidator(_from_text), _OrText()]
"""A list item of `members:` or `principals:`."""
