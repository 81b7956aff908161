"""The REST door's work: a request → the method it means → status and JSON."""

from __future__ import annotations

from wifctl.emulator.errors import ApiError, Json, not_found
from wifctl.emulator.kernel import Kernel
from wifctl.emulator.rest.body import json_body
from wifctl.emulator.rest.message import Request
from wifctl.emulator.rest.target import Query, parse_form, split_target
from wifctl.emulator.routing import Match
from wifctl.emulator.service import google_error
from wifctl.emulator.wire.decode import add_query, decode_body, finish
from wifctl.emulator.wire.encode import encode

Answer = tuple[int, Json | str]
_FORM = b"application/x-www-form-urlencoded"


def find(kernel: Kernel, request: Request) -> tuple[Match, Query]:
    """The method a request means, and its query. Raises ApiError."""
    path, query = split_target(request.target)
    match = kernel.router.find(request.verb, path) if path else None
    if match is None:
        shown = request.target.partition(b"?")[0][:200].decode("ascii", "replace")
        error = not_found(f"Method not found: {request.verb} {shown}.")
        kernel.refused(f"{request.verb} {shown}", error, "rest")
        raise error
    return match, query


def answer(kernel: Kernel, match: Match, query: Query, request: Request) -> Answer:
    """Call the method and render what it says. Raises ConnectionDrop."""
    endpoint = match.endpoint
    try:
        message = _message(match, query, request)
    except ApiError as error:
        kernel.refused(endpoint.method.id, error, "rest")
        return endpoint.service.error_style(error)
    try:
        result = kernel.call(endpoint, message, bearer(request), "rest")
    except ApiError as error:
        return endpoint.service.error_style(error)
    if endpoint.response_shape is None:
        return 200, result
    return 200, encode(endpoint.response_shape, result, numbers=_wants_numbers(query))


def refuse(error: ApiError) -> Answer:
    """A refusal before any method was found."""
    return google_error(error)


def bearer(request: Request) -> str:
    """The bearer token of a request, or empty."""
    header = request.headers.get(b"authorization")
    if not header:
        return ""
    kind, _, token = header.decode("latin-1").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _message(match: Match, query: Query, request: Request) -> Json:
    shape, route = match.endpoint.request_shape, match.route
    body = _body(match, request) if request.body else None
    if shape is None:
        return {**dict(query), **(body or {}), **match.variables}
    message = decode_body(shape, body, route.body or "*") if body else {}
    if query:
        reserved = frozenset([*(name.split(".")[0] for name in match.variables), route.body])
        add_query(shape, message, query, reserved)
    for name, value in match.variables.items():
        _put(message, name.split("."), value)
    return finish(shape, message)


def _put(message: Json, keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        message = message.setdefault(key, {})
    message[keys[-1]] = value


def _body(match: Match, request: Request) -> Json:
    if match.endpoint.method.form:
        kind = request.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind == _FORM:
            return dict(parse_form(bytes(request.body)))
    return json_body(request)


def _wants_numbers(query: Query) -> bool:
    return any(k in ("$alt", "alt") and "enum-encoding=int" in v for k, v in query)
