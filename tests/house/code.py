"""The package as the house tests see it: files, trees, imports."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "wifctl"


@dataclass(frozen=True)
class Module:
    """One Python file of the package."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def unit(self) -> str:
        """What the table of layers calls it: the file or folder below `wifctl`."""
        return self.name.split(".")[1] if "." in self.name else ""

    @property
    def lines(self) -> int:
        """How long it is."""
        return self.text.count("\n")

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every imported module name with its line, lazy ones included, type-only ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                for alias in node.names:
                    inner = f"{base}.{alias.name}"
                    yield (inner if inner in names() else base), node.lineno

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, inner ones included."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@functools.cache
def names() -> frozenset[str]:
    """The dotted names of all modules."""
    return frozenset(_name(path) for path in PACKAGE.rglob("*.py"))


@functools.cache
def modules() -> tuple[Module, ...]:
    """All modules of the package."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(Module(_name(path), path, text, ast.parse(text)))
    return tuple(found)


def where(module: Module, line: int) -> str:
    """`wifctl/cli/plan.py:12`, as editors open it."""
    return f"{module.path.relative_to(ROOT)}:{line}"


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
