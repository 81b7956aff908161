"""The shape of a compiled expression: frozen nodes that know their place and their own source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

AND, OR, NOT, CHOICE, INDEX, IN = "_&&_", "_||_", "!_", "_?_:_", "_[_]", "@in"
"""CEL's own names of its operators, as a Call's `function`."""
EQUAL, UNEQUAL = "_==_", "_!=_"
ORDER = frozenset({"_<_", "_<=_", "_>_", "_>=_"})
COMPARISONS = frozenset({EQUAL, UNEQUAL, IN}) | ORDER


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where a node stands (0-based code points), and its text."""

    start: int
    end: int
    line: int
    """From 1."""
    column: int
    """From 1, in code points."""
    text: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, bytes, number, boolean or null."""

    span: Span
    value: str | bytes | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Name:
    """A variable: `assertion`, `google`, `attribute`, or a macro's own."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """`operand.field`, or `has(operand.field)` when `test` is set."""

    span: Span
    operand: Node
    field: str
    test: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A function, a member function (`target` set) or an operator under CEL's own name."""

    span: Span
    function: str
    target: Node | None
    args: tuple[Node, ...]

    @property
    def operands(self) -> tuple[Node, ...]:
        """Target and arguments in reading order."""
        return (self.target, *self.args) if self.target else self.args


@dataclass(frozen=True, slots=True)
class Items:
    """A list literal."""

    span: Span
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Macro:
    """`target.exists(variable, predicate)` and its like; only the predicate of some is known."""

    span: Span
    name: str
    target: Node
    variable: str
    predicate: Node | None


@dataclass(frozen=True, slots=True)
class Opaque:
    """A part whose inside is not shown, e.g. a map literal."""

    span: Span


Node = Literal | Name | Select | Call | Items | Macro | Opaque


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node, in reading order."""
    match node:
        case Select():
            return (node.operand,)
        case Call():
            return node.operands
        case Items():
            return node.items
        case Macro():
            return (node.target, node.predicate) if node.predicate else (node.target,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def operands(node: Node, operator: str) -> tuple[Node, ...]:
    """The parts that `operator` joins at the top of a node; the node itself when it joins none."""
    if isinstance(node, Call) and node.function == operator:
        return tuple(part for arg in node.args for part in operands(arg, operator))
    return (node,)


def conjuncts(node: Node) -> tuple[Node, ...]:
    """What must all be true: the top-level `&&` operands."""
    return operands(node, AND)


def disjuncts(node: Node) -> tuple[Node, ...]:
    """Of what one must be true: the top-level `||` operands."""
    return operands(node, OR)


def calls(node: Node) -> tuple[Call, ...]:
    """Every call and operator in an expression."""
    return tuple(part for part in walk(node) if isinstance(part, Call))


def comparisons(node: Node) -> tuple[Call, ...]:
    """Every `==`, `!=`, `in`, `<` … in an expression."""
    return tuple(call for call in calls(node) if call.function in COMPARISONS)


def functions(node: Node) -> frozenset[str]:
    """The names of every function and macro used; operators (`_==_`) are not functions."""
    names = {call.function for call in calls(node)}
    names |= {part.name for part in walk(node) if isinstance(part, Macro)}
    names |= {"has" for part in walk(node) if isinstance(part, Select) and part.test}
    return frozenset(name for name in names if name.isidentifier() and not name.startswith("_"))


Path = tuple[str | int, ...]


def path_of(node: Node) -> Path | None:
    """`assertion.a['b'][0]` as ("assertion", "a", "b", 0); None for anything else."""
    match node:
        case Name():
            return (node.name,)
        case Select(test=False):
            head = path_of(node.operand)
            return (*head, node.field) if head else None
        case Call(function="_[_]", args=(operand, Literal(value=str() | int() as key))):
            head = path_of(operand)
            return (*head, key) if head else None
        case _:
            return None


def paths(node: Node) -> frozenset[Path]:
    """The longest path of every variable access, e.g. ("assertion", "sub"); `has()` counts too.

    A macro's own variable is none of the expression's.
    """
    if isinstance(node, Macro):
        inner = paths(node.predicate) if node.predicate else frozenset()
        return paths(node.target) | {path for path in inner if path[0] != node.variable}
    if isinstance(node, Select) and node.test:
        head = path_of(node.operand)
        return frozenset({(*head, node.field)}) if head else paths(node.operand)
    own = path_of(node)
    if own:
        return frozenset({own})
    return frozenset(path for child in children(node) for path in paths(child))


def literal_of(node: Node) -> str | bytes | int | float | bool | None:
    """The value of a literal, None for anything else (and for `null`)."""
    return node.value if isinstance(node, Literal) else None
