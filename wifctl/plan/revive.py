"""Undeleting a pool revives more than the pool: said in notes, and shut while it is repaired.

Where a provider of the pool differs, old tokens and the old condition would let identities in
again before the provider is repaired. So the pool is disabled right after its undelete and enabled
last. The description carries a mark meanwhile: an interrupted run is recognised and finished,
although a manifest that does not mention `disabled` leaves it alone otherwise.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from wifctl.plan.desire import Desired
from wifctl.plan.model import Action, Change, Reason, Step
from wifctl.plan.policies import regrouped
from wifctl.plan.state import LiveState, Presence
from wifctl.principals import parse_pool_principal
from wifctl.resource import Address

POOL = "WorkloadIdentityPool"
PROVIDER = "WorkloadIdentityPoolProvider"
_SHUT_FOR = (Action.CREATE, Action.DELETE)
MARK = "wifctl: disabled until its providers are repaired"
ENABLE = "enable"


def revive(
    steps: Iterable[Step], pools: Mapping[Address, Desired], live: LiveState
) -> tuple[Step, ...]:
    """The same steps, with pools that come back shut until their providers are repaired."""
    given = tuple(steps)
    repaired = _repaired_providers(given)
    found: list[Step] = []
    for step in given:
        if step.address.kind != POOL or step.part or step.address not in pools:
            found.append(step)
        elif step.action is Action.UNDELETE:
            found.extend(_undeleted(step, pools[step.address], repaired, live))
        else:
            found.append(step)
    return tuple(_marked(found, pools, live, repaired))


def _repaired_providers(steps: tuple[Step, ...]) -> dict[Address, tuple[str, ...]]:
    """Pool → keys of the steps on its providers that change what gets in."""
    found: dict[Address, list[str]] = {}
    for step in steps:
        if step.address.kind == PROVIDER and (step.changes or step.action in _SHUT_FOR):
            pool = Address(POOL, step.address.path[:2])
            found.setdefault(pool, []).append(step.key)
    return {pool: tuple(keys) for pool, keys in found.items()}


def _undeleted(
    step: Step, pool: Desired, repaired: Mapping[Address, tuple[str, ...]], live: LiveState
) -> Iterable[Step]:
    noted = dataclasses.replace(step, notes=(*step.notes, *_back_to_life(step.address, live)))
    keys = repaired.get(step.address, ())
    if not keys or pool.fields.get("disabled"):
        yield noted
        return
    found = live.object(step.address).json
    shut = (
        *(c for c in step.changes if c.path not in ("disabled", "description")),
        Change("description", found.get("description"), MARK),
        Change("disabled", found.get("disabled"), True),
    )
    fields = {**step.fields, "description": MARK, "disabled": True}
    yield dataclasses.replace(noted, changes=shut, fields=fields)
    wanted = bool(step.fields.get("disabled"))
    yield _enable(step.address, pool, keys, wanted, step.origin)


def _enable(
    address: Address, pool: Desired, keys: tuple[str, ...], disabled: bool, origin: str
) -> Step:
    changes = [Change("description", MARK, pool.fields.get("description"))]
    fields = {path: value for path, value in pool.raw.items() if path != "disabled"}
    if disabled:
        fields["disabled"] = True
    else:
        changes.append(Change("disabled", True, None, gains_access=True))
    return Step(
        address,
        Action.UPDATE,
        Reason.READY,
        tuple(changes),
        fields=fields,
        needs=(*keys, str(address)),
        origin=origin,
        part=ENABLE,
    )


def _marked(
    steps: list[Step],
    pools: Mapping[Address, Desired],
    live: LiveState,
    repaired: Mapping[Address, tuple[str, ...]],
) -> Iterable[Step]:
    """Pools a run that was interrupted left shut: opened once their providers are right."""
    marked = {
        address
        for address in pools
        if live.object(address).presence is Presence.PRESENT
        and live.object(address).json.get("description") == MARK
    }
    for step in steps:
        if step.address not in marked or step.part:
            yield step
    for address in sorted(marked):
        pool = pools[address]
        disabled = bool(pool.fields.get("disabled"))
        origin = str(pool.resource.position or "")
        keys = repaired.get(address, ())
        yield dataclasses.replace(_enable(address, pool, keys, disabled, origin), needs=keys)


def _back_to_life(pool: Address, live: LiveState) -> Iterable[str]:
    for address, provider in sorted(live.siblings.get(pool, {}).items()):
        if provider.presence is Presence.PRESENT:
            condition = provider.json.get("attributeCondition") or "none"
            yield f"provider {address.id} comes back with it; its condition: {condition}"
    for target, policy in sorted(live.policies.items()):
        for (role, _), members in regrouped(policy).items():
            for member in sorted(members):
                principal = parse_pool_principal(member)
                if principal and _same_pool(pool, principal.project, principal.pool, live):
                    yield f"{member} has {role} on {target} again"


def _same_pool(pool: Address, project: str, pool_id: str, live: LiveState) -> bool:
    return pool_id == pool.id and live.projects.canonical(project) == pool.project
