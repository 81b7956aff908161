"""The REST door's work: a request → the method it means → status and JSON."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, unquote

from wifctl.emulator.errors import ApiError, Json, invalid, not_found
from wifctl.emulator.kernel import Kernel
from wifctl.emulator.rest.message import Request
from wifctl.emulator.routing import Match
from wifctl.emulator.service import google_error
from wifctl.emulator.wire.decode import add_query, decode_body, finish
from wifctl.emulator.wire.encode import encode

Answer = tuple[int, Json]
_FORM = b"application/x-www-form-urlencoded"


def find(kernel: Kernel, request: Request) -> tuple[Match, list[tuple[str, str]]]:
    """The method a request means, and its query. Raises ApiError."""
    path, _, query = request.target.partition(b"?")
    text = _decoded_path(path)
    match = kernel.router.find(request.verb, text) if text else None
    if match is None:
        raise not_found(f"Method not found: {request.verb} {_shown(path)}.")
    return match, _pairs(query) if query else []


def answer(kernel: Kernel, match: Match, query: list[tuple[str, str]], request: Request) -> Answer:
    """Call the method and render what it says."""
    endpoint = match.endpoint
    try:
        message = _request_message(match, query, request)
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
    header = request.headers.get(b"authorization", b"").decode("latin-1")
    kind, _, token = header.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _request_message(match: Match, query: list[tuple[str, str]], request: Request) -> Json:
    shape, route = match.endpoint.request_shape, match.route
    body = _body(match, request)
    if shape is None:
        return {**dict(query), **(body or {}), **match.variables}
    message: Json = {}
    if body is not None:
        if route.body:
            message = decode_body(shape, body, route.body)
        elif body != {}:
            decode_body(shape, body, "*")
    reserved = frozenset([name.split(".")[0] for name in match.variables] + [route.body])
    if query:
        add_query(shape, message, query, reserved)
    for name, value in match.variables.items():
        _put(message, name.split("."), value)
    return finish(shape, message)


def _put(message: Json, keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        message = message.setdefault(key, {})
    message[keys[-1]] = value


def _body(match: Match, request: Request) -> Json | None:
    if not request.body:
        return None
    kind = request.headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if kind == _FORM and match.endpoint.method.form:
        return dict(_pairs(bytes(request.body)))
    try:
        body = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise invalid("Invalid JSON payload received. The body is not valid UTF-8.") from None
    except RecursionError:
        raise invalid("Invalid JSON payload received. Nesting is too deep.") from None
    except ValueError as error:
        raise invalid(f"Invalid JSON payload received. {_reason(error)}") from None
    if not isinstance(body, dict):
        raise invalid("Invalid JSON payload received. Root element must be a message.")
    return body


def _no_constant(text: str) -> None:
    raise ValueError(f"Unexpected token {text}.")


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}."
    return str(error)


def _pairs(query: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000
        )
    except ValueError:
        raise invalid("Invalid query string: it is not percent-encoded UTF-8.") from None


def _decoded_path(path: bytes) -> str:
    try:
        text = path.decode("ascii")
        if "%" not in text:
            segments = text.split("/")
        else:
            segments = [unquote(part, errors="strict") for part in text.split("/")]
    except UnicodeDecodeError:
        raise invalid("Invalid path: it is not percent-encoded UTF-8.") from None
    if any(_is_trick(segment) for segment in segments[1:]):
        return ""
    return "/".join(segments)


def _is_trick(segment: str) -> bool:
    return segment in ("", ".", "..") or "/" in segment or not segment.isprintable()


def _shown(path: bytes) -> str:
    return path[:200].decode("ascii", "replace")


def _wants_numbers(query: list[tuple[str, str]]) -> bool:
    return any(k in ("$alt", "alt") and "enum-encoding=int" in v for k, v in query)
