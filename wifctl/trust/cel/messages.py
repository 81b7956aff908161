"""The library's compile errors → problems with positions that point at the culprit."""

from __future__ import annotations

import difflib
import re

from wifctl.trust.cel.problem import CelProblem, ProblemKind

_SEARCH = ("contains", "endsWith", "extract", "indexOf", "lastIndexOf", "matches", "startsWith")
_CHANGE = ("charAt", "format", "join", "quote", "replace", "reverse", "split", "substring", "trim")
_DATE = ("getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getFullYear", "getMonth")
_CLOCK = ("getHours", "getMilliseconds", "getMinutes", "getSeconds", "duration", "timestamp")
_TYPES = ("bool", "bytes", "double", "dyn", "int", "string", "type", "uint", "lowerAscii")
_MACROS = ("all", "exists", "exists_one", "filter", "has", "map", "size", "upperAscii")
FUNCTIONS = frozenset((*_SEARCH, *_CHANGE, *_DATE, *_CLOCK, *_TYPES, *_MACROS))
"""Functions and macros of CEL's standard library and its strings extension, and `extract`."""

_BLOCK = re.compile(
    r"ERROR: <input>:(?P<line>-?\d+):(?P<column>-?\d+): (?P<message>.*?)"
    r"(?=\n \||\nERROR: | \[[A-Z_]+\]$|$)",
    re.DOTALL,
)
_LIMIT = re.compile(r"recursion|exceeds codepoint limit|depth", re.IGNORECASE)
_UNDECLARED = re.compile(r"undeclared reference to '([^']+)'")


def read_problems(error: str, text: str, variables: tuple[str, ...]) -> tuple[CelProblem, ...]:
    """The error text of the library, taken apart; `-1:-1` and a missing place become 1:1."""
    lines = text.split("\n")
    blocks = tuple(
        _problem(max(int(found["line"]), 1), max(int(found["column"]), 1), found["message"])
        for found in _BLOCK.finditer(error)
    )
    if blocks:
        return tuple(dict.fromkeys(_pointed(block, lines, variables) for block in blocks))
    return (_problem(1, 1, re.sub(r"^[A-Z_]+: | \[[A-Z_]+\]$", "", error)),)


def _problem(line: int, column: int, message: str) -> CelProblem:
    message = message.removesuffix(" (in container '')").strip()
    kind = _kind(message)
    if kind is ProblemKind.LIMIT:
        message = f"wifctl cannot judge this expression: {message}"
    return CelProblem(line, column, message, kind)


def _kind(message: str) -> ProblemKind:
    if _LIMIT.search(message):
        return ProblemKind.LIMIT
    if message.startswith("Syntax error"):
        return ProblemKind.SYNTAX
    if message.startswith("undeclared reference"):
        return ProblemKind.REFERENCE
    if "overload" in message or "type" in message:
        return ProblemKind.TYPE
    return ProblemKind.SYNTAX


def _pointed(problem: CelProblem, lines: list[str], variables: tuple[str, ...]) -> CelProblem:
    """An unknown name, told as such and pointed at: the library points behind it."""
    found = _UNDECLARED.match(problem.message)
    if not found or problem.line > len(lines):
        return problem
    name, line, end = found[1], lines[problem.line - 1], problem.column - 1
    called = line[end : end + 1] == "("
    head, before = line[:end].rstrip(), name if called else name.rpartition(".")[0]
    column = len(head) - len(before) + 1 if head.endswith(before) else problem.column
    name = name if called else name.partition(".")[0]
    if called and name in FUNCTIONS:
        message = f"{name}() does not take these arguments"
        return CelProblem(problem.line, column, message, ProblemKind.TYPE)
    return CelProblem(problem.line, column, _unknown(name, called, variables), problem.kind)


def _unknown(name: str, called: bool, variables: tuple[str, ...]) -> str:
    known = FUNCTIONS if called else frozenset(variables)
    by_fold = {other.casefold(): other for other in known}
    near = by_fold.get(name.casefold()) or "".join(difflib.get_close_matches(name, known, 1, 0.7))
    what = "function" if called else "variable"
    seen = "" if called else f"; {', '.join(variables)} can be seen here"
    ask = f"; did you mean {near}?" if near else seen
    return f"unknown {what} {name!r}{ask}"
