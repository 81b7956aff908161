"""Whether somebody who holds a token can ever have what a principal asks for."""

from __future__ import annotations

from wifctl.manifest import words
from wifctl.manifest.index import Index, Node
from wifctl.manifest.report import Report
from wifctl.principals import Selector
from wifctl.resource import Address

PROVIDER = "WorkloadIdentityPoolProvider"
_AWS_DEFAULT = frozenset({"google.subject", "attribute.aws_role"})
"""What an AWS provider maps when it has no mapping (discovery document of iam v1)."""


def check_mapped(
    index: Index, report: Report, path: str, pool: Address, selector: Selector, name: str
) -> None:
    """Report an attribute or group that no declared provider of the pool maps.

    A pool without declared providers is not judged: its providers live elsewhere.
    """
    key = f"attribute.{name}" if selector is Selector.ATTRIBUTE else "google.groups"
    if selector in (Selector.SUBJECT, Selector.ALL):
        return
    mapped = mapped_keys(index, pool)
    if mapped is None or key in mapped:
        return
    near = words.nearest(key, mapped)
    report.value(
        "unmapped-attribute",
        path,
        f"no provider of pool {words.quoted(pool.id)} maps {key}, so this names nobody",
        allowed=words.listed(sorted(mapped)),
        fix=f"did you mean {near}?" if near else f"add `{key}` to an attributeMapping",
    )


def mapped_keys(index: Index, pool: Address) -> frozenset[str] | None:
    """Everything the declared providers of a pool map; None when that cannot be told."""
    if pool not in index.mapped:
        index.mapped[pool] = _keys(index, pool)
    return index.mapped[pool]


def _keys(index: Index, pool: Address) -> frozenset[str] | None:
    found: set[str] = set()
    providers = [node for node in index.nodes if _is_of(node, pool)]
    for node in providers:
        mapping = node.spec.attribute_mapping if node.spec is not None else None
        if mapping:
            found.update(mapping)
        elif node.spec is None or "spec.attributeMapping" in node.touched:
            return None
        elif node.spec.aws is not None:
            found |= _AWS_DEFAULT
    return frozenset(found) if providers and index.is_complete else None


def _is_of(node: Node, pool: Address) -> bool:
    if node.kind.name != PROVIDER or node.document.is_absent:
        return False
    link = node.links.get("pool")
    return link is not None and link.address == pool
