"""Deleted service accounts: Google does not show them, but policies remember their unique id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wifctl.api import LivePolicy
from wifctl.kinds.members import account_email
from wifctl.plan.state import LiveObject, Presence
from wifctl.principals import parse_member
from wifctl.resource import Address, Resource, State

NAME = "ServiceAccount"


def with_deleted_accounts(
    resources: Sequence[Resource],
    objects: Mapping[Address, LiveObject],
    policies: Mapping[Address, LivePolicy | None],
) -> dict[Address, LiveObject]:
    """The objects, with accounts that can be undeleted told from those that never were."""
    found = dict(objects)
    remembered = dict(_remembered(policies.values()))
    for resource in resources:
        address = resource.address
        if address.kind != NAME or resource.lifecycle.state is State.ABSENT:
            continue
        unique_id = resource.unique_id or remembered.get(account_email(address), "")
        if unique_id and found[address].presence is Presence.ABSENT:
            found[address] = LiveObject(Presence.SOFT_DELETED, {"uniqueId": unique_id})
    return found


def _remembered(policies: Iterable[LivePolicy | None]) -> Iterable[tuple[str, str]]:
    """(e-mail, unique id) of every `deleted:` account in the policies that were read."""
    for policy in policies:
        for binding in policy.bindings if policy else ():
            for text in binding.members:
                member = parse_member(text)
                if member and member.deleted and member.type == "serviceAccount":
                    yield member.value, member.unique_id
