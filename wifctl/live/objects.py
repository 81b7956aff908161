"""Reading objects: a list where it saves calls, a get where it does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wifctl.api import Api, ApiError, Json, Status
from wifctl.kinds.registry import kind as kind_of
from wifctl.plan.state import ABSENT, UNREAD, LiveObject, Presence
from wifctl.resource import Address


@dataclass(frozen=True, slots=True)
class Collection:
    """Objects of one kind under one parent."""

    addresses: tuple[Address, ...]
    whole: bool = False
    """Wanted with everything that is in it."""

    @property
    def first(self) -> Address:
        """Any address of the collection."""
        return self.addresses[0]


Found = dict[Address, LiveObject]


def collections(addresses: Iterable[Address]) -> tuple[Collection, ...]:
    """Addresses grouped by what one list call returns."""
    groups: dict[tuple[str, tuple[str, ...]], list[Address]] = {}
    for address in addresses:
        groups.setdefault((address.kind, address.path[:-1]), []).append(address)
    return tuple(Collection(tuple(group)) for group in groups.values())


async def read_collection(api: Api, wanted: Collection, off: frozenset[str]) -> Found:
    """The wanted objects of one collection. `off`: services this plan enables in the project.

    A list runs over everything in the parent, so it stops as soon as all are found.
    """
    remote = kind_of(wanted.first.kind).remote
    assert remote is not None
    try:
        if remote.list is None or (len(wanted.addresses) == 1 and not wanted.whole):
            return {a: await read_object(api, a, off) for a in wanted.addresses}
        return await _listed(api, wanted)
    except ApiError as error:
        if unread(error, wanted.first, off):
            return dict.fromkeys(wanted.addresses, UNREAD)
        if error.status is Status.NOT_FOUND:
            return dict.fromkeys(wanted.addresses, ABSENT)
        raise


async def _listed(api: Api, wanted: Collection) -> Found:
    remote = kind_of(wanted.first.kind).remote
    assert remote is not None
    assert remote.list is not None
    missing = set(wanted.addresses)
    found: Found = {}
    async for address, json in remote.list(api, wanted.first):
        if address in missing or wanted.whole:
            found[address] = live_object(json)
            missing.discard(address)
        if not missing and not wanted.whole:
            break
    return {**dict.fromkeys(missing, ABSENT), **found}


async def read_object(api: Api, address: Address, off: frozenset[str]) -> LiveObject:
    """One object; what Google does not know is absent, what is switched off is unread."""
    remote = kind_of(address.kind).remote
    assert remote is not None
    try:
        return live_object(await remote.read(api, address))
    except ApiError as error:
        if error.status is Status.NOT_FOUND:
            return ABSENT
        if unread(error, address, off):
            return UNREAD
        raise


def live_object(json: Json) -> LiveObject:
    """An answer with its presence: `state: DELETED` means soft-deleted."""
    deleted = json.get("state") == "DELETED"
    return LiveObject(Presence.SOFT_DELETED if deleted else Presence.PRESENT, json)


def unread(error: ApiError, address: Address, off: frozenset[str]) -> bool:
    """Whether a read was refused only because of a service that this plan enables."""
    service = kind_of(address.kind).service if "/" not in address.kind else ""
    return error.is_service_disabled and (
        error.metadata.get("service", service) in off or service in off
    )


def numbers(found: Iterable[tuple[Address, LiveObject]]) -> Iterable[tuple[str, str]]:
    """(project id, number) pairs that live names give away."""
    for address, live in found:
        parts = str(live.json.get("name", "")).split("/")
        numbered = len(parts) > 1 and parts[0] == "projects" and parts[1].isdigit()
        if numbered and not address.project.isdigit():
            yield address.project, parts[1]


def addresses_of(pools: Sequence[Address], known: Iterable[Address]) -> tuple[Collection, ...]:
    """One whole provider collection a pool, with the providers known there."""
    kind = "WorkloadIdentityPoolProvider"
    by_pool: dict[tuple[str, ...], list[Address]] = {pool.path: [] for pool in pools}
    for address in known:
        if address.kind == kind and address.path[:-1] in by_pool:
            by_pool[address.path[:-1]].append(address)
    return tuple(
        Collection(tuple(found) or (Address(kind, (*path, "")),), whole=True)
        for path, found in by_pool.items()
    )
