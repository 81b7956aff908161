"""Files and functions stay small; everything public says what it is."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator

from tests.house.code import Module, modules, where

LONGEST_FILE, MEDIAN_FILE = 400, 110
LONGEST_FUNCTION, MEDIAN_FUNCTION = 60, 8
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def test_no_file_is_too_long() -> None:
    long = [f"{m.path.name}: {m.lines}" for m in modules() if m.lines > LONGEST_FILE]
    assert not long


def test_the_typical_file_is_short() -> None:
    assert statistics.median(m.lines for m in modules() if m.lines > 5) <= MEDIAN_FILE


def test_no_function_is_too_long() -> None:
    long = [
        f"{where(module, function.lineno)} {function.name}: {_length(function)}"
        for module in modules()
        for function in module.functions()
        if _length(function) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_the_typical_function_is_short() -> None:
    lengths = [_length(f) for module in modules() for f in module.functions()]
    assert statistics.median(lengths) <= MEDIAN_FUNCTION


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc"}
    assert not [m.name for m in modules() if m.name.rsplit(".", 1)[-1] in drawers - {"common"}]


def test_every_module_opens_with_a_line_that_says_what_it_holds() -> None:
    silent = [
        m.name for m in modules() if m.path.name != "__init__.py" and not ast.get_docstring(m.tree)
    ]
    assert not silent


def test_every_module_postpones_annotations() -> None:
    wanted = "from __future__ import annotations"
    lacking = [m.name for m in modules() if m.text.strip() and wanted not in m.text]
    assert not lacking


def test_everything_public_has_a_docstring() -> None:
    silent = [
        f"{where(module, node.lineno)} {node.name}"
        for module in modules()
        for node in _public(module)
        if not ast.get_docstring(node)
    ]
    assert not silent, "\n".join(silent)


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _public(module: Module) -> Iterator[Definition]:
    """Top-level functions and classes, and the methods of those classes.

    The methods of a Protocol are what their names say: its class explains it.
    """
    for node in module.tree.body:
        if not isinstance(node, Definition) or node.name.startswith("_"):
            continue
        yield node
        if isinstance(node, ast.ClassDef) and "Protocol" not in map(ast.unparse, node.bases):
            yield from (m for m in node.body if _is_public_method(m))


def _is_public_method(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith(
        "_"
    )
