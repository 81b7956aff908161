"""Findings as JSON, in the shape `terraform validate -json` made familiar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wifctl.diagnostics import Diagnostic, Severity

FORMAT_VERSION = "1.0"


def diagnostics_json(diagnostics: Iterable[Diagnostic], **more: Any) -> dict[str, Any]:
    """One object with the counts and every finding; `more` are members put behind the counts."""
    found = tuple(diagnostics)
    errors = sum(d.severity is Severity.ERROR for d in found)
    return {
        "format_version": FORMAT_VERSION,
        "valid": not errors,
        "error_count": errors,
        "warning_count": sum(d.severity is Severity.WARNING for d in found),
        **more,
        "diagnostics": [diagnostic_json(d) for d in found],
    }


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """One finding; members without a value are left out."""
    members = {
        "severity": diagnostic.severity.value,
        "code": diagnostic.code,
        "summary": diagnostic.message,
        "path": diagnostic.path,
        "allowed": diagnostic.allowed,
        "fix": diagnostic.fix,
        "address": diagnostic.address,
    }
    found: dict[str, Any] = {name: value for name, value in members.items() if value}
    if position := diagnostic.position:
        start = {"line": position.line, "column": position.column}
        found["range"] = {"filename": position.file, "start": start}
    return found
