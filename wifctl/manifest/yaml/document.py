"""What the YAML layer hands on: plain data, where everything stands, and what it could not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from wifctl.diagnostics import Diagnostic
from wifctl.manifest.places import Places


class Broken:
    """A value already reported: whoever meets it keeps quiet."""

    def __repr__(self) -> str:
        return "(unreadable)"


BROKEN: Final = Broken()


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One document of a YAML stream."""

    data: Any
    """dict, list, str, int, float, bool, None, or BROKEN."""
    places: Places
    cut: frozenset[str] = frozenset()
    """Paths of plain scalars with a comment behind them on the same line."""


@dataclass(frozen=True, slots=True)
class Stream:
    """All documents of one text; those after a syntax error within one document are missing."""

    documents: tuple[RawDocument, ...]
    diagnostics: tuple[Diagnostic, ...]
    complete: bool = True
    """Whether every document could be read, so that nothing is missing from `documents`."""
