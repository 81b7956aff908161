"""Findings with positions, the one error root, and the exit codes."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class ExitCode(enum.IntEnum):
    """What a command's exit status means; the same for every command."""

    OK = 0
    ERROR = 1
    """A known error, bad usage included."""
    CHANGES = 2
    """`plan --detailed-exitcode` or `drift` saw changes; `lint`, `fmt --check` found something."""
    REFUSED = 3
    """A trust rule refuses the token (`explain`, `test`)."""
    BUG = 70
    """An unexpected error; a report file was written."""
    INTERRUPTED = 130


class Severity(enum.StrEnum):
    """How much a finding matters. Only `error` stops a command."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text. Line and column start at 1; a column counts code points."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: what was found, where, what is allowed, and how to mend it."""

    code: str
    """A key of `wifctl.codes.CODES`."""
    message: str
    """What was found. Never contains a secret payload."""
    severity: Severity = Severity.ERROR
    position: Position | None = None
    path: str = ""
    """The field path, e.g. `spec.oidc.issuerUri`."""
    allowed: str = ""
    fix: str = ""
    address: str = ""
    """The object the finding is about, where no position says it."""

    def __str__(self) -> str:
        where = str(self.position) if self.position else self.address
        path = f"{self.path}: " if self.path else ""
        text = f"{self.severity.value}[{self.code}] {path}{self.message}"
        return f"{where}: {text}" if where else text


class WifctlError(Exception):
    """The root of every error wifctl knows; carries all its findings at once."""

    exit_code = ExitCode.ERROR

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("\n".join(map(str, diagnostics)))
        self.diagnostics = diagnostics


def failures(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings that stop a command."""
    return tuple(d for d in diagnostics if d.severity is Severity.ERROR)


def raise_failures(diagnostics: Iterable[Diagnostic]) -> None:
    """Raise all findings when at least one of them is an error, so that warnings ride along."""
    found = tuple(diagnostics)
    if failures(found):
        raise WifctlError(*found)
