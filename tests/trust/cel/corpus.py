"""The expression corpus in `tests/cases/cel`, read once."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "cases" / "cel"
CONDITIONS = ("github", "gitlab", "azure", "aws", "kubernetes", "saml", "pipelines", "language")


@dataclass(frozen=True)
class Case:
    """One expression over its file's claims, with what its author expects."""

    file: str
    expr: str
    data: dict[str, Any] = field(repr=False)
    expect: dict[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.file}: {self.expr[:60]}"


@functools.cache
def cases(file: str) -> tuple[Case, ...]:
    """The cases of one file."""
    document = yaml.safe_load((FOLDER / f"{file}.yaml").read_text(encoding="utf-8"))
    claims = document.get("claims", {})
    return tuple(Case(file, item["expr"], claims, item) for item in document["cases"])


def conditions() -> tuple[Case, ...]:
    """Every condition of every platform."""
    return tuple(case for file in CONDITIONS for case in cases(file))
