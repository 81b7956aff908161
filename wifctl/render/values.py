"""Values as a reader wants them: short ones on a line, long texts broken where they may be."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from wifctl.render.escape import printable, printable_lines
from wifctl.resource import Later

LONGEST = 72
"""Characters of a value that still stands on one line."""

_CEL_BREAK = re.compile(r"\s*(?=&&|\|\|)")
_XML_BREAK = re.compile(r">\s*<")


def inline(value: Any) -> str:
    """A value on one line."""
    if value is None:
        return "(unset)"
    if isinstance(value, Later):
        return str(value)
    if isinstance(value, str):
        return f'"{printable(value)}"'
    if holds_later(value):
        value = settled(value)
    return printable(json.dumps(value, ensure_ascii=False, sort_keys=True))


def is_long(value: Any) -> bool:
    """Whether a value wants lines of its own."""
    if isinstance(value, str):
        return len(value) > LONGEST or "\n" in value
    return isinstance(value, dict | list) and len(inline(value)) > LONGEST


def text_lines(value: Any) -> list[str]:
    """A long value as lines that can be compared with another's: JSON indented, XML by element,
    a condition by operand."""
    if value is None:
        return []
    if not isinstance(value, str):
        return printable_lines(json.dumps(settled(value), indent=2, ensure_ascii=False))
    text = value.strip()
    if text.startswith(("{", "[")) and (parsed := _json(text)) is not None:
        return printable_lines(json.dumps(parsed, indent=2, ensure_ascii=False))
    if text.startswith("<"):
        return printable_lines(_XML_BREAK.sub(">\n<", text))
    if "\n" not in text and "-----BEGIN" not in text:
        return [printable(part) for part in _CEL_BREAK.split(text) if part]
    return printable_lines(text)


def holds_later(value: Any) -> bool:
    """Whether some part of a value is known only after apply."""
    if isinstance(value, Mapping):
        return any(map(holds_later, value.values()))
    if isinstance(value, list | tuple):
        return any(map(holds_later, value))
    return isinstance(value, Later)


def settled(value: Any) -> Any:
    """The value as plain JSON, what is open written as text."""
    if isinstance(value, Mapping):
        return {key: settled(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [settled(item) for item in value]
    return str(value) if isinstance(value, Later) else value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
