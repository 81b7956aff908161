"""CEL in manifests: length, syntax and type, with positions inside the text."""

from __future__ import annotations

from collections.abc import Iterable

from wifctl.diagnostics import Severity
from wifctl.kinds.base import Problem
from wifctl.trust.cel.compile import Compilation, Compiled, compile_condition, compile_mapping
from wifctl.trust.cel.problem import MAPPING_LIMIT, CelProblem, CelUnavailable


def mapping(text: str, path: str, *, lists: bool) -> Iterable[Problem]:
    """One attributeMapping expression, over `assertion` alone."""
    if len(text) > MAPPING_LIMIT:
        yield Problem(
            "too-long",
            path,
            f"an expression of {len(text)} characters",
            allowed=f"at most {MAPPING_LIMIT}",
            fix="shorten it",
        )
        return
    yield from _problems(compile_mapping(text, lists=lists), path, "a string")


def condition(text: str, path: str) -> Iterable[Problem]:
    """An attributeCondition, over `assertion`, `google` and `attribute`; must be boolean."""
    yield from _problems(compile_condition(text), path, "a boolean")


def _problems(compiled: Compilation, path: str, wanted: str) -> Iterable[Problem]:
    if isinstance(compiled, Compiled):
        return
    if isinstance(compiled, CelUnavailable):
        yield Problem("not-checked", path, compiled.message, severity=Severity.NOTE)
        return
    for found in compiled:
        yield _problem(found, path, wanted)


def _problem(found: CelProblem, path: str, wanted: str) -> Problem:
    return Problem(
        "bad-expression",
        path,
        f"{found.message} (line {found.line}, column {found.column} of the expression)",
        allowed=f"a CEL expression that gives {wanted}",
        fix="mend the expression at that place",
        severity=Severity.ERROR if found.refuses else Severity.WARNING,
        offset=(found.line - 1, found.column - 1),
    )
