"""When a token ends by its own words, read without trusting it."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime

from wifctl.credentials.configuration.model import AWS4_REQUEST, MTLS, SAML2
from wifctl.trust.oidc.token import TokenFormatError, parse_token

_END = re.compile(rb"""\bNotOnOrAfter\s*=\s*["']([^"']{1,40})["']""")


def expiry_of(token: str, token_type: str) -> float | None:
    """Seconds since 1970, or None for a token that does not say."""
    if token_type == SAML2:
        return _saml(token)
    if token_type in (AWS4_REQUEST, MTLS):
        return None
    return _jwt(token)


def _jwt(token: str) -> float | None:
    try:
        end = parse_token(token).payload.get("exp")
    except TokenFormatError:
        return None
    return float(end) if isinstance(end, int | float) and not isinstance(end, bool) else None


def _saml(token: str) -> float | None:
    """The earliest end an assertion names; a regular expression, as nothing is believed of it."""
    try:
        text = base64.b64decode(token)
    except (ValueError, binascii.Error):
        return None
    ends = [end for found in _END.findall(text) if (end := _instant(found)) is not None]
    return min(ends, default=None)


def _instant(text: bytes) -> float | None:
    try:
        found = datetime.fromisoformat(text.decode("ascii"))
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
