"""A whole state as YAML: for tests that start from one, and for people who want to look."""

from __future__ import annotations

from typing import Any

import yaml

from wifctl.emulator.errors import invalid
from wifctl.emulator.store import Store

VERSION = 1


def export_yaml(store: Store) -> str:
    """Everything in the store, by kind and name."""
    objects = {kind: dict(store.walk(kind)) for kind in store.kinds()}
    filled = {kind: found for kind, found in objects.items() if found}
    document = {"version": VERSION, "objects": filled}
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def import_yaml(store: Store, text: bytes) -> int:
    """Replace everything by an exported state; the number of objects. Raises INVALID_ARGUMENT."""
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, UnicodeDecodeError) as error:
        raise invalid(f"The state is not YAML: {error}") from None
    kinds = _kinds(document)
    store.clear()
    count = 0
    for kind, objects in kinds.items():
        for name, value in objects.items():
            store.put(kind, name, value)
            count += 1
    return count


def _kinds(document: Any) -> dict[str, dict[str, Any]]:
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise invalid(f"The state must be a mapping with version: {VERSION}.")
    kinds: Any = document.get("objects", {})
    shaped = isinstance(kinds, dict) and all(
        isinstance(objects, dict) and all(isinstance(v, dict) for v in objects.values())
        for objects in kinds.values()
    )
    if not shaped:
        raise invalid("The state's objects must map kinds to names to values.")
    return dict(kinds)
