"""One HTTP/1.1 connection of the REST door, on httptools' parser.

Requests of a connection are answered in order. A refused request never leaves the connection
hanging: what cannot be read on is answered and closed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import httptools

from wifctl.emulator.errors import ApiError, ConnectionDrop, invalid
from wifctl.emulator.kernel import Kernel
from wifctl.emulator.python.address import body_limit, is_package
from wifctl.emulator.python.door import serve
from wifctl.emulator.rest.answer import Answer, answer, find, refuse
from wifctl.emulator.rest.control import PREFIX, control
from wifctl.emulator.rest.message import HEADER_LIMIT, Request, render, render_raw
from wifctl.emulator.rest.target import Query
from wifctl.emulator.routing import Match

PIPELINE_LIMIT = 32
"""Requests that may wait on one connection behind a delayed one."""
STALL_SECONDS = 60.0
"""How long a request may stay unfinished before its connection is closed."""


class Connection(asyncio.Protocol):
    """Parses requests and writes answers."""

    def __init__(self, kernel: Kernel, connections: set[Connection]) -> None:
        self._kernel = kernel
        self._connections = connections
        self._parser: Any = httptools.HttpRequestParser(self)
        self._transport: Any = None
        self._request = Request()
        self._header_bytes = 0
        self._body_limit = 0
        self._unfinished = False
        self._closing = False
        self._stall: asyncio.TimerHandle | None = None
        self._waiting: deque[Request] = deque()
        """The delayed request, and those that came after it."""
        self._serving: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected."""
        self._transport = transport
        self._connections.add(self)

    def connection_lost(self, _error: Exception | None) -> None:
        """The client is gone."""
        self._connections.discard(self)
        self._closing = True
        self._stop_stall()

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Bytes from the client."""
        if self._closing:
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # passed over: the request was answered, and was the connection's last
        except httptools.HttpParserError:
            self._refuse(invalid("The request is not valid HTTP/1.1."))
        self._watch_stall()

    def on_message_begin(self) -> None:
        """A request starts."""
        self._request = Request()
        self._header_bytes = 0
        self._unfinished = True

    def on_url(self, url: bytes) -> None:
        """The target, maybe in pieces."""
        self._request.target += url
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._request.headers[name.lower()] = value
        self._count(len(name) + len(value))

    def on_headers_complete(self) -> None:
        """All headers are there."""
        request = self._request
        request.verb = self._parser.get_method().decode("ascii")
        request.keep_alive = self._parser.should_keep_alive() and not self._parser.should_upgrade()
        length = request.headers.get(b"content-length", b"0")
        self._body_limit = body_limit(request)
        if length.isdigit() and int(length) > self._body_limit:
            self._refuse(_too_large(self._body_limit))
        elif request.headers.get(b"expect", b"").lower() == b"100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        if not self._closing:
            self._request.body += body
            if len(self._request.body) > self._body_limit:
                self._refuse(_too_large(self._body_limit))

    def on_message_complete(self) -> None:
        """The request is complete: answer it, or after those before it."""
        self._unfinished = False
        if self._closing:
            return
        if self._waiting:
            self._waiting.append(self._request)
            if len(self._waiting) > PIPELINE_LIMIT:
                self._transport.pause_reading()
        else:
            self._take(self._request)

    def _take(self, request: Request) -> None:
        try:
            if not request.target.startswith(b"/"):
                request.target = _origin_form(request.target)
            if request.target.startswith(PREFIX):
                self._send(control(self._kernel, request), request)
                return
            if is_package(request):
                self._waiting.append(request)
                self._serving = asyncio.create_task(self._package(request))
                return
            match, query = find(self._kernel, request)
        except ApiError as error:
            self._send(refuse(error), request)
            return
        delay = self._kernel.delay(match.endpoint)
        if not delay:
            self._answer(match, query, request)
            return
        self._waiting.append(request)
        asyncio.get_running_loop().call_later(delay, self._delayed, match, query, request)

    def _delayed(self, match: Match, query: Query, request: Request) -> None:
        """Answer the request at the head of the queue, then go on with the rest."""
        if not self._closing:
            self._answer(match, query, request)
        self._go_on()

    async def _package(self, request: Request) -> None:
        """Answer a package client's request at the head of the queue, then go on with the rest."""
        try:
            found = await serve(self._kernel, request)
        except ConnectionDrop:
            self._closing = True
            self._transport.abort()
        else:
            keep, head = request.keep_alive, request.verb == "HEAD"
            if not self._closing:
                self._write(render_raw(found, keep_alive=keep, head_only=head), request)
        self._go_on()

    def _go_on(self) -> None:
        self._waiting.popleft()
        while self._waiting and not self._closing:
            following = self._waiting.popleft()
            self._take(following)
            if self._waiting and self._waiting[-1] is following:
                self._waiting.rotate(1)
                return
        if not self._closing:
            self._transport.resume_reading()

    def _answer(self, match: Match, query: Query, request: Request) -> None:
        try:
            self._send(answer(self._kernel, match, query, request), request)
        except ConnectionDrop:
            self._closing = True
            self._transport.abort()

    def _send(self, found: Answer, request: Request) -> None:
        status, body = found
        head_only = request.verb == "HEAD"
        self._write(
            render(status, body, keep_alive=request.keep_alive, head_only=head_only), request
        )

    def _write(self, data: bytes, request: Request) -> None:
        self._transport.write(data)
        if not request.keep_alive:
            self._closing = True
            self._transport.close()

    def _refuse(self, error: ApiError) -> None:
        if self._closing:
            return
        self._closing = True
        status, body = refuse(error)
        self._transport.write(render(status, body, keep_alive=False))
        self._transport.close()

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > HEADER_LIMIT:
            self._refuse(invalid("The request's headers are too large."))

    def _watch_stall(self) -> None:
        self._stop_stall()
        if self._unfinished and not self._closing:
            loop = asyncio.get_running_loop()
            self._stall = loop.call_later(STALL_SECONDS, self.close)

    def _stop_stall(self) -> None:
        if self._stall:
            self._stall.cancel()
            self._stall = None


def _too_large(limit: int) -> ApiError:
    return invalid(f"Request payload size exceeds the limit: {limit} bytes.")


def _origin_form(target: bytes) -> bytes:
    try:
        url = httptools.parse_url(target)
    except httptools.HttpParserInvalidURLError:
        raise invalid("The request target is not valid.") from None
    query = b"?" + url.query if url.query else b""
    return (url.path or b"/") + query
