"""The values of one Stack document, checked against what its template asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wifctl.manifest import words
from wifctl.manifest.report import Report
from wifctl.manifest.stacks.definition import PYTHON_TYPES, StackTemplate, ValueDefinition
from wifctl.manifest.yaml.document import BROKEN

_PATH = "spec.values"


def checked_values(
    report: Report, template: StackTemplate, given: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Every declared value, defaults filled in; None after reporting what is wrong."""
    names = tuple(template.values)
    fine = True
    for name in given:
        if name not in template.values:
            report.unknown(f"{_PATH}.{name}", name, names)
            fine = False
    result: dict[str, Any] = {}
    for name, wanted in template.values.items():
        if name not in given:
            fine &= not wanted.required or _missing(report, name, wanted)
            result[name] = wanted.default
        else:
            fine &= _fits(report, f"{_PATH}.{name}", wanted, given[name])
            result[name] = given[name]
    return result if fine else None


def _missing(report: Report, name: str, wanted: ValueDefinition) -> bool:
    report.value(
        "missing-field",
        f"{_PATH}.{name}",
        "is missing, and the template needs it",
        allowed=wanted.description,
        fix=f"add `{name}:`",
    )
    return False


def _fits(report: Report, path: str, wanted: ValueDefinition, value: Any) -> bool:
    python_type, spoken = PYTHON_TYPES[wanted.type]
    if value is BROKEN:
        return False
    if not isinstance(value, python_type) or (isinstance(value, bool) and python_type is int):
        report.wrong_type(path, spoken, value)
        return False
    if wanted.choices and value not in wanted.choices:
        report.value(
            "not-allowed",
            path,
            f"found {words.found(value, path)}",
            allowed=words.listed(map(str, wanted.choices)),
            fix="choose one of them",
        )
        return False
    if wanted.pattern and isinstance(value, str) and not re.fullmatch(wanted.pattern, value):
        report.value(
            "bad-format",
            path,
            f"found {words.found(value, path)}",
            allowed=wanted.description or f"a text that matches {wanted.pattern}",
            fix="write it in that form",
        )
        return False
    return True
