"""JSON Schema of manifests, for editors with a YAML language server (draft 7)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from wifctl.kinds.base import Kind
from wifctl.kinds.registry import MODULES, kind
from wifctl.manifest.documents import API_VERSION, HAS_UNIQUE_ID, NAME
from wifctl.manifest.specs import NEEDS_WHOLE_SPEC
from wifctl.resource import OnDeleted, State

DRAFT = "http://json-schema.org/draft-07/schema#"
FILE = "wifctl.v1.json"
Schema = dict[str, Any]

_TEXT = {"type": "string"}
_TEMPLATE = {"type": "string", "pattern": r"\{\{", "description": "A template: `{{ … }}`."}
_METADATA: Schema = {
    "type": "object",
    "description": "What the object is called, and where it is.",
    "properties": {
        "name": {
            "anyOf": [
                {**_TEXT, "pattern": f"^{NAME.pattern}$"},
                {"$ref": "#/definitions/template"},
            ],
            "description": "Unique per kind and project; for references only.",
        },
        "id": {**_TEXT, "description": "The resource id; default: the name."},
        "project": {**_TEXT, "description": "The project; default: from wifctl.yaml."},
        "uniqueId": {**_TEXT, "description": "A service account's unique id, for its undelete."},
    },
    "required": ["name"],
    "additionalProperties": False,
}
_LIFECYCLE: Schema = {
    "type": "object",
    "description": "How the object comes and goes.",
    "properties": {
        "state": {
            "enum": [state.value for state in State],
            "description": "`absent`: the object is deleted; identity fields are enough then.",
        },
        "onDeleted": {
            "enum": [choice.value for choice in OnDeleted],
            "description": "What to do when the wanted object is soft-deleted.",
        },
        "preventDestroy": {
            "type": "boolean",
            "description": "`true`: no plan may delete the object.",
        },
    },
    "additionalProperties": False,
}
_ABSENT: Schema = {
    "properties": {
        "lifecycle": {
            "properties": {"state": {"const": State.ABSENT.value}},
            "required": ["state"],
        }
    },
    "required": ["lifecycle"],
}


def document_schema() -> Schema:
    """The schema of one document of any kind; `kind` decides about its `spec`."""
    return _schema([kind(name) for name in MODULES], "A wifctl manifest")


def kind_schema(name: str) -> Schema:
    """The schema of one kind's documents. Raises KeyError for a name no registry holds."""
    return _schema([kind(name)], f"A wifctl manifest of kind {name}")


def all_schemas() -> Mapping[str, str]:
    """File name → text of every schema that is committed under `schemas/`."""
    schemas = {FILE: document_schema()}
    schemas |= {f"kinds/{name}.json": kind_schema(name) for name in MODULES}
    return {
        file: json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for file, schema in schemas.items()
    }


def _schema(kinds: list[Kind], title: str) -> Schema:
    definitions: Schema = {"template": _TEMPLATE}
    for found in kinds:
        definitions |= _definitions(found)
    return {
        "$schema": DRAFT,
        "title": title,
        "type": "object",
        "properties": {
            "apiVersion": {"const": API_VERSION, "description": "Always this one."},
            "kind": {
                "enum": [found.name for found in kinds],
                "description": "What the document declares.",
            },
            "metadata": _METADATA,
            "spec": {"type": "object", "description": "The fields of the kind."},
            "lifecycle": _LIFECYCLE,
        },
        "required": ["apiVersion", "kind", "metadata"],
        "additionalProperties": False,
        "allOf": [_when(found) for found in kinds],
        "definitions": definitions,
    }


def _when(found: Kind) -> Schema:
    """What holds for documents of one kind."""
    properties: Schema = {"spec": {"$ref": f"#/definitions/{found.name}"}}
    if found.name != HAS_UNIQUE_ID:
        properties["metadata"] = {"properties": {"uniqueId": False}}
    then: Schema = {"properties": properties}
    required = [
        info.alias or n for n, info in found.spec.model_fields.items() if info.is_required()
    ]
    if required:
        whole = {"required": ["spec"], "properties": {"spec": {"required": required}}}
        may_lack = found.remote is not None and found.name not in NEEDS_WHOLE_SPEC
        then |= {"if": _ABSENT, "else": whole} if may_lack else {"allOf": [whole]}
    return {
        "if": {"properties": {"kind": {"const": found.name}}, "required": ["kind"]},
        "then": then,
    }


def _definitions(found: Kind) -> Schema:
    """The spec and its blocks, under names no other kind uses."""
    spec = found.spec.model_json_schema()
    blocks = spec.pop("$defs", {})
    named = {f"{found.name}.{name}": _clean(block, found.name) for name, block in blocks.items()}
    top = _clean(spec, found.name)
    top.pop("required", None)
    return {found.name: {**top, "description": found.summary}, **named}


def _clean(schema: Any, name: str) -> Any:
    """Without noise, with references renamed and templates allowed in the place of values."""
    if isinstance(schema, list):
        return [_clean(item, name) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if not _is_noise(key, value)}
    found: Schema = {}
    for key, value in kept.items():
        if key == "$ref":
            found[key] = value.replace("#/$defs/", f"#/definitions/{name}.")
        elif key == "properties":
            found[key] = {k: _or_template(_clean(v, name)) for k, v in value.items()}
        else:
            found[key] = _clean(value, name)
    return found


def _is_noise(key: str, value: Any) -> bool:
    """Titles made from field names, and `default: null`, tell an editor's user nothing."""
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)


_ABOUT = ("description", "default", "writeOnly", "x-wifctl-immutable", "x-wifctl-reference")


def _or_template(schema: Schema) -> Schema:
    """The schema of a value that may also be a template, unless any text fits anyway."""
    alternatives = schema.get("anyOf", [schema])
    if any(a.get("type") == "string" and len(_limits(a)) == 1 for a in alternatives):
        return schema
    about = {key: schema[key] for key in _ABOUT if key in schema}
    given = schema.get("anyOf") or [{k: v for k, v in schema.items() if k not in about}]
    return {**about, "anyOf": [*given, {"$ref": "#/definitions/template"}]}


def _limits(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key not in _ABOUT}
