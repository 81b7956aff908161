"""How package clients sign in: an access token as password of HTTP Basic, or as bearer token."""

from __future__ import annotations

import binascii
from base64 import b64decode

from wifctl.emulator.callers import unauthenticated
from wifctl.emulator.errors import ApiError
from wifctl.emulator.rest.message import Request

USER = "oauth2accesstoken"
"""What keyrings, and everybody who has a token, send as the user."""
CHALLENGE = 'Basic realm="Artifact Registry"'


def token_of(request: Request) -> str:
    """The access token of a request, or empty. Raises UNAUTHENTICATED for other kinds of login."""
    kind, _, value = request.headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    match kind.lower():
        case "":
            return ""
        case "bearer":
            return value.strip()
        case "basic":
            return _password(value.strip())
        case _:
            raise _refused(f"logins of type {kind!r} are not taken")


def _password(encoded: str) -> str:
    try:
        user, _, password = b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise _refused("the Authorization header is not Base64") from None
    if user != USER:
        raise _refused(f"the user must be {USER!r}, not {user!r}; keys are not served here")
    if not password:
        raise _refused("the password, an access token, is empty")
    return password


def _refused(why: str) -> ApiError:
    error = unauthenticated("CREDENTIALS_MISSING")
    return ApiError(error.status, error.message, details=error.details, remark=f"({why})")
