"""Canonical dicts ↔ protobuf messages along their compiled shapes.

Does what json_format does for the same values, in a quarter of its time: a reader of many small
resources feels it.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

from google.protobuf import json_format

from wifctl.emulator.errors import Json
from wifctl.emulator.wire.shape import INTEGERS, Field, Shape


def read(shape: Shape, message: Any) -> Json:
    """The canonical form of a message. Raises ValueError for times that JSON cannot say."""
    result: Json = {}
    fields = shape.fields
    for descriptor, value in message.ListFields():
        field = fields[descriptor.name]
        if field.value is not None:
            inner = field.value
            result[field.json] = {_key(key): _out(inner, item) for key, item in value.items()}
        elif field.repeated:
            result[field.json] = [_out(field, item) for item in value]
        else:
            result[field.json] = _out(field, value)
    return result


def fill(shape: Shape, message: Any, answer: Json) -> None:
    """Put a canonical form into a message; keys that are no fields are passed over."""
    fields = shape.fields
    for key, value in answer.items():
        field = fields.get(key)
        if field is None or value is None:
            continue
        if field.value is not None:
            _fill_map(field.value, getattr(message, field.proto), value)
        elif field.repeated:
            _fill_list(field, getattr(message, field.proto), value)
        elif field.kind in _PLAIN:
            setattr(message, field.proto, _in(field, value))
        else:
            part = getattr(message, field.proto)
            part.SetInParent()
            _fill_part(field, part, value)


_PLAIN = frozenset({"STRING", "BOOL", "DOUBLE", "BYTES", "ENUM", *INTEGERS})
"""Kinds that are set; the others are messages that are filled."""


def _fill_map(field: Field, target: Any, value: Json) -> None:
    for key, item in value.items():
        if field.kind in _PLAIN:
            target[key] = _in(field, item)
        else:
            _fill_part(field, target[key], item)


def _fill_list(field: Field, target: Any, value: list[Any]) -> None:
    if field.kind in _PLAIN:
        target.extend(_in(field, item) for item in value)
        return
    for item in value:
        _fill_part(field, target.add(), item)


def _fill_part(field: Field, part: Any, value: Any) -> None:
    match field.kind:
        case "MESSAGE":
            fill(field.shape, part, value)
        case "Timestamp":
            _fill_time(part, value)
        case "Duration":
            part.FromJsonString(value)
        case "FieldMask":
            part.paths.extend(value)
        case _:
            pool = _pool_of(value)
            json_format.ParseDict(value, part, ignore_unknown_fields=True, descriptor_pool=pool)


def _pool_of(value: Any) -> Any:
    """Where the type of an Any is described: operations carry messages that are written down."""
    from wifctl.emulator.protos import POOL

    url = value.get("@type", "") if isinstance(value, dict) else ""
    try:
        POOL.FindMessageTypeByName(url.rpartition("/")[2])
    except KeyError:
        return None
    return POOL


def _fill_time(part: Any, text: str) -> None:
    if not text.endswith("Z") or len(text) > _MICROSECONDS:
        part.FromJsonString(text)  # offsets, nanoseconds
        return
    since = datetime.fromisoformat(text) - _EPOCH
    part.seconds = since.days * 86400 + since.seconds
    part.nanos = since.microseconds * 1000


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS = len("2026-01-31T12:00:00.123456Z")


def _in(field: Field, value: Any) -> Any:
    match field.kind:
        case "ENUM":
            return (field.enum or {}).get(value, value)
        case "BYTES":
            return base64.b64decode(value)
        case kind if kind in INTEGERS:
            return int(value)
        case _:
            return value


def _out(field: Field, value: Any) -> Any:
    match field.kind:
        case "STRING" | "BOOL" | "DOUBLE" | "INT32" | "UINT32":
            return value
        case "MESSAGE":
            return read(field.shape, value)
        case "ENUM":
            return (field.numbers or {}).get(value, value)
        case "INT64" | "UINT64":
            return str(value)
        case "BYTES":
            return base64.b64encode(value).decode()
        case "FieldMask":
            return list(value.paths)
        case "Timestamp" | "Duration":
            return value.ToJsonString()
        case _:
            return json_format.MessageToDict(value)


def _key(key: Any) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)
