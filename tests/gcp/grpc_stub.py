"""A tiny gRPC server on loopback: one function per method, on raw messages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import grpc
import grpc.aio

Handler = Callable[[Any, grpc.aio.ServicerContext], Awaitable[Any]]
"""Gets a request message (proto-plus or protobuf), answers one, or aborts."""


@asynccontextmanager
async def grpc_stub(methods: Mapping[str, tuple[type, Handler]]) -> AsyncIterator[str]:
    """A running server; keys are method names without their service. Yields `127.0.0.1:PORT`."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((_Router(methods),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)


class _Router(grpc.GenericRpcHandler):  # type: ignore[misc]
    def __init__(self, methods: Mapping[str, tuple[type, Handler]]) -> None:
        self._methods = methods

    def service(self, handler_call_details: Any) -> Any:
        """The handler of a method, or None: UNIMPLEMENTED."""
        found = self._methods.get(handler_call_details.method.rpartition("/")[2])
        if found is None:
            return None
        request_class, handler = found
        return grpc.unary_unary_rpc_method_handler(
            handler,
            request_deserializer=_reader(request_class),
            response_serializer=lambda message: _plain(message).SerializeToString(),
        )


def _reader(message_class: Any) -> Callable[[bytes], Any]:
    if hasattr(message_class, "deserialize"):
        read: Callable[[bytes], Any] = message_class.deserialize
    else:
        read = message_class.FromString
    return read


def _plain(message: Any) -> Any:
    return type(message).pb(message) if hasattr(type(message), "pb") else message
