"""Small typed reads from mappings that no pydantic model describes: the envelope, wifctl.yaml."""

from __future__ import annotations

import enum
from typing import Any, TypeVar

from wifctl.manifest import words
from wifctl.manifest.report import Report
from wifctl.manifest.yaml.document import BROKEN
from wifctl.manifest.yaml.scalars import is_switch

E = TypeVar("E", bound=enum.StrEnum)


def below(path: str, key: str) -> str:
    """The path of a key."""
    return f"{path}.{key}" if path else key


def mapping(report: Report, data: dict[str, Any], key: str, path: str = "") -> dict[str, Any]:
    """A mapping, empty when absent, null or wrong."""
    value = data.get(key)
    if isinstance(value, dict):
        return value
    if value is not None:
        report.wrong_type(below(path, key), "a mapping", value)
    return {}


def text(report: Report, data: dict[str, Any], key: str, path: str = "") -> str:
    """A text, "" when absent or wrong; a given one must not be empty."""
    value = data.get(key)
    if isinstance(value, str) and value.strip():
        return value
    if key not in data or value is BROKEN:
        return ""
    where = below(path, key)
    if isinstance(value, str) or value is None:
        report.value("empty", where, "is empty", allowed="a text", fix="fill it in or remove it")
    else:
        report.wrong_type(where, "a text", value)
    return ""


def truth(report: Report, data: dict[str, Any], key: str, path: str = "") -> bool:
    """`true` or `false`, false when absent or wrong."""
    value = data.get(key, False)
    if isinstance(value, bool):
        return value
    report.wrong_type(below(path, key), "true or false", value, truth_fix(value))
    return False


def truth_fix(value: Any) -> str:
    """How to mend something that should have been true or false."""
    if is_switch(value):
        return "only true and false are truth values in YAML 1.2; write one of them"
    return "write true or false, without quotes"


def choice(
    report: Report, data: dict[str, Any], key: str, path: str, default: E, choices: type[E]
) -> E:
    """One of the values of an enum."""
    if key not in data:
        return default
    value, names = data[key], [choice.value for choice in choices]
    if isinstance(value, str) and value in names:
        return type(default)(value)
    if value is not BROKEN:
        near = words.nearest(value, names) if isinstance(value, str) else ""
        report.value(
            "not-allowed",
            below(path, key),
            f"found {words.found(value, key)}",
            allowed=words.listed(names),
            fix=f"did you mean {near}?" if near else "choose one of them",
        )
    return default
