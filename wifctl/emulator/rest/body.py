"""JSON bodies: UTF-8, one object, no constants JSON does not have."""

from __future__ import annotations

import json

from wifctl.emulator.errors import Json, invalid
from wifctl.emulator.rest.message import Request

_START = "Invalid JSON payload received."


def json_body(request: Request) -> Json:
    """The object in a request's body; `{}` without one. Raises INVALID_ARGUMENT."""
    if not request.body:
        return {}
    try:
        body = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise invalid(f"{_START} The body is not valid UTF-8.") from None
    except RecursionError:
        raise invalid(f"{_START} Nesting is too deep.") from None
    except ValueError as error:
        raise invalid(f"{_START} {_reason(error)}") from None
    if not isinstance(body, dict):
        raise invalid(f"{_START} Root element must be a message.")
    return body


def _no_constant(text: str) -> None:
    raise ValueError(f"Unexpected token {text}.")


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}."
    return str(error)
