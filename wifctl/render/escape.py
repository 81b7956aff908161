"""Text from outside, made safe for a terminal: control and direction characters become escapes."""

from __future__ import annotations

import re

# C0, DEL, C1, line and paragraph separators, and the characters that reorder what one reads.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_UNSAFE_IN_JSON = re.compile(_UNSAFE.pattern.replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printable(text: str) -> str:
    """One line in which nothing moves the cursor, hides or reorders."""
    return _UNSAFE.sub(_escaped, text)


def printable_lines(text: str) -> list[str]:
    """The lines of a longer text, each printable."""
    return [printable(line) for line in text.split("\n")]


def safe_json(text: str) -> str:
    """JSON in which the same characters are written as JSON's own escapes; line breaks stay."""
    return _UNSAFE_IN_JSON.sub(_json_escaped, text)


def _json_escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _escaped(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
