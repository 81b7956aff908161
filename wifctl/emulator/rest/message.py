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


_FIXED = (
    b"\r\nServer: ESF\r\nContent-Type: application/json; charset=UTF-8"
    b"\r\nVary: Origin, X-Origin, Referer\r\nX-Content-Type-Options: nosniff"
    b"\r\nX-Frame-Options: SAMEORIGIN\r\nX-Xss-Protection: 0\r\nContent-Length: "
)
_HEADS = {
    status.value: f"HTTP/1.1 {status.value} {status.phrase}".encode() + _FIXED
    for status in HTTPStatus
}


def render(status: int, body: Json, *, keep_alive: bool = True, head_only: bool = False) -> bytes:
    """The bytes of an answer."""
    content = json.dumps(body, separators=(",", ":")).encode()
    head = _HEADS.get(status) or f"HTTP/1.1 {status} ".encode() + _FIXED
    close = b"" if keep_alive else b"\r\nConnection: close"
    text = b"%b%d%b\r\n\r\n" % (head, len(content), close)
    return text if head_only else text + content
