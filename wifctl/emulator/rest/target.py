"""Request targets: path and query, percent-decoded, without tricks."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from wifctl.emulator.errors import invalid

Query = list[tuple[str, str]]

_PLAIN = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[\w.~!$&'()*+,;=:@-]+)+", re.ASCII)
_MAX_PARAMETERS = 1000


def split_target(target: bytes) -> tuple[str, Query]:
    """The decoded path, empty when it plays tricks, and the query. Raises INVALID_ARGUMENT."""
    path, _, query = target.partition(b"?")
    return _path(path), _pairs(query) if query else []


def parse_form(body: bytes) -> dict[str, str]:
    """A form-urlencoded body. Raises INVALID_ARGUMENT."""
    return dict(_pairs(body))


def _path(path: bytes) -> str:
    try:
        text = path.decode("ascii")
        if _PLAIN.fullmatch(text):
            return text
        segments = [unquote(part, errors="strict") for part in text.split("/")]
    except UnicodeDecodeError:
        raise invalid("Invalid path: it is not percent-encoded UTF-8.") from None
    return "" if any(_is_trick(segment) for segment in segments[1:]) else "/".join(segments)


def _is_trick(segment: str) -> bool:
    return segment in ("", ".", "..") or "/" in segment or not segment.isprintable()


def _pairs(query: bytes) -> Query:
    try:
        return parse_qsl(
            query.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_PARAMETERS,
        )
    except ValueError:
        raise invalid("Invalid query string: it is not percent-encoded UTF-8.") from None
