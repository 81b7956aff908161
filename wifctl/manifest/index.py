"""All documents of a load, by name and by address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wifctl.kinds.base import Kind
from wifctl.manifest.documents import Document
from wifctl.manifest.walk import Mentions
from wifctl.resource import Address, Link, Projects


@dataclass(slots=True, eq=False)
class Node:
    """One document on its way to a resource."""

    document: Document
    kind: Kind
    spec: Any
    touched: frozenset[str]
    mentions: Mentions
    files: Mapping[str, str] = field(default_factory=dict)
    address: Address | None = None
    links: dict[str, Link] = field(default_factory=dict)

    @property
    def project(self) -> str:
        """The project the object belongs to; the document's own before it is located."""
        return self.address.project if self.address else self.document.project


@dataclass(slots=True)
class Index:
    """What references are looked up in."""

    projects: Projects
    nodes: list[Node] = field(default_factory=list)
    is_complete: bool = True
    """Whether nothing was unreadable, so that an unknown name is really unknown."""
    mapped: dict[Address, frozenset[str] | None] = field(default_factory=dict)
    """Pool → what its declared providers map; filled on demand."""
    _by_name: dict[tuple[str, str], list[Node]] = field(default_factory=dict)
    _by_address: dict[Address, Node] = field(default_factory=dict)

    def add(self, node: Node) -> None:
        """Make a document findable by its name."""
        self.nodes.append(node)
        name = node.document.name
        if name:
            self._by_name.setdefault((node.kind.name, name), []).append(node)

    def place(self, node: Node, address: Address) -> Node | None:
        """Give a node its address; the node that has it already, if any."""
        node.address = address
        first = self._by_address.setdefault(address, node)
        return None if first is node else first

    def named(self, kinds: Iterable[str], name: str) -> list[Node]:
        """All documents of some kinds with one name."""
        return [node for kind in kinds for node in self._by_name.get((kind, name), ())]

    def at(self, address: Address) -> Node | None:
        """The document that declares an object."""
        return self._by_address.get(address)

    def names(self, kinds: Iterable[str]) -> list[str]:
        """All names of documents of some kinds."""
        wanted = set(kinds)
        return [name for kind, name in self._by_name if kind in wanted]

    def kinds_of(self, name: str) -> list[str]:
        """The kinds that have a document of this name."""
        return [kind for kind, known in self._by_name if known == name]
