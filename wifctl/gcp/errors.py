"""Both transports' failures → `ApiError`. Bodies and payloads never enter a message."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import google.auth.exceptions
import grpc
import requests
from google.api_core import exceptions as core

from wifctl.api import ApiError, Status
from wifctl.gcp.error_details import NO_DETAILS, Details, from_json, from_messages, header_delay
from wifctl.gcp.retry import is_retryable

PLUGIN_FAILURE = "Getting metadata from plugin failed with error: "
"""How gRPC says that a credential was refused, as an UNAVAILABLE (`libraries.md` §3.2)."""
_NEVER_SENT = ("failed to connect to all addresses", "errors resolving ", "DNS resolution failed")
_LOST = frozenset({Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.INTERNAL, Status.UNKNOWN})

_CODES = {
    1: Status.UNKNOWN,  # CANCELLED: by the channel; a cancelled task never gets here
    2: Status.UNKNOWN,
    3: Status.INVALID_ARGUMENT,
    4: Status.DEADLINE_EXCEEDED,
    5: Status.NOT_FOUND,
    6: Status.ALREADY_EXISTS,
    7: Status.PERMISSION_DENIED,
    8: Status.RESOURCE_EXHAUSTED,
    9: Status.FAILED_PRECONDITION,
    10: Status.ABORTED,
    11: Status.INVALID_ARGUMENT,  # OUT_OF_RANGE
    12: Status.UNIMPLEMENTED,
    13: Status.INTERNAL,
    14: Status.UNAVAILABLE,
    15: Status.INTERNAL,  # DATA_LOSS
    16: Status.UNAUTHENTICATED,
}

_HTTP = {
    400: Status.INVALID_ARGUMENT,
    401: Status.UNAUTHENTICATED,
    403: Status.PERMISSION_DENIED,
    404: Status.NOT_FOUND,
    408: Status.DEADLINE_EXCEEDED,
    409: Status.ABORTED,
    412: Status.FAILED_PRECONDITION,
    429: Status.RESOURCE_EXHAUSTED,
    500: Status.INTERNAL,
    501: Status.UNIMPLEMENTED,
    502: Status.UNAVAILABLE,
    503: Status.UNAVAILABLE,
    504: Status.DEADLINE_EXCEEDED,
}

_REASONS = {
    "alreadyExists": Status.ALREADY_EXISTS,
    "rateLimitExceeded": Status.RESOURCE_EXHAUSTED,
    "userRateLimitExceeded": Status.RESOURCE_EXHAUSTED,
}
"""`errors[].reason` of REST answers that say more than their HTTP code."""


def api_error(
    status: Status,
    message: str,
    details: Details = NO_DETAILS,
    *,
    call: str,
    resource: str,
    sent: bool = True,
) -> ApiError:
    """An error as the ports raise it; `sent`: whether the request may have reached Google."""
    return ApiError(
        status,
        message,
        call=call,
        resource=resource,
        reason=details.reason,
        metadata=details.metadata,
        retryable=is_retryable(status, details.reason, message),
        retry_after=details.retry_after,
        effect_unknown=sent and status in _LOST,
    )


def from_grpc(error: core.GoogleAPICallError, call: str, resource: str) -> ApiError:
    """What a GAPIC client raised."""
    message = str(error.message or "")
    if message.startswith(PLUGIN_FAILURE):
        text = f"the credentials were refused: {message.removeprefix(PLUGIN_FAILURE)}"
        return api_error(Status.UNAUTHENTICATED, text, call=call, resource=resource)
    code = error.grpc_status_code
    status = _CODES[code.value[0]] if isinstance(code, grpc.StatusCode) else Status.UNKNOWN
    sent = not message.startswith(_NEVER_SENT)
    details = from_messages(error.details or ())
    return api_error(status, message, details, call=call, resource=resource, sent=sent)


def from_code(
    code: int, message: str, details: Iterable[Any], call: str, resource: str
) -> ApiError:
    """A `google.rpc.Status`, e.g. of a failed operation; its outcome is known, not lost."""
    found = from_json(details)
    status = _CODES.get(code, Status.UNKNOWN)
    return api_error(status, message, found, call=call, resource=resource, sent=False)


def from_http(
    code: int, headers: Mapping[str, str], body: bytes, call: str, resource: str
) -> ApiError:
    """A REST answer outside 2xx."""
    error = _error_of(body)
    reasons = [str(e.get("reason", "")) for e in error.get("errors", ()) if isinstance(e, dict)]
    listed = next(iter(reasons), "")
    details = from_json(error.get("details", ()))
    details = Details(
        details.reason or listed,
        details.metadata,
        details.retry_after if details.retry_after is not None else header_delay(headers),
    )
    named = str(error.get("status", ""))
    status = Status(named) if named in Status.__members__ else _HTTP.get(code, Status.UNKNOWN)
    status = _REASONS.get(listed, status)
    message = str(error.get("message") or f"HTTP {code}, and no error in the answer")
    return api_error(status, message, details, call=call, resource=resource)


def from_client(error: Exception, call: str, resource: str) -> ApiError:
    """What `requests` or `google.auth` raised instead of an answer."""
    if isinstance(error, google.auth.exceptions.GoogleAuthError):
        if error.retryable or isinstance(error, google.auth.exceptions.TransportError):
            return api_error(
                Status.UNAVAILABLE, _words(error), call=call, resource=resource, sent=False
            )
        text = f"the credentials were refused: {_words(error)}"
        return api_error(Status.UNAUTHENTICATED, text, call=call, resource=resource)
    if isinstance(error, requests.exceptions.SSLError | requests.exceptions.InvalidSchema):
        text = f"no safe connection: {_words(error)}"
        return ApiError(Status.UNAVAILABLE, text, call=call, resource=resource)
    if isinstance(error, requests.exceptions.ReadTimeout):
        return api_error(
            Status.DEADLINE_EXCEEDED, "no answer in time", call=call, resource=resource
        )
    sent = not _never_connected(error)
    text = "the connection was lost" if sent else "no connection could be made"
    return api_error(Status.UNAVAILABLE, text, call=call, resource=resource, sent=sent)


def _never_connected(error: Exception) -> bool:
    if isinstance(error, requests.exceptions.ConnectTimeout | requests.exceptions.ProxyError):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError")


def _words(error: Exception) -> str:
    return str(error.args[0]) if error.args else type(error).__name__


def _error_of(body: bytes) -> Mapping[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    error = parsed.get("error") if isinstance(parsed, dict) else None
    return error if isinstance(error, dict) else {}
