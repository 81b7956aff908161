"""A compiled expression → its nodes."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from wifctl.trust.cel.ast import (
    INDEX,
    Call,
    Items,
    Literal,
    Macro,
    Name,
    Node,
    Opaque,
    Select,
    Span,
)
from wifctl.trust.cel.compile import Compiled
from wifctl.trust.cel.proto import decode
from wifctl.trust.cel.source import Extent, Source, scan

_PREDICATED = {"exists": "_||_", "all": "_&&_"}


@functools.lru_cache(maxsize=2048)
def parse(compiled: Compiled) -> Node:
    """The nodes of a compiled expression; every node's span is a text that compiles by itself.

    Except inside a Macro's predicate, where the macro's own variable occurs.
    """
    root, positions = decode(compiled.expression.serialize())
    return _Reader(scan(compiled.text), positions).node(root)


@dataclass(frozen=True, slots=True)
class _Reader:
    source: Source
    positions: dict[int, int]

    def node(self, expr: Any) -> Node:
        kind = expr.WhichOneof("kind")
        part, at = getattr(expr, kind), self.positions.get(expr.id, 0)
        match kind:
            case "const_expr":
                return Literal(self._token(at, "-"), _constant(part))
            case "ident_expr":
                return Name(self._token(at, "."), part.name)
            case "select_expr":
                return self._select(part, at)
            case "call_expr":
                return self._call(part, at)
            case "list_expr":
                items = tuple(map(self.node, part.elements))
                return Items(self.source.span((at, self.source.closed(at))), items)
            case "comprehension_expr":
                return self._macro(part, at)
            case _:
                return Opaque(self.source.span((at, self.source.closed(at))))

    def _token(self, at: int, prefix: str) -> Span:
        signed = self.source.text[at : at + 1] == prefix
        end = self.source.next_end(at) if signed else self.source.token_end(at)
        return self.source.span((at, end))

    def _select(self, part: Any, at: int) -> Node:
        operand = self.node(part.operand)
        if part.test_only:
            extent = self.source.previous_start(at), self.source.closed(at)
        else:
            extent = self._outer(operand)[0], self.source.next_end(at)
        return Select(self.source.span(extent), operand, part.field, part.test_only)

    def _call(self, part: Any, at: int) -> Node:
        target = self.node(part.target) if part.HasField("target") else None
        args = tuple(map(self.node, part.args))
        extent = self._call_extent(part.function, at, (target, *args) if target else args, target)
        return Call(self.source.span(extent), part.function, target, args)

    def _call_extent(
        self, function: str, at: int, parts: tuple[Node, ...], target: Node | None
    ) -> Extent:
        if target or function == INDEX:
            return self._outer(parts[0])[0], self.source.closed(at)
        if function in ("!_", "-_"):
            return at, self._outer(parts[0])[1]
        if function.startswith(("_", "@")):
            return self._outer(parts[0])[0], self._outer(parts[-1])[1]
        return self.source.previous_start(at), self.source.closed(at)

    def _macro(self, part: Any, at: int) -> Node:
        target = self.node(part.iter_range)
        extent = self._outer(target)[0], self.source.closed(at)
        start = self.source.previous_start(at)
        name = self.source.text[start : self.source.token_end(start)]
        step = part.loop_step.call_expr
        known = _PREDICATED.get(name) == step.function and len(step.args) == 2
        predicate = self.node(step.args[1]) if known else None
        return Macro(self.source.span(extent), name, target, part.iter_var, predicate)

    def _outer(self, node: Node) -> Extent:
        return self.source.outer((node.span.start, node.span.end))


def _constant(part: Any) -> str | bytes | int | float | bool | None:
    kind = part.WhichOneof("kind")
    if kind in (None, "null_value"):
        return None
    value: str | bytes | int | float | bool = getattr(part, kind)
    return value
