"""What goes: documents that say `absent`, and what an authoritative pool no longer names."""

from __future__ import annotations

from collections.abc import Iterable

from wifctl.diagnostics import Diagnostic
from wifctl.plan.desire import DesiredState
from wifctl.plan.model import Action, Change, Reason, Step
from wifctl.plan.state import LiveState, Presence
from wifctl.resource import PROJECT_SERVICES, Address, OnDeleted, Resource


def removals(
    desired: DesiredState, live: LiveState, reason: Reason
) -> tuple[tuple[Step, ...], tuple[Diagnostic, ...]]:
    """Deletions, each with its reason, and those that `preventDestroy` forbids."""
    steps: list[Step] = []
    problems: list[Diagnostic] = []
    for resource in desired.absent:
        step = _removal(resource, live, reason)
        if step is None:
            continue
        if resource.lifecycle.prevent_destroy:
            problems.append(_prevented(resource))
        else:
            steps.append(step)
    steps.extend(_strangers(desired, live))
    return tuple(steps), tuple(problems)


def _removal(resource: Resource, live: LiveState, reason: Reason) -> Step | None:
    found = live.object(resource.address)
    if found.presence is not Presence.PRESENT:
        return None
    origin = str(resource.position or "")
    if resource.address.kind == PROJECT_SERVICES:
        return _disable(resource, frozenset(found.json["services"]), origin)
    return Step(resource.address, Action.DELETE, reason, notes=_purge(resource), origin=origin)


def _purge(resource: Resource) -> tuple[str, ...]:
    if resource.address.kind.startswith("WorkloadIdentityPool"):
        return ("its id stays taken for 30 days; until then it can be undeleted",)
    if resource.address.kind == "ServiceAccount":
        return (
            "an account of the same e-mail made later is another one; old grants do not follow",
        )
    if resource.address.kind == "Secret":
        return ("all its versions go with it; Secret Manager has no undelete",)
    return ()


def _disable(resource: Resource, enabled: frozenset[str], origin: str) -> Step | None:
    services = [service for service in resource.spec.services if service in enabled]
    if not services:
        return None
    changes = tuple(Change(service, "enabled", "disabled") for service in services)
    return Step(
        resource.address,
        Action.DISABLE,
        Reason.SERVICE_ON,
        changes,
        fields={"services": services},
        origin=origin,
    )


def _prevented(resource: Resource) -> Diagnostic:
    return Diagnostic(
        "prevent-destroy",
        "the document is absent and says `preventDestroy`",
        position=resource.position,
        path="lifecycle.preventDestroy",
        fix="remove `preventDestroy` in a change of its own, or keep the object",
        address=str(resource.address),
    )


def _strangers(desired: DesiredState, live: LiveState) -> Iterable[Step]:
    """Providers of an authoritative pool that no document names."""
    named = {found.address for found in desired.objects} | {r.address for r in desired.absent}
    for pool in desired.objects:
        if not getattr(pool.resource.spec, "authoritative_providers", False):
            continue
        if pool.resource.lifecycle.on_deleted is OnDeleted.FAIL and _is_deleted(pool.address, live):
            continue
        for address, provider in sorted(_live_providers(pool.address, live)):
            if address not in named and provider is Presence.PRESENT:
                origin = str(pool.resource.position_of("spec.authoritativeProviders") or "")
                yield Step(address, Action.DELETE, Reason.NOT_NAMED, origin=origin)


def _is_deleted(pool: Address, live: LiveState) -> bool:
    return live.object(pool).presence is Presence.SOFT_DELETED


def _live_providers(pool: Address, live: LiveState) -> Iterable[tuple[Address, Presence]]:
    if live.object(pool).presence in (Presence.PRESENT, Presence.SOFT_DELETED):
        for address, provider in live.siblings.get(pool, {}).items():
            yield address, provider.presence
