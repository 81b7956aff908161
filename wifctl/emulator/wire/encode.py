"""Canonical answers → the JSON of the REST door."""

from __future__ import annotations

from typing import Any

from wifctl.emulator.errors import Json
from wifctl.emulator.wire.shape import Field, Shape
from wifctl.emulator.wire.values import default_of


def encode(shape: Shape, value: Json, *, numbers: bool) -> Json:
    """The answer without proto3 defaults and without keys that are no fields.

    With `numbers`, enums are given as numbers (`$alt=json;enum-encoding=int`).
    """
    result: Json = {}
    fields = shape.fields
    for key, item in value.items():
        field = fields.get(key)
        if field is None or item is None:
            continue
        if field.repeated:
            if item:
                result[key] = [_value(field, part, numbers) for part in item]
        elif field.value is not None:
            if item:
                result[key] = {k: _value(field.value, part, numbers) for k, part in item.items()}
        elif field.presence or item != default_of(field):
            result[key] = _value(field, item, numbers)
    return result


def _value(field: Field, value: Any, numbers: bool) -> Any:
    if field.kind == "MESSAGE":
        return encode(field.shape, value, numbers=numbers)
    if numbers and field.enum is not None:
        return field.enum.get(value, value)
    return str(value) if field.kind in ("INT64", "UINT64") else value
