"""A compact JWS taken apart by hand: nothing is trusted yet, and nothing is read twice."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

EMPTY = "there is no token: the text is empty"
MAX_TOKEN = 131_072
"""Characters; far more than any issuer's token, few enough to parse at once."""


@dataclass(frozen=True, slots=True)
class ParsedToken:
    """The parts of `header.payload.signature`; the signature has not been verified."""

    header: Mapping[str, object]
    payload: Mapping[str, object]
    signing_input: bytes = field(repr=False)
    signature: bytes = field(repr=False)


class TokenFormatError(ValueError):
    """The text is no JWT; the message says why and never quotes it."""


def parse_token(text: str) -> ParsedToken:
    """Take a JWT apart; duplicate members, other encodings and non-JSON numbers are refused.

    Raises TokenFormatError.
    """
    if not text.strip():
        raise TokenFormatError(EMPTY)
    if len(text) > MAX_TOKEN:
        raise TokenFormatError(f"the token has more than {MAX_TOKEN} characters")
    parts = text.split(".")
    if len(parts) != 3:
        raise TokenFormatError(f"a JWT has 3 parts joined by dots, this has {len(parts)}")
    header, payload = _decoded(parts[0], "header"), _decoded(parts[1], "payload")
    signature = _decoded(parts[2], "signature")
    signing_input = f"{parts[0]}.{parts[1]}".encode("ascii")
    return ParsedToken(
        _object(header, "header"), _object(payload, "payload"), signing_input, signature
    )


def _decoded(part: str, name: str) -> bytes:
    """Base64url without padding, in its one canonical spelling."""
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise TokenFormatError(f"the {name} is not base64url") from None
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
        raise TokenFormatError(f"the {name} is not canonical base64url without padding")
    return raw


def _object(raw: bytes, name: str) -> Mapping[str, object]:
    try:
        return strict_object(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise TokenFormatError(f"the {name} is not UTF-8") from None
    except ValueError as error:
        raise TokenFormatError(f"the {name} {error}") from None


def strict_object(text: str) -> Mapping[str, object]:
    """A JSON object without duplicate members, NaN or infinities; raises ValueError."""
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg}") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("is not a JSON object")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"holds the member {twice!r} more than once")
    return members


def _no_constant(name: str) -> object:
    raise ValueError(f"holds {name}, which is not JSON")
