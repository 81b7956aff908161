"""What the emulator does with each documented field of a resource, found out by asking it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.contract.discovery import document
from tests.support.emulator import Rest

DEPTH = 4
"""How many objects deep the fields of a resource are followed."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of resource: how one is made, read and patched."""

    title: str
    document: str
    schema: str
    collection: str
    id_parameter: str
    base: dict[str, Any]
    samples: dict[str, Any] = field(default_factory=dict)
    """Values by dotted path where one made from the schema would not do."""
    only: str = ""
    """Look at the fields below this one alone."""
    envelope: str = ""
    """The field of the request body that holds the resource, if it is not the body itself."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One documented field."""

    path: str
    schema: dict[str, Any]

    @property
    def output_only(self) -> bool:
        """Whether the document says that the server sets it."""
        text = self.schema.get("description", "")
        return bool(self.schema.get("readOnly")) or text.startswith("Output only")

    @property
    def immutable(self) -> bool:
        """Whether the document says that it cannot change."""
        return "Immutable" in self.schema.get("description", "")[:30]


def fields_of(subject: Subject) -> list[Leaf]:
    """The fields of a subject that its part of the table is about."""
    found = leaves(subject.document, subject.schema)
    return [leaf for leaf in found if leaf.path.startswith(subject.only)]


def leaves(name: str, schema: str, prefix: str = "", depth: int = 0) -> Iterator[Leaf]:
    """The fields of a schema, those of messages in it included."""
    schemas = document(name)["schemas"]
    for key, value in schemas[schema].get("properties", {}).items():
        path = f"{prefix}{key}"
        yield Leaf(path, value)
        if "$ref" in value and depth < DEPTH:
            yield from leaves(name, value["$ref"], f"{path}.", depth + 1)


def sample(name: str, schema: dict[str, Any]) -> Any:
    """A value that fits a schema."""
    if "enum" in schema:
        return schema["enum"][-1]
    if "$ref" in schema:
        return {}
    kind, form = schema.get("type"), schema.get("format", "")
    if kind == "array":
        return [sample(name, schema["items"])]
    if kind == "object":
        return {"k": sample(name, schema.get("additionalProperties", {"type": "string"}))}
    by_kind = {"boolean": True, "integer": 60}
    by_format = {
        "google-datetime": "2090-01-01T00:00:00Z",
        "google-duration": "86400s",
        "int64": "1",
        "byte": "eA==",
    }
    return by_kind.get(kind or "", by_format.get(form, "x"))


def observed(api: Rest, subject: Subject) -> dict[str, str]:
    """What happens to each field, by path: `on create / on patch`."""
    found = {}
    word = subject.title.split()[0]
    for number, leaf in enumerate(fields_of(subject)):
        value = subject.samples.get(leaf.path, sample(subject.document, leaf.schema))
        created = _created(api, subject, f"{word}-make-{number}", leaf.path, value)
        patched = _patched(api, subject, f"{word}-edit-{number}", leaf.path, value)
        found[leaf.path] = f"{created} / {patched}"
    return found


def _created(api: Rest, subject: Subject, object_id: str, path: str, value: Any) -> str:
    body = copy.deepcopy(subject.base)
    _put(body, path, value)
    answer = _create(api, subject, object_id, body)
    if answer.status != 200:
        return f"refused {answer.status}"
    return _seen(_read(api, subject, object_id), path, value)


def _patched(api: Rest, subject: Subject, object_id: str, path: str, value: Any) -> str:
    made = _create(api, subject, object_id, subject.base)
    assert made.status == 200, (subject.title, made.body)
    before = _read(api, subject, object_id)
    body: dict[str, Any] = {}
    _put(body, path, value)
    if subject.envelope:
        wrapped = {subject.envelope: body, "updateMask": path}
        answer = api.patch(_path(subject, object_id), wrapped)
    else:
        answer = api.patch(_path(subject, object_id), body, updateMask=path)
    if answer.status != 200:
        return f"refused {answer.status}"
    after = _read(api, subject, object_id)
    if _at(before, path) == _at(after, path) and _at(after, path) != value:
        return "unchanged"
    return _seen(after, path, value)


def _create(api: Rest, subject: Subject, object_id: str, body: dict[str, Any]) -> Any:
    if subject.envelope:
        wrapped = {subject.id_parameter: object_id, subject.envelope: body}
        return api.post(subject.collection, wrapped)
    return api.post(subject.collection, body, **{subject.id_parameter: object_id})


def _path(subject: Subject, object_id: str) -> str:
    if subject.envelope:
        object_id += "@acme-ci.iam.gserviceaccount.com"
    return f"{subject.collection}/{object_id}"


def _read(api: Rest, subject: Subject, object_id: str) -> dict[str, Any]:
    body = api.get(_path(subject, object_id)).body
    assert isinstance(body, dict)
    return body


def _seen(live: dict[str, Any], path: str, value: Any) -> str:
    shown = _at(live, path)
    if shown is None:
        return "not shown"
    return "echoed" if shown == value else "server's own"


def _at(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    keys = path.split(".")
    for key in keys[:-1]:
        inner = body.get(key)
        body[key] = dict(inner) if isinstance(inner, dict) else {}
        body = body[key]
    body[keys[-1]] = value
