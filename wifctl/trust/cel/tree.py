"""An expression with the value of every operand, and which operands made a condition fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wifctl.trust.cel.ast import (
    AND,
    CHOICE,
    NOT,
    OR,
    Call,
    Items,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    path_of,
)
from wifctl.trust.cel.compile import Compiled, compile_any
from wifctl.trust.cel.parse import parse
from wifctl.trust.cel.problem import CelResult

LOGIC = frozenset({AND, OR, NOT, CHOICE})


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A part of an expression, what it evaluates to by itself, and its own parts."""

    node: Node
    result: CelResult
    parts: tuple[Evaluated, ...] = ()

    @property
    def text(self) -> str:
        """The part as the author wrote it."""
        return self.node.span.text

    @property
    def operator(self) -> str:
        """CEL's name of the operator or function, "" for a leaf."""
        return self.node.function if isinstance(self.node, Call) else ""


def evaluate_tree(compiled: Compiled, data: Mapping[str, object]) -> Evaluated:
    """Evaluate an expression and each of its operands, the short-circuited ones too."""
    return _evaluated(parse(compiled), compiled.variables, data)


def _evaluated(node: Node, variables: tuple[str, ...], data: Mapping[str, object]) -> Evaluated:
    parts = tuple(_evaluated(part, variables, data) for part in _shown_parts(node))
    compiled = compile_any(node.span.text, variables)
    if isinstance(compiled, Compiled):
        return Evaluated(node, compiled.evaluate(data), parts)
    return Evaluated(node, CelResult("ERROR", error="cannot be evaluated by itself"), parts)


def _shown_parts(node: Node) -> tuple[Node, ...]:
    """The operands worth a line: no literals outside logic, and a path is one leaf."""
    if path_of(node) is not None:
        return ()
    match node:
        case Call() if node.function in LOGIC:
            return _flat(node) if node.function in (AND, OR) else node.operands
        case Call():
            parts = node.operands
        case Items():
            parts = node.items
        case Macro():
            parts = (node.target,)
        case Select(test=False):
            parts = (node.operand,)
        case _:
            parts = ()
    return tuple(part for part in parts if not _is_plain(part))


def _flat(node: Call) -> tuple[Node, ...]:
    """`a && b && c` as three operands, however the library paired them."""
    flat: list[Node] = []
    for part in node.args:
        same = isinstance(part, Call) and part.function == node.function
        flat.extend(_flat(part) if same and isinstance(part, Call) else (part,))
    return tuple(flat)


def _is_plain(node: Node) -> bool:
    if isinstance(node, Items):
        return all(map(_is_plain, node.items))
    return isinstance(node, Literal | Name)


def causes(tree: Evaluated) -> tuple[Evaluated, ...]:
    """The operands that keep a condition from being true, in reading order; none when it is."""
    if tree.result.accepts:
        return ()
    match tree.operator:
        case "_&&_" | "_||_" if tree.parts:
            return tuple(cause for part in tree.parts for cause in causes(part))
        case "_?_:_" if len(tree.parts) > 1:
            return _choice_causes(tree)
        case _:
            return (tree,)


def _choice_causes(tree: Evaluated) -> tuple[Evaluated, ...]:
    assert isinstance(tree.node, Call)
    question, yes, no = tree.node.args
    by_node = {part.node: part for part in tree.parts}
    asked = by_node.get(question)
    if asked is None or asked.result.type != "BOOL":
        return (asked or tree,)
    branch = by_node.get(yes if asked.result.accepts else no)
    return causes(branch) if branch else (tree,)
