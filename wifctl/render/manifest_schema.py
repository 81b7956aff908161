"""The JSON Schema of a manifest, for editors: one document of any kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wifctl.kinds.base import Kind
from wifctl.resource import OnDeleted, State

DRAFT = "http://json-schema.org/draft-07/schema#"
API_VERSION = "wifctl/v1"

_TEXT = {"type": "string"}
_METADATA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {**_TEXT, "description": "Unique per kind and project; for references only."},
        "id": {**_TEXT, "description": "The resource id; default: the name."},
        "project": {**_TEXT, "description": "The project id; default: from wifctl.yaml."},
        "uniqueId": {**_TEXT, "description": "A service account's unique id, for its undelete."},
    },
    "required": ["name"],
    "additionalProperties": False,
}
_LIFECYCLE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "state": {
            "enum": [state.value for state in State],
            "description": "`absent`: the object is deleted.",
        },
        "onDeleted": {
            "enum": [choice.value for choice in OnDeleted],
            "description": "What to do when the object is soft-deleted.",
        },
        "preventDestroy": {
            "type": "boolean",
            "description": "`true`: no plan may delete the object.",
        },
    },
    "additionalProperties": False,
}


def manifest_schema(kinds: Iterable[Kind]) -> dict[str, Any]:
    """The schema of one document; which kind it is decides about its `spec`."""
    found = tuple(kinds)
    definitions: dict[str, Any] = {}
    for kind in found:
        definitions |= _definitions(kind)
    return {
        "$schema": DRAFT,
        "title": "wifctl manifest",
        "type": "object",
        "properties": {
            "apiVersion": {"const": API_VERSION},
            "kind": {"enum": [kind.name for kind in found]},
            "metadata": _METADATA,
            "spec": {"type": "object"},
            "lifecycle": _LIFECYCLE,
        },
        "required": ["apiVersion", "kind", "metadata"],
        "additionalProperties": False,
        "allOf": [_when(kind) for kind in found],
        "$defs": definitions,
    }


def _when(kind: Kind) -> dict[str, Any]:
    spec = {"$ref": f"#/$defs/{kind.name}"}
    return {
        "if": {"properties": {"kind": {"const": kind.name}}, "required": ["kind"]},
        "then": {"properties": {"spec": spec}},
    }


def _definitions(kind: Kind) -> dict[str, Any]:
    """The spec and its blocks, under names no other kind uses."""
    spec = kind.spec.model_json_schema()
    blocks = spec.pop("$defs", {})
    named = {f"{kind.name}.{name}": _renamed(block, kind.name) for name, block in blocks.items()}
    return {kind.name: {**_renamed(spec, kind.name), "description": kind.summary}, **named}


def _renamed(schema: Any, kind: str) -> Any:
    if isinstance(schema, dict):
        return {k: _member(k, value, kind) for k, value in schema.items() if not _noise(k, value)}
    if isinstance(schema, list):
        return [_renamed(item, kind) for item in schema]
    return schema


def _member(key: str, value: Any, kind: str) -> Any:
    if key == "$ref":
        return value.replace("#/$defs/", f"#/$defs/{kind}.")
    return _renamed(value, kind)


def _noise(key: str, value: Any) -> bool:
    """Titles made from field names, and `default: null`, tell an editor's user nothing."""
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)
