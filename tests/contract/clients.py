"""Google's clients over each of their transports, all with the face of the synchronous one."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import grpc
from google.auth.credentials import AnonymousCredentials

from wifctl.emulator.server import Doors

Connect = Callable[[Any], Any]
"""Takes a client class of Google's, returns a client of the emulator."""
OPTIONS = [("grpc.enable_http_proxy", 0)]


@contextmanager
def over_grpc(doors: Doors) -> Iterator[Connect]:
    """The gRPC transport; all clients share a channel."""
    with grpc.insecure_channel(doors.grpc_target, options=OPTIONS) as channel:
        yield lambda kind: kind(transport=kind.get_transport_class("grpc")(channel=channel))


@contextmanager
def over_rest(doors: Doors) -> Iterator[Connect]:
    """The REST transport, on requests."""
    with ExitStack() as stack:

        def connect(kind: Any) -> Any:
            transport = kind.get_transport_class("rest")(
                host=doors.rest_url.removeprefix("http://"),
                url_scheme="http",
                credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
            )
            stack.callback(transport.close)
            return kind(transport=transport)

        yield connect


@contextmanager
def over_asyncio(doors: Doors) -> Iterator[Connect]:
    """The asyncio clients, on a loop in a thread; all of them share a channel."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(60)

    async def channel_of() -> Any:
        return grpc.aio.insecure_channel(doors.grpc_target, options=OPTIONS)

    channel = run(channel_of())

    def connect(kind: Any) -> Any:
        module = importlib.import_module(kind.__module__.removesuffix(".client"))
        twin = getattr(module, kind.__name__.removesuffix("Client") + "AsyncClient")

        async def make() -> Any:
            return twin(transport=twin.get_transport_class("grpc_asyncio")(channel=channel))

        return _Waiting(run(make()), run)

    try:
        yield connect
    finally:
        run(channel.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class _Waiting:
    """Awaits whatever an asyncio client returns: answers, pages, operations."""

    def __init__(self, inner: Any, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self._inner = inner
        self._run = run

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            return self._run(self._settled(found(*arguments, **named)))

        return call

    async def _settled(self, answer: Any) -> Any:
        if asyncio.iscoroutine(answer) or isinstance(answer, asyncio.Future):
            answer = await answer
        if hasattr(answer, "__aiter__"):
            return [item async for item in answer]
        return _Waiting(answer, self._run) if hasattr(answer, "add_done_callback") else answer
