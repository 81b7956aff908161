"""Text → a checked CEL expression, or every reason why it is none."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wifctl.trust.cel.growth import room_for
from wifctl.trust.cel.messages import read_problems
from wifctl.trust.cel.problem import CelProblem, CelResult, CelUnavailable, ProblemKind
from wifctl.trust.cel.runtime import (
    CONDITION_VARIABLES,
    MAPPING_VARIABLES,
    environment,
    evaluate,
)

if TYPE_CHECKING:
    from cel_expr_python import cel

CONDITION_TYPES = frozenset({"BOOL", "DYN"})
TEXT_TYPES = frozenset({"STRING", "DYN"})
LIST_TYPES = frozenset({"LIST<STRING>", "LIST<DYN>"})


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression that compiles: its text, the type of its result, and a way to run it."""

    text: str
    result_type: str
    """CEL's name: `BOOL`, `STRING`, `DYN` (known only at run time), `LIST<STRING>`, …"""
    variables: tuple[str, ...]
    expression: cel.Expression = field(repr=False, compare=False)

    def evaluate(self, data: Mapping[str, object]) -> CelResult:
        """The result for these variables; a run-time error is a result too. Never raises."""
        return evaluate(self.expression, data, room_for(self.text))


Compilation = Compiled | list[CelProblem] | CelUnavailable


def compile_mapping(text: str, *, lists: bool = False) -> Compilation:
    """Compile one attributeMapping expression, which sees `assertion` only.

    `lists` allows a list of strings as the result, as `google.groups` does.
    """
    allowed = TEXT_TYPES | LIST_TYPES if lists else TEXT_TYPES
    wanted = "a string or a list of strings" if lists else "a string"
    return _checked(compile_any(text, MAPPING_VARIABLES), allowed, wanted)


def compile_condition(text: str) -> Compilation:
    """Compile an attributeCondition, which sees `assertion`, `google` and `attribute`."""
    return _checked(compile_any(text, CONDITION_VARIABLES), CONDITION_TYPES, "a boolean")


def compile_any(text: str, variables: tuple[str, ...]) -> Compilation:
    """Compile an expression over these variables, whatever the type of its result."""
    compiled = _compile(text, variables)
    return list(compiled) if isinstance(compiled, tuple) else compiled


@functools.lru_cache(maxsize=4096)
def _compile(
    text: str, variables: tuple[str, ...]
) -> Compiled | tuple[CelProblem, ...] | CelUnavailable:
    try:
        known = environment(variables)
    except ImportError:
        return CelUnavailable("the package cel-expr-python is not installed on this platform")
    try:
        expression = known.compile(text)
    except RuntimeError as error:
        return read_problems(str(error), text, variables)
    except TypeError:
        return (CelProblem(1, 1, "the expression is not valid Unicode text", ProblemKind.INPUT),)
    return Compiled(text, str(expression.return_type()), variables, expression)


def _checked(compiled: Compilation, allowed: frozenset[str], wanted: str) -> Compilation:
    if not isinstance(compiled, Compiled) or compiled.result_type in allowed:
        return compiled
    message = f"the result is of type {compiled.result_type.lower()}, and {wanted} is needed"
    return [CelProblem(1, 1, message, ProblemKind.RESULT)]
