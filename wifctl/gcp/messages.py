"""Protobuf messages ↔ the REST JSON of the ports, and field masks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from google.protobuf import field_mask_pb2, json_format
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from wifctl.api import ApiError, Json, Status

M = TypeVar("M", bound=Message)


def raw(message: Any) -> Any:
    """The protobuf message inside a proto-plus one; others as they are."""
    unwrap = getattr(type(message), "pb", None)
    return unwrap(message) if unwrap else message


def to_json(message: Any) -> dict[str, Any]:
    """REST JSON: camelCase, proto3 defaults omitted, enums by name, int64 as text."""
    return json_format.MessageToDict(raw(message))


def from_json(body: Json, message: M, call: str, resource: str) -> M:
    """Fill a message; a field the installed client library does not know is refused."""
    try:
        return json_format.ParseDict(dict(body), message)
    except json_format.ParseError as error:
        text = f"the client library cannot send this: {error}"
        raise ApiError(Status.INVALID_ARGUMENT, text, call=call, resource=resource) from error


def mask_of(descriptor: Descriptor, paths: Iterable[str]) -> field_mask_pb2.FieldMask:
    """A field mask from JSON paths. Only field names are respelled, never the keys of a map."""
    return field_mask_pb2.FieldMask(paths=[_path(descriptor, path) for path in paths])


def without(body: Json, *keys: str) -> dict[str, Any]:
    """A body without some of its top-level keys."""
    return {key: value for key, value in body.items() if key not in keys}


def _path(descriptor: Descriptor | None, path: str) -> str:
    steps: list[str] = []
    rest = path
    while rest:
        if descriptor is None or descriptor.GetOptions().map_entry:
            return ".".join((*steps, rest))
        step, _, rest = rest.partition(".")
        field = _field(descriptor, step)
        steps.append(field.name if field else _snake(step))
        descriptor = field.message_type if field else None
    return ".".join(steps)


def _field(descriptor: Descriptor, name: str) -> Any:
    by_json: Mapping[str, Any] = descriptor.fields_by_camelcase_name
    return by_json.get(name) or descriptor.fields_by_name.get(name)


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda found: f"_{found[0].lower()}", name)
