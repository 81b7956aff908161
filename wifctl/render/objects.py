"""Live objects for reading: a table, YAML or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from wifctl.api import LivePolicy
from wifctl.plan.state import LiveState, Presence
from wifctl.render.escape import printable
from wifctl.resource import Address, policy_address

Selects = Callable[[Address], bool]
Row = dict[str, Any]


def object_rows(live: LiveState, selects: Selects | None) -> list[Row]:
    """One row an object or policy: `address`, `state`, `live`."""
    rows = [*_objects(live), *_policies(live)]
    return [row for address, row in rows if selects is None or selects(address)]


def objects_table(rows: Sequence[Row]) -> str:
    """Address, state, and the line that tells two objects apart."""
    if not rows:
        return "Nothing found."
    wide = max(len(row["address"]) for row in rows)
    most = max(len(row["state"]) for row in rows)
    return "\n".join(
        f"{row['address']:<{wide}}  {row['state']:<{most}}  {printable(_about(row))}".rstrip()
        for row in rows
    )


def objects_yaml(rows: Sequence[Row]) -> str:
    """One YAML document a row."""
    import yaml

    text = yaml.safe_dump_all(rows, sort_keys=False, allow_unicode=True, width=100)
    if all(printable(line) == line for line in text.split("\n")):
        return text
    return yaml.safe_dump_all(rows, sort_keys=False, width=100)


def _objects(live: LiveState) -> Iterator[tuple[Address, Row]]:
    for address in sorted(live.objects):
        found = live.objects[address]
        yield address, _row(address, found.presence.value, found.json)


def _policies(live: LiveState) -> Iterator[tuple[Address, Row]]:
    for target in sorted(live.policies):
        policy, address = live.policies[target], policy_address(target)
        presence = Presence.ABSENT if policy is None else Presence.PRESENT
        yield address, _row(address, presence.value, _bindings(policy))


def _row(address: Address, state: str, json: Any) -> Row:
    return {"address": str(address), "state": state, "live": json}


def _bindings(policy: LivePolicy | None) -> dict[str, Any]:
    found = []
    for binding in policy.bindings if policy else ():
        entry: dict[str, Any] = {"role": binding.role, "members": list(binding.members)}
        if condition := binding.condition:
            entry["condition"] = {
                "title": condition.title,
                "description": condition.description,
                "expression": condition.expression,
            }
        found.append(entry)
    return {"bindings": found} if found else {}


def _about(row: Row) -> str:
    live = row["live"]
    for name in ("displayName", "email", "description", "name"):
        if live.get(name):
            return str(live[name])
    bindings = live.get("bindings", ())
    members = sum(len(binding["members"]) for binding in bindings)
    return f"{members} members of {len(bindings)} roles" if bindings else ""
