"""Ordering: what must come before what, and the cycles that make it impossible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

T = TypeVar("T")


def ordered(needs: Mapping[T, Iterable[T]]) -> tuple[T, ...]:
    """The nodes so that each comes after all it needs; ties keep their given order.

    Needs that are no nodes themselves are ignored. Raises `graphlib.CycleError` on a cycle.
    """
    known = {node: [n for n in wanted if n in needs] for node, wanted in needs.items()}
    return tuple(TopologicalSorter(known).static_order())


def cycle(needs: Mapping[T, Iterable[T]]) -> tuple[T, ...]:
    """One cycle, its first node repeated at the end, or nothing."""
    try:
        ordered(needs)
    except CycleError as error:
        return tuple(reversed(error.args[1]))
    return ()
