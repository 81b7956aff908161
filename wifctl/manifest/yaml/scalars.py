"""Plain scalars → values: YAML 1.2's core schema, minus what YAML 1.1 readers read differently."""

from __future__ import annotations

import re
from typing import Any

_WORDS: dict[str, Any] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_NUMBER_START = frozenset("0123456789+-.")
MAY_BE_OTHER = frozenset({"", *_NUMBER_START, *"~nNtTfF"})
"""First characters of plain scalars that may be something else than a text."""
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,99})")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]{1,3})?")
_OCTAL = re.compile(r"[-+]?0[0-9_]+|0[oO][0-7_]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]{1,64}")
_SWITCHES = frozenset(
    word for base in ("yes", "no", "on", "off") for word in (base, base.title(), base.upper())
)


def resolve(text: str) -> Any:
    """The value of a plain scalar: null, a truth value, a number, else the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_START:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    return text


def is_octal(text: str) -> bool:
    """Whether YAML 1.1 and 1.2 readers disagree on a number: a leading zero, or `0o17`."""
    return text[0:1] in _OCTAL_START and _OCTAL.fullmatch(text) is not None


_OCTAL_START = frozenset("0+-")


def is_switch(text: object) -> bool:
    """Whether the text is a truth value of YAML 1.1 only: yes, no, on, off."""
    return isinstance(text, str) and text in _SWITCHES
