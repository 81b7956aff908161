"""The `name=value,…` text of `--credential-source-headers`, with gcloud’s way around commas."""

from __future__ import annotations


def parse_headers(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The headers in order of giving, and the names given more than once (the last one counts).

    `^;^a=1;b=2` splits at `;` instead of the comma. Raises ValueError, its text a reason that
    quotes no value, when an entry has no name or no `=`.
    """
    headers: dict[str, str] = {}
    repeated: list[str] = []
    for place, entry in enumerate(_entries(text), start=1):
        name, equals, value = entry.partition("=")
        if not name or not equals:
            raise ValueError(f"entry {place} is not name=value")
        if name in headers:
            repeated.append(name)
        headers[name] = value
    return headers, tuple(repeated)


def _entries(text: str) -> list[str]:
    delimiter = ","
    if text.startswith("^") and "^" in text[1:]:
        delimiter, _, text = text[1:].partition("^")
        if not delimiter:
            raise ValueError("the delimiter between the two ^ is empty")
    if not text:
        return []
    closed = text if text.endswith(delimiter) else text + delimiter
    return closed.split(delimiter)[:-1]
