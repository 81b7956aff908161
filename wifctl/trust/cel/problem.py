"""What CEL says back: compile problems, evaluation results, and that it is not installed."""

from __future__ import annotations

import enum
from dataclasses import dataclass

MAPPING_LIMIT = 2048
"""Characters of one attributeMapping expression (iam.v1 discovery); checked by the kinds."""
CONDITION_LIMIT = 4096
"""Characters of an attributeCondition (iam.v1 discovery); checked by the kinds."""


class ProblemKind(enum.StrEnum):
    """Why an expression did not compile."""

    SYNTAX = "syntax"
    REFERENCE = "reference"
    """An undeclared variable or function, or one that cannot be seen from here."""
    TYPE = "type"
    RESULT = "result"
    """The expression compiles, but its result has a type that its place does not take."""
    LIMIT = "limit"
    """Too deep or too long for wifctl's CEL library; Google may still accept it."""
    INPUT = "input"
    """Not a text CEL can read at all."""


@dataclass(frozen=True, slots=True, order=True)
class CelProblem:
    """One reason why an expression does not compile; line and column start at 1, in code points."""

    line: int
    column: int
    message: str
    kind: ProblemKind

    @property
    def refuses(self) -> bool:
        """Whether Google would refuse the expression too; a limit of ours does not tell."""
        return self.kind is not ProblemKind.LIMIT


@dataclass(frozen=True, slots=True)
class CelUnavailable:
    """The CEL library is not installed here (no wheel for musl, for one): nothing was checked."""

    reason: str

    @property
    def message(self) -> str:
        """A sentence for whoever wanted the expression checked."""
        return f"CEL expressions were not checked: {self.reason}"


@dataclass(frozen=True, slots=True)
class CelResult:
    """What an expression evaluates to: a value of a CEL type, or an error text."""

    type: str
    """CEL's name of the type, e.g. `BOOL`, `STRING`, `LIST<DYN>`; `ERROR` when `error` is set."""
    value: object = None
    error: str = ""

    @property
    def failed(self) -> bool:
        """Whether evaluation ended in an error (missing key, no matching overload, …)."""
        return self.type == "ERROR"

    @property
    def accepts(self) -> bool:
        """Whether a condition with this result lets a token in: only the boolean true does."""
        return self.type == "BOOL" and self.value is True
