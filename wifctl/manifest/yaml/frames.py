"""The builder's small state: collections that are still open, and what anchors stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MERGE = "\0merge"
"""Stands for a plain `<<` key; no text of a manifest can hold a NUL."""
NO_KEY = "\0none"
"""Stands for a key that was refused: its value is dropped."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """What an anchor stands for, and how many nodes that is."""

    value: Any
    nodes: int


class Frame:
    """A collection that is still open."""

    __slots__ = (
        "anchor",
        "container",
        "expects_key",
        "is_broken",
        "is_map",
        "key",
        "key_place",
        "merges",
        "nodes",
        "path",
        "place",
        "prefix",
    )

    def __init__(
        self, container: Any, path: str, place: int, nodes: int, anchor: str | None
    ) -> None:
        self.container = container
        self.is_map = isinstance(container, dict)
        self.path = path
        self.prefix = f"{path}." if path else ""
        self.expects_key = self.is_map
        self.place = place
        self.nodes = nodes
        self.anchor = anchor
        self.key = ""
        self.key_place = 0
        self.merges: list[tuple[Any, int]] = []
        self.is_broken = False

    def path_of_next(self) -> str:
        """The path of the value that comes next."""
        if self.is_map:
            has_name = not self.expects_key and self.key[:1] != "\0"
            return f"{self.prefix}{self.key}" if has_name else self.path
        return f"{self.path}[{len(self.container)}]"
