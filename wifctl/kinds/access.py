"""`access:` on kinds that have an IAM policy: the grants written where reviewers look for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from wifctl.kinds.base import GrantEntry
from wifctl.kinds.forms import Member
from wifctl.resource import Condition, Resource
from wifctl.schema import Ours, Spec


class ConditionSpec(Spec):
    """An IAM condition; title and description are part of the binding's identity."""

    expression: str = Field(
        description="CEL over `request` and `resource`; at most 12 logical operators.",
        min_length=1,
    )
    title: str = Field("", description="A short title; IAM demands one.")
    description: str = Field("", description="A longer explanation.")


class AccessEntry(Spec):
    """One role on this object, and who gets it."""

    role: str = Field(description="`roles/…`, or a custom role's full name.", min_length=1)
    members: list[Member] = Field(description="Who gets the role.")
    condition: ConditionSpec | None = Field(None, description="When the grant holds.")
    authoritative: bool = Field(
        False, description="`true`: members of this role that no manifest names are removed."
    )


Access = Annotated[list[AccessEntry] | None, Ours()]
"""The type of an `access:` field."""


def condition_of(spec: ConditionSpec | None) -> Condition | None:
    """The condition as part of a binding's key."""
    return Condition(spec.expression, spec.title, spec.description) if spec else None


def access_grants(resource: Resource) -> Iterable[GrantEntry]:
    """The grants a document's `access:` asks for on the object it declares."""
    for index, entry in enumerate(resource.spec.access or ()):
        path = f"access[{index}]"
        yield GrantEntry(
            resource.address,
            entry.role,
            tuple((f"{path}.members[{i}]", form) for i, form in enumerate(entry.members)),
            path,
            condition_of(entry.condition),
            entry.authoritative,
        )
