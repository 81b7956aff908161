"""Objects that need each other, directly or in a ring: neither could be made first."""

from __future__ import annotations

from wifctl.graph import cycle
from wifctl.manifest import words
from wifctl.manifest.index import Index, Node
from wifctl.resource import Address


def check_cycles(index: Index) -> None:
    """Report every ring of references once, at the reference that closes it."""
    needs = {
        node.address: [goal for _, goal in _needs(index, node)]
        for node in index.nodes
        if node.address is not None and node.links
    }
    while ring := cycle(needs):
        first, second = ring[0], ring[1]
        node = index.at(first)
        if node is not None:
            _report(index, node, second, ring)
        needs[first] = [goal for goal in needs[first] if goal != second]


def _needs(index: Index, node: Node) -> list[tuple[str, Address]]:
    """What must exist before this object. Grants are lines of policies, written later."""
    return [
        (path, link.address)
        for path, link in node.links.items()
        if link.declared and not path.startswith("access[") and index.at(link.address)
    ]


def _report(index: Index, node: Node, goal: Address, ring: tuple[Address, ...]) -> None:
    path = next((p for p, address in _needs(index, node) if address == goal), "")
    names = []
    for address in ring:
        found = index.at(address)
        name = found.document.name if found else address.id
        place = found.document.report.places.position if found else ""
        names.append(f"{name} ({place})")
    node.document.report.value(
        "cycle",
        f"spec.{path}",
        "these need each other: " + " → ".join(names),
        allowed="references without a way back",
        fix=f"remove one of them, e.g. the one to {words.quoted(goal.id)}",
    )
