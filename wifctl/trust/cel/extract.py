"""`extract`, the one function Google adds to CEL for identities (IAM conditions reference)."""

from __future__ import annotations

import re

_TEMPLATE = re.compile(r"([^{}]*)\{[^{}]+\}([^{}]*)", re.DOTALL)


def extract(text: str, template: str) -> str:
    """The part of `text` that the `{name}` of the template stands for, or "" without a match.

    It lies between the first occurrence of the template's prefix and the next occurrence of its
    suffix; an empty prefix means the start, an empty suffix the end. Raises ValueError for a
    template that has not exactly one `{name}`, and for a value with a NUL in it.
    """
    found = _TEMPLATE.fullmatch(template)
    if not found:
        raise ValueError("extract: the template needs exactly one {name}")
    value = _between(text, *found.groups())
    if "\0" in value:
        raise ValueError("extract: the library would cut the value at its NUL character")
    return value


def _between(text: str, prefix: str, suffix: str) -> str:
    at = text.find(prefix)
    rest = text[at + len(prefix) :] if at >= 0 else ""
    end = rest.find(suffix) if suffix else len(rest)
    return rest[:end] if end >= 0 else ""
