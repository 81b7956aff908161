"""What the three grant kinds share: a grant has no object of its own, only lines in a policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from wifctl.kinds.base import GrantEntry, Identity
from wifctl.kinds.forms import MemberForm
from wifctl.resource import Address, Condition


def locate_as(kind: str, identity: Identity) -> Address:
    """The address a grant document is known by; it names no object of Google's."""
    return Address(kind, (identity.project, identity.id))


def entries(
    target: Address,
    roles: Iterable[str],
    field: str,
    members: Sequence[MemberForm],
    condition: Condition | None,
    authoritative: bool,
) -> Iterable[GrantEntry]:
    """One entry a role, for the members that stand in one field."""
    forms = tuple((f"{field}[{index}]", form) for index, form in enumerate(members))
    for role in roles:
        yield GrantEntry(target, role, forms, field, condition, authoritative)
