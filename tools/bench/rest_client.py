"""An HTTP/1.1 client that does next to nothing, so that the server is what is measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import cast

Asked = tuple[str, str, bytes]
"""Verb, target, body."""


class RestClient:
    """Keep-alive connections to one port, each with one request in flight."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def requests(self, wanted: Sequence[Asked], connections: int) -> float:
        """Make all requests; how many a second. Raises RuntimeError unless all answer 200."""
        loop = asyncio.get_running_loop()
        texts = iter([_text(*asked) for asked in wanted])
        lines = [_Line(texts, loop.create_future()) for _ in range(connections)]
        for line in lines:
            await loop.create_connection(lambda line=line: line, "127.0.0.1", self._port)  # type: ignore[misc]
        start = time.perf_counter()
        for line in lines:
            line.ask()
        await asyncio.gather(*(line.done for line in lines))
        seconds = time.perf_counter() - start
        for line in lines:
            line.hang_up()
        return len(wanted) / seconds


class _Line(asyncio.Protocol):
    def __init__(self, texts: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self._texts = texts
        self.done = done
        self._transport: asyncio.Transport | None = None
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(RuntimeError("the connection was closed"))

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._buffer.find(b"Content-Length: ") + 16
        length = int(self._buffer[at : self._buffer.find(b"\r\n", at)])
        if len(self._buffer) < head + 4 + length:
            return
        if not self._buffer.startswith(b"HTTP/1.1 200 "):
            self.done.set_exception(RuntimeError(self._buffer.decode()))
            return
        self._buffer = b""
        self.ask()

    def ask(self) -> None:
        """Send the next request, if any is left."""
        text = next(self._texts, None)
        if text is not None and self._transport:
            self._transport.write(text)
        elif not self.done.done():
            self.done.set_result(None)

    def hang_up(self) -> None:
        """Close the connection."""
        if self._transport:
            self._transport.close()


def _text(verb: str, target: str, body: bytes) -> bytes:
    head = f"{verb} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
