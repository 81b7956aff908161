"""`extract`, the one function Google adds to CEL for identities (IAM conditions reference)."""

from __future__ import annotations

import re

_TEMPLATE = re.compile(r"([^{}]*)\{[^{}]+\}([^{}]*)", re.DOTALL)


def extract(text: str, template: str) -> str:
    """The part of `text` that the `{name}` of the template stands for, or "" without a match.

    It lies between the first occurrence of the template's prefix and the next occurrence of its
    suffix; an empty prefix means the start, an empty suffix the end. Raises ValueError for a
    template that has not exactly one `{name}`.
    """
    found = _TEMPLATE.fullmatch(template)
    if not found:
        raise ValueError("extract: the template needs exactly one {name}")
    prefix, suffix = found.groups()
    _, matched, rest = text.partition(prefix) if prefix else ("", "start", text)
    if not matched:
        return ""
    if not suffix:
        return rest
    value, matched, _ = rest.partition(suffix)
    return value if matched else ""
