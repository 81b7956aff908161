"""Findings as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from wifctl.diagnostics import Diagnostic, Severity

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def sarif(
    diagnostics: Iterable[Diagnostic], version: str, about: Mapping[str, str]
) -> dict[str, Any]:
    """One run of one tool; `about` says in a sentence what each code means."""
    found = tuple(diagnostics)
    codes = sorted({d.code for d in found})
    driver = {
        "name": "wifctl",
        "version": version,
        "rules": [_rule(code, about.get(code, code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, codes.index(d.code)) for d in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, about: str) -> dict[str, Any]:
    return {"id": code, "shortDescription": {"text": about}}


def _result(diagnostic: Diagnostic, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": _message(diagnostic)},
        "partialFingerprints": {"finding/v1": _fingerprint(diagnostic)},
    }
    if location := _location(diagnostic):
        result["locations"] = [location]
    return result


def _message(diagnostic: Diagnostic) -> str:
    path = f"{diagnostic.path}: " if diagnostic.path else ""
    parts = [f"{path}{diagnostic.message}."]
    if diagnostic.allowed:
        parts.append(f"Allowed: {diagnostic.allowed}.")
    if diagnostic.fix:
        parts.append(f"Fix: {diagnostic.fix}.")
    return " ".join(part.replace("..", ".") for part in parts)


def _location(diagnostic: Diagnostic) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if position := diagnostic.position:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": quote(position.file.replace("\\", "/"))},
            "region": {"startLine": position.line, "startColumn": position.column},
        }
    if diagnostic.address:
        location["logicalLocations"] = [{"fullyQualifiedName": diagnostic.address}]
    return location


def _fingerprint(diagnostic: Diagnostic) -> str:
    # Without line numbers, so that a finding stays the same when lines above it move.
    file = diagnostic.position.file if diagnostic.position else ""
    parts = (diagnostic.code, file, diagnostic.address, diagnostic.path, diagnostic.message)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
