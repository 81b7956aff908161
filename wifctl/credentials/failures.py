"""Why a token could not be had, in words that never hold a token."""

from __future__ import annotations

import json
from collections.abc import Iterable

from wifctl.diagnostics import Diagnostic, WifctlError

UNAVAILABLE = "token-unavailable"
REFUSED = "token-refused"
_LONGEST = 500
_SHORTEST_SECRET = 6


class TokenUnavailableError(WifctlError):
    """The token from outside could not be obtained."""


class TokenRefusedError(WifctlError):
    """Google refused to exchange a token, or to impersonate."""

    def __init__(self, service: str, status: int, error: str, description: str) -> None:
        detail = f": {description}" if description else ""
        text = f"{service} refused with status {status}, {error or 'no reason'}{detail}"
        super().__init__(Diagnostic(REFUSED, text))
        self.service = service
        self.status = status
        self.error = error
        self.description = description


def unavailable(message: str, fix: str = "") -> TokenUnavailableError:
    """The error for a source that gives no token."""
    return TokenUnavailableError(Diagnostic(UNAVAILABLE, message, fix=fix))


def reason(body: bytes, secrets: Iterable[str] = ()) -> tuple[str, str]:
    """Error and description of an OAuth, Google or Azure error body, without the secrets sent.

    A body of another shape says nothing: it may be a page that repeats what was sent.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    if not isinstance(found, dict):
        return "", ""
    error = found.get("error", "")
    if isinstance(error, dict):
        pair = error.get("status") or error.get("code") or "", error.get("message", "")
    else:
        pair = error, found.get("error_description", "")
    first, second = (redacted(str(text), secrets) for text in pair)
    return first, second


def redacted(text: str, secrets: Iterable[str]) -> str:
    """A text with every secret taken out, on one line, of a length a terminal can bear."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "[secret]")
    return " ".join(text.split())[:_LONGEST]
