"""A claim by its path: the value, and how an expression spells the way to it."""

from __future__ import annotations

from collections.abc import Mapping

from wifctl.trust.cel.ast import Path

Data = Mapping[str, object]
MISSING = object()


def lookup(path: Path, data: Data) -> object:
    """The value a path leads to, or MISSING."""
    return walk(path, data)[0]


def walk(path: Path, data: Data) -> tuple[object, int]:
    """The value a path leads to (or MISSING), and how many parts of the path exist."""
    value: object = data
    for depth, part in enumerate(path):
        inner = _part(value, part)
        if inner is MISSING:
            return MISSING, depth
        value = inner
    return value, len(path)


def _part(value: object, part: str | int) -> object:
    if isinstance(value, Mapping):
        return value.get(part, MISSING)
    if isinstance(value, list) and isinstance(part, int) and 0 <= part < len(value):
        return value[part]
    return MISSING


def spelled(path: Path) -> str:
    """A path as an expression spells it, e.g. `assertion['kubernetes.io'].namespace`."""
    text = str(path[0])
    for part in path[1:]:
        plain = isinstance(part, str) and part.isidentifier()
        text += f".{part}" if plain else f"[{part!r}]"
    return text


def described(value: object) -> str:
    """A value with the name of its type, e.g. `the text 'true'`."""
    names = {bool: "the boolean", str: "the text", int: "the number", float: "the number"}
    kind = names.get(type(value))
    return f"{kind} {spelled_literal(value)}" if kind else f"a {type(value).__name__}"


def spelled_literal(value: object) -> str:
    """A value as CEL writes it."""
    return str(value).lower() if isinstance(value, bool) else repr(value)
