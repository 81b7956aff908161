"""Pages of a list: sizes are cut, tokens are opaque and belong to one list."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from wifctl.emulator.errors import invalid

T = TypeVar("T")


def page(
    items: Sequence[T], request: dict[str, Any], *, default: int, maximum: int, scope: str = ""
) -> tuple[Sequence[T], str]:
    """One page of `items` and the token of the next one (empty on the last).

    Reads `pageSize` and `pageToken`; a size above `maximum` is cut, 0 means `default`, a negative
    one is INVALID_ARGUMENT, as is a token of another list (`scope`) or a mangled one.
    """
    size = int(request.get("pageSize", 0))
    if size < 0:
        raise invalid("page_size must be greater than or equal to 0.")
    start = _offset(str(request.get("pageToken", "")), scope)
    end = start + min(size or default, maximum)
    token = _token(end, scope) if end < len(items) else ""
    return items[start:end], token


def _token(offset: int, scope: str) -> str:
    return base64.urlsafe_b64encode(f"{offset}:{scope}".encode()).decode()


def _offset(token: str, scope: str) -> int:
    if not token:
        return 0
    try:
        offset, _, found = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        if found == scope:
            return int(offset)
    except (binascii.Error, ValueError):
        pass
    raise invalid("The provided page_token is invalid.")
