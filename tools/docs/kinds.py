"""The pages of kinds: every field, from the schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from wifctl.kinds.base import Kind
from wifctl.kinds.registry import kind as kind_of
from wifctl.kinds.registry import kinds

Schema = dict[str, Any]


def kinds_page() -> str:
    """Markdown of all kinds."""
    found = kinds()
    parts = ["# Kinds", "", INTRODUCTION, "", *_contents(found)]
    for kind in found:
        parts += ["", *_kind(kind)]
    parts += ["", *_shared()]
    return "\n".join(parts).rstrip() + "\n"


INTRODUCTION = """\
Every document has `apiVersion: wifctl/v1`, `kind`, `metadata` and `spec`. Fields of `spec` are
Google's own, in their REST spelling. Marks: **cannot change** (a plan that would change it is
refused), **not observable** (Google never returns it), **file** (also `{file: path}`)."""


def _contents(found: tuple[Kind, ...]) -> Iterator[str]:
    yield "| kind | what it is |"
    yield "|---|---|"
    for kind in found:
        yield f"| [{kind.name}](#{kind.name.lower()}) | {kind.summary} |"


def _kind(kind: Kind) -> Iterator[str]:
    yield f"## {kind.name}"
    yield ""
    yield kind.summary + (f" [Google's page]({kind.document})." if kind.document else "")
    if kind.example:
        yield ""
        yield f"```yaml\n{kind.example.strip()}\n```"
    schema = kind.spec.model_json_schema()
    rows = list(_rows(schema, schema.get("$defs", {}), kind, ""))
    if rows:
        yield ""
        yield "| field of `spec` | type | about |"
        yield "|---|---|---|"
        yield from rows


SHARED = {
    "AccessEntry": ("Access", "An entry of `access:`: one role on the object, and who gets it."),
    "MemberForm": ("Members", "A member is Google's own string, or one of these."),
    "ConditionSpec": ("Conditions", "An IAM condition; all of it is part of the binding."),
}
"""Blocks many kinds use, told once."""


def _shared() -> Iterator[str]:
    kind = kind_of("ServiceAccount")
    blocks = kind.spec.model_json_schema()["$defs"]
    for name, (title, about) in SHARED.items():
        yield from (f"## {title}", "", about, "", "| field | type | about |", "|---|---|---|")
        yield from _rows(blocks[name], blocks, kind, "")
        yield ""


def _rows(schema: Schema, blocks: Schema, kind: Kind, prefix: str) -> Iterator[str]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        path = f"{prefix}{name}"
        inner, suffix = _inner(field, blocks)
        about = _about(field, kind, path, name in required)
        if told := _told_once(field):
            about = f"{about} See [{told}](#{told.lower()})."
        yield f"| `{path}` | {_type(field, blocks)} | {about} |"
        if inner is not None and not told and path.count(".") < 4:
            yield from _rows(inner, blocks, kind, f"{path}{suffix}.")


def _told_once(field: Schema) -> str:
    text = json.dumps(field)
    return next((t for name, (t, _) in SHARED.items() if f'/{name}"' in text), "")


def _inner(field: Schema, blocks: Schema) -> tuple[Schema | None, str]:
    """The block a field holds, directly or in a list or map."""
    for option in _options(field):
        if "$ref" in option:
            return _resolved(option, blocks), ""
        if "$ref" in option.get("items", {}):
            return _resolved(option["items"], blocks), "[]"
        if "$ref" in _values(option):
            return _resolved(_values(option), blocks), ".*"
        if "anyOf" in option.get("items", {}):
            inner, _ = _inner(option["items"], blocks)
            return inner, "[]"
    return None, ""


def _resolved(schema: Schema, blocks: Schema) -> Schema:
    found: Schema = blocks[schema["$ref"].removeprefix("#/$defs/")]
    return found


def _values(option: Schema) -> Schema:
    values = option.get("additionalProperties")
    return values if isinstance(values, dict) else {}


def _options(field: Schema) -> list[Schema]:
    """The alternatives a field takes, `null` aside."""
    if "anyOf" not in field:
        return [] if field.get("type") == "null" else [field]
    return [option for inner in field["anyOf"] for option in _options(inner)]


def _type(field: Schema, blocks: Schema) -> str:
    names = dict.fromkeys(_type_name(option, blocks) for option in _options(field))
    return " or ".join(name for name in names if name)


def _type_name(option: Schema, blocks: Schema) -> str:
    if "enum" in option:
        return ", ".join(f"`{value}`" for value in option["enum"])
    if "const" in option:
        return f"`{option['const']}`"
    if "$ref" in option:
        return "block"
    kind = option.get("type", "")
    if kind == "array":
        return f"list of {_type(option['items'], blocks)}"
    if kind == "object" and "file" in option.get("properties", {}):
        return ""
    if kind == "object":
        return f"map of {_type(_values(option), blocks) or 'string'}"
    return str(kind) if kind else "any"


def _about(field: Schema, kind: Kind, path: str, is_required: bool) -> str:
    rule = kind.rules.get(path)
    marks = ["**required**"] if is_required else []
    if rule and rule.immutable:
        marks.append("**cannot change**")
    if rule and rule.input_only:
        marks.append("**not observable**")
    if rule and rule.default is not None:
        marks.append(f"default `{json.dumps(rule.default)}`")
    if any("file" in option.get("properties", {}) for option in field.get("anyOf", ())):
        marks.append("**file**")
    if wanted := _reference(field):
        marks.append(f"reference to {wanted}")
    text = field.get("description", "").replace("|", "\\|").replace("\n", " ")
    return f"{text} {'; '.join(marks)}".strip()


def _reference(field: Schema) -> str:
    found = field.get("x-wifctl-reference") or next(
        (o["x-wifctl-reference"] for o in field.get("anyOf", ()) if "x-wifctl-reference" in o), ()
    )
    return " or ".join(found)
