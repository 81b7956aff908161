"""The gRPC door: generic handlers for every method that has an rpc name."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.emulator.endpoint import Endpoint
from wifctl.emulator.errors import ApiError, ConnectionDrop, Json
from wifctl.emulator.kernel import Kernel
from wifctl.emulator.requestlog import described
from wifctl.emulator.rpc.convert import to_message, to_request

MESSAGE_LIMIT = 10 * 1024 * 1024
"""Bytes a request or answer may have."""

_OPTIONS = (
    ("grpc.so_reuseport", 0),
    ("grpc.max_receive_message_length", MESSAGE_LIMIT),
    ("grpc.max_send_message_length", MESSAGE_LIMIT),
)
_CODES = {code.value[0]: code for code in grpc.StatusCode}
_ = error_details_pb2  # registers ErrorInfo and its kin for Any


def make_server(kernel: Kernel, port: int) -> tuple[Any, int]:
    """A bound, not yet started server and its port. Raises WifctlError when the port is taken."""
    server = grpc.aio.server(options=_OPTIONS)
    server.add_generic_rpc_handlers((_Handlers(kernel),))
    try:
        bound = server.add_insecure_port(f"127.0.0.1:{port}")
    except RuntimeError as error:
        raise port_taken(port) from error
    return server, bound


def port_taken(port: int) -> WifctlError:
    """The words for a port that cannot be bound."""
    return WifctlError(
        Diagnostic(
            "emulator-port-in-use",
            f"the emulator cannot listen on 127.0.0.1:{port}",
            fix="name another port, or 0 for any free one",
        )
    )


class _Handlers(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Makes the handler of a method at its first call, so that starting imports no API's types."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._endpoints = {f"/{e.method.rpc}": e for e in _with_rpc(kernel.endpoints)}
        self._made: dict[str, Any] = {}

    def service(self, handler_call_details: Any) -> Any:
        """The handler of a method path; None makes gRPC answer UNIMPLEMENTED."""
        path = handler_call_details.method
        if path not in self._made and path in self._endpoints:
            self._made[path] = _handler(self._kernel, self._endpoints[path])
        return self._made.get(path)


def _with_rpc(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    return [e for e in endpoints if e.method.rpc]


def _handler(kernel: Kernel, endpoint: Endpoint) -> Any:
    request, response = endpoint.request_class, endpoint.response_class
    return grpc.unary_unary_rpc_method_handler(
        _behaviour(kernel, endpoint),
        request_deserializer=request.FromString if request else None,
        response_serializer=response.SerializeToString if response else None,
    )


def _behaviour(kernel: Kernel, endpoint: Endpoint) -> Callable[[Any, Any], Awaitable[Any]]:
    shape = endpoint.request_shape
    answered = bool(endpoint.response_class)

    async def behave(message: Any, context: Any) -> Any:
        if delay := kernel.delay(endpoint):
            await asyncio.sleep(delay)
        try:
            request = to_request(shape, message) if shape else {}
            answer = kernel.call(endpoint, request, _bearer(context), "grpc")
            return _message(kernel, endpoint, answer) if answered else b""
        except ApiError as error:
            await context.abort(_CODES[error.grpc_code], error.message, _trailers(error))
        except ConnectionDrop:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "Connection reset by peer")

    return behave


def _message(kernel: Kernel, endpoint: Endpoint, answer: Json) -> Message:
    """The answer as a message; gRPC would show what went wrong here, values included."""
    assert endpoint.response_shape
    assert endpoint.response_class
    try:
        return to_message(endpoint.response_shape, endpoint.response_class, answer)
    except (json_format.Error, ValueError, TypeError, KeyError) as error:
        kernel.refused(endpoint.method.id, ApiError("INTERNAL", described(error)), "grpc")
        raise ApiError("INTERNAL", "Internal error encountered.") from error


def _bearer(context: Any) -> str:
    for key, value in context.invocation_metadata() or ():
        if key == "authorization" and value[:7].lower() == "bearer ":
            return str(value[7:]).strip()
    return ""


def _trailers(error: ApiError) -> tuple[tuple[str, bytes], ...]:
    if not error.details:
        return ()
    status = status_pb2.Status(code=error.grpc_code, message=error.message)
    for detail in error.details:
        json_format.ParseDict(detail, status.details.add())
    return (("grpc-status-details-bin", status.SerializeToString()),)
