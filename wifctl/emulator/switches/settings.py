"""Reading of switch settings: known keys only, of the right types, else INVALID_ARGUMENT."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from wifctl.emulator.errors import invalid

T = TypeVar("T")


def matches(pattern: str, method_id: str) -> bool:
    """Whether a method id is meant by a pattern (`iam.*.create`, `*`)."""
    return fnmatchcase(method_id, pattern)


def take(settings: Mapping[str, Any], key: str, kind: type[T], default: T) -> T:
    """One setting; a whole number passes for a float."""
    value: Any = settings.get(key, default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise invalid(f"switch {key}: {value!r} is not of type {kind.__name__}")
    return value


def only(settings: Mapping[str, Any], where: str, *known: str) -> None:
    """Refuse keys nobody reads."""
    if unknown := sorted(set(settings) - set(known)):
        raise invalid(f"{where}: unknown setting {unknown[0]!r}; known: {', '.join(known)}")
