"""Template values: `--set` over `--values` over `WIFCTL_VAR_*` over `wifctl.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wifctl.diagnostics import Diagnostic, Position
from wifctl.manifest.places import Origin
from wifctl.manifest.sources import SourceText, read
from wifctl.manifest.yaml.document import BROKEN
from wifctl.manifest.yaml.parse import single
from wifctl.manifest.yaml.text import checked

PREFIX = "WIFCTL_VAR_"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*")

Values = dict[str, Any]
Findings = list[Diagnostic]


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> Values:
    """Two mappings as one; mappings inside are merged too, anything else is replaced."""
    result = dict(under)
    for key, value in over.items():
        below = result.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            result[key] = merged(below, value)
        else:
            result[key] = value
    return result


def from_environment(environment: Mapping[str, str], findings: Findings) -> Values:
    """`WIFCTL_VAR_name`, each parsed as YAML."""
    values: Values = {}
    for variable, text in sorted(environment.items()):
        if variable.startswith(PREFIX):
            name = variable.removeprefix(PREFIX)
            values = merged(values, _one(name, text, variable, findings))
    return values


def from_sets(sets: Iterable[str], findings: Findings) -> Values:
    """`--set a.b=VALUE`, each value parsed as YAML."""
    values: Values = {}
    for assignment in sets:
        name, equals, text = assignment.partition("=")
        if not equals:
            findings.append(
                Diagnostic(
                    "bad-set",
                    "no = in it",
                    position=Position(f"--set {name[:40]}"),
                    allowed="--set NAME=VALUE",
                    fix="write e.g. --set environment=production",
                )
            )
            continue
        values = merged(values, _one(name.strip(), text, f"--set {name.strip()}", findings))
    return values


def _one(name: str, text: str, origin: str, findings: Findings) -> Values:
    if not _NAME.fullmatch(name):
        findings.append(
            Diagnostic(
                "bad-set",
                "no name a template could use",
                position=Position(origin[:60]),
                allowed="letters, digits and _, not a digit first; dots for nested names",
                fix="choose such a name",
            )
        )
        return {}
    safe = checked(text, origin)
    if isinstance(safe, Diagnostic):
        findings.append(safe)
        return {}
    value, found = single(safe, Origin(origin))
    findings.extend(found)
    for part in reversed(name.split(".")):
        value = {part: value}
    return value if isinstance(value, dict) else {}


def from_files(paths: Sequence[Path], root: Path, findings: Findings) -> Values:
    """`--values FILE`: a mapping each, the last one wins."""
    values: Values = {}
    for path in paths:
        source = read(path, root, b"")
        if isinstance(source, Diagnostic):
            findings.append(source)
        else:
            values = merged(values, _mapping(source, findings))
    return values


def _mapping(source: SourceText, findings: Findings) -> Values:
    data, found = single(source.text, Origin(source.name, text=source.text))
    findings.extend(found)
    if isinstance(data, dict):
        return data
    if data is not None and data is not BROKEN:
        findings.append(
            Diagnostic(
                "wrong-type",
                "a mapping of names to values was wanted",
                position=Position(source.name),
                allowed="name: value",
                fix="give each value a name",
            )
        )
    return {}
