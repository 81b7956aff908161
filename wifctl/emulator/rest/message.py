"""HTTP requests and answers as values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus

from wifctl.emulator.errors import Json

BODY_LIMIT = 10 * 1024 * 1024
"""Bytes a request body may have."""
HEADER_LIMIT = 64 * 1024
"""Bytes all headers together, or the target, may have."""


@dataclass(slots=True)
class Request:
    """One request as it arrives; header names in lower case, the last one of a name wins."""

    verb: str = ""
    target: bytes = b""
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    keep_alive: bool = True


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer of any content type, e.g. a package."""

    status: int
    type: str
    body: bytes = field(repr=False)
    headers: tuple[tuple[str, str], ...] = ()


_HEADERS = (
    b"\r\nServer: ESF\r\nVary: Origin, X-Origin, Referer\r\nX-Content-Type-Options: nosniff"
    b"\r\nX-Frame-Options: SAMEORIGIN\r\nX-Xss-Protection: 0\r\nContent-Type: "
)
_JSON = b"application/json; charset=UTF-8"
_YAML = b"application/yaml; charset=UTF-8"
_LINES = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}".encode() for status in HTTPStatus
}
_encode = json.JSONEncoder(separators=(",", ":")).encode


def render(
    status: int, body: Json | str, *, keep_alive: bool = True, head_only: bool = False
) -> bytes:
    """The bytes of an answer: JSON, or YAML when the body is a text."""
    text = isinstance(body, str)
    content = (body if isinstance(body, str) else _encode(body)).encode()
    line = _LINES.get(status) or f"HTTP/1.1 {status} ".encode()
    head = b"%b%b%b\r\nContent-Length: %d%b\r\n\r\n" % (
        line,
        _HEADERS,
        _YAML if text else _JSON,
        len(content),
        b"" if keep_alive else b"\r\nConnection: close",
    )
    return head if head_only else head + content


def as_json(status: int, body: Json, headers: tuple[tuple[str, str], ...] = ()) -> Raw:
    """A JSON answer with headers of its own."""
    return Raw(status, _JSON.decode(), _encode(body).encode(), headers)


def render_raw(found: Raw, *, keep_alive: bool = True, head_only: bool = False) -> bytes:
    """The bytes of an answer that is no JSON of an API."""
    headers = {
        "Content-Type": found.type,
        "Content-Length": str(len(found.body)),
        **dict(found.headers),
        **({} if keep_alive else {"Connection": "close"}),
    }
    line = _LINES.get(found.status) or f"HTTP/1.1 {found.status} ".encode()
    rows = "".join(f"\r\n{name}: {value}" for name, value in headers.items())
    head = line + rows.encode("latin-1") + b"\r\n\r\n"
    return head if head_only else head + found.body
