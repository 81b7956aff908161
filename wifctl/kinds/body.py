"""From specs to Google's REST JSON, and from REST JSON to the fields that are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wifctl.schema import Ours, Spec, marker


def google_json(spec: Spec) -> dict[str, Any]:
    """A spec as Google's REST JSON: our own short forms and omitted fields left out.

    An explicit `null` stays only inside maps, where it removes a key.
    """
    found: dict[str, Any] = {}
    for name, field in type(spec).model_fields.items():
        value = getattr(spec, name)
        if value is None or marker(field.metadata, Ours) is not None:
            continue
        found[field.alias or name] = _plain(value)
    return found


def explicit_nulls(spec: Spec, prefix: str = "") -> frozenset[str]:
    """Paths of fields a manifest sets to `null` on purpose, which removes a carried value."""
    found: set[str] = set()
    for name, field in type(spec).model_fields.items():
        value, path = getattr(spec, name), f"{prefix}{field.alias or name}"
        if value is None and name in spec.model_fields_set:
            found.add(path)
        elif isinstance(value, Spec):
            found |= explicit_nulls(value, f"{path}.")
    return frozenset(found)


def _plain(value: Any) -> Any:
    if isinstance(value, Spec):
        return google_json(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def at(json: Mapping[str, Any], path: str) -> Any:
    """The value at a mask path, or None."""
    value: Any = json
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value
