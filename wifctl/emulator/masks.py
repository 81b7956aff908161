"""Update masks: which fields of a resource a patch replaces."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from wifctl.emulator.errors import invalid

Json = dict[str, Any]


def masked(live: Json, sent: Json, mask: Iterable[str]) -> Json:
    """A copy of `live` in which each masked path has the value of `sent`, or is gone.

    A path below a map (`labels.team`) replaces one entry. `*` replaces everything.
    """
    paths = list(mask)
    if "*" in paths:
        return dict(sent)
    result = dict(live)
    for path in paths:
        _replace(result, sent, path.split("."))
    return result


def check_mask(mask: Collection[str], mutable: Collection[str], immutable: Collection[str]) -> None:
    """Refuse a path that is no field, or one that cannot change.

    `mutable` and `immutable` are top-level or dotted camelCase fields; a path below or above a
    mutable one is fine.
    """
    for path in mask:
        if any(_related(path, field) for field in mutable) or path == "*":
            continue
        if any(_related(path, field) for field in immutable):
            raise invalid("Attempted to update an immutable field.")
        raise invalid(f"Invalid field mask: {path} is not a field that can be updated.")


def _related(path: str, field: str) -> bool:
    return path == field or path.startswith(f"{field}.") or field.startswith(f"{path}.")


def _replace(target: Json, source: Any, keys: list[str]) -> None:
    key, rest = keys[0], keys[1:]
    whole = ".".join(keys)
    if whole in target or (isinstance(source, dict) and whole in source):
        key, rest = whole, []  # a key of a map that has dots itself
    present = isinstance(source, dict) and key in source
    if not rest:
        if present:
            target[key] = source[key]
        else:
            target.pop(key, None)
        return
    below = source[key] if present else {}
    if isinstance(target.get(key), dict):
        target[key] = dict(target[key])
    elif present:
        target[key] = {}
    else:
        return
    _replace(target[key], below, rest)
