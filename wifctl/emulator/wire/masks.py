"""Paths of update masks: both spellings in, camelCase out."""

from __future__ import annotations

from collections.abc import Iterable

from wifctl.emulator.wire.shape import Shape


def camel_paths(target: Shape | None, paths: Iterable[str]) -> list[str]:
    """Each path with its fields spelled as in JSON; keys of maps and unknown names as sent."""
    return [_camel(target, path) for path in paths]


def _camel(shape: Shape | None, path: str) -> str:
    keys = path.split(".")
    for i, key in enumerate(keys):
        field = shape.fields.get(key) if shape else None
        if field is None:
            break
        keys[i] = field.json
        shape = field.shape if field.kind == "MESSAGE" and field.value is None else None
    return ".".join(keys).replace("`", "")
