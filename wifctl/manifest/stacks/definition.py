"""What a stack template is: `stack.yaml` with the values it asks for, and its documents."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wifctl.diagnostics import Diagnostic
from wifctl.manifest import fields
from wifctl.manifest.places import Origin
from wifctl.manifest.report import Report
from wifctl.manifest.sources import SourceText, read
from wifctl.manifest.yaml.parse import parse

FILE = "stack.yaml"
KEYS = ("name", "description", "values")
VALUE_KEYS = ("type", "description", "default", "required", "pattern", "choices")


class ValueType(enum.StrEnum):
    """What a value of a stack may be."""

    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    LIST = "list"
    MAPPING = "mapping"


PYTHON_TYPES: Mapping[ValueType, tuple[type, str]] = {
    ValueType.STRING: (str, "a text"),
    ValueType.INTEGER: (int, "a whole number"),
    ValueType.BOOLEAN: (bool, "true or false"),
    ValueType.LIST: (list, "a list"),
    ValueType.MAPPING: (dict, "a mapping"),
}


@dataclass(frozen=True, slots=True)
class ValueDefinition:
    """One value a stack asks for."""

    type: ValueType
    description: str = ""
    default: Any = None
    required: bool = False
    pattern: str = ""
    """A regular expression the whole text must match."""
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class StackTemplate:
    """A template, read and checked."""

    name: str
    description: str
    values: Mapping[str, ValueDefinition] = field(default_factory=dict)
    files: tuple[SourceText, ...] = ()
    """Its `*.yaml.j2`, in the order of their names."""


def read_template(folder: Path, shown: str) -> StackTemplate | tuple[Diagnostic, ...]:
    """The template in a folder; `shown` is what findings call it."""
    if not (folder / FILE).is_file():
        return (_not_a_template(shown),)
    source = read(Path(FILE), folder, b"")
    if isinstance(source, Diagnostic):
        return (source,)
    stream = parse(source.text, Origin(f"{shown}/{FILE}", text=source.text))
    if stream.diagnostics or len(stream.documents) != 1:
        return stream.diagnostics or (_not_a_template(shown),)
    raw = stream.documents[0]
    report = Report(raw.places)
    data = raw.data if isinstance(raw.data, dict) else {}
    report.unknown_keys(data, KEYS, "")
    values = {
        name: _value(report, name, value)
        for name, value in fields.mapping(report, data, "values").items()
    }
    found = StackTemplate(
        fields.text(report, data, "name"), fields.text(report, data, "description"), values
    )
    files = _files(folder)
    failed = [*report.diagnostics, *(f for f in files if isinstance(f, Diagnostic))]
    if failed or not files:
        return tuple(failed) or (_not_a_template(shown),)
    texts = tuple(file for file in files if isinstance(file, SourceText))
    return StackTemplate(found.name or shown, found.description, values, texts)


def _files(folder: Path) -> list[SourceText | Diagnostic]:
    return [
        read(path.relative_to(folder), folder, b"") for path in sorted(folder.glob("*.yaml.j2"))
    ]


def _not_a_template(shown: str) -> Diagnostic:
    return Diagnostic(
        "bad-stack",
        f"{shown} is no stack template",
        allowed=f"a folder with one {FILE} and at least one *.yaml.j2",
        fix="add what is missing",
    )


def _value(report: Report, name: str, data: Any) -> ValueDefinition:
    path = f"values.{name}"
    if not isinstance(data, dict):
        report.wrong_type(path, "a mapping", data)
        return ValueDefinition(ValueType.STRING)
    report.unknown_keys(data, VALUE_KEYS, path)
    pattern = fields.text(report, data, "pattern", path)
    try:
        re.compile(pattern)
    except re.error as error:
        message = f"no regular expression: {error.msg}"
        report.value("bad-format", f"{path}.pattern", message, fix="mend the pattern")
        pattern = ""
    choices = data.get("choices", [])
    return ValueDefinition(
        fields.choice(report, data, "type", path, ValueType.STRING, ValueType),
        fields.text(report, data, "description", path),
        data.get("default"),
        fields.truth(report, data, "required", path),
        pattern,
        tuple(choices) if isinstance(choices, list) else (),
    )
