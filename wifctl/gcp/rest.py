"""REST calls: JSON in, JSON out, in a small pool of threads, each with a true deadline."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import google.auth.exceptions
import requests
import urllib3.exceptions

from wifctl.api import Json, Status
from wifctl.gcp.caller import Caller
from wifctl.gcp.errors import api_error, from_client, from_http
from wifctl.gcp.method import Method

CONNECT_SECONDS = 10.0
_PIECE = 65_536
_GRACE = 1.0
"""Seconds a thread gets to notice its own deadline before it is left alone."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is sent: everything but the host."""

    verb: str
    service: str
    """The first label of the host, e.g. `iam`."""
    path: str
    """From the version on, e.g. `v1/projects/…`."""
    params: Mapping[str, Any] | None = None
    body: Json | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """The REST door of a target."""

    session: requests.Session
    threads: Executor
    base: str
    """URL with a `{}` for the service, e.g. `https://{}.googleapis.com`."""
    caller: Caller
    slots: asyncio.Semaphore
    """As many as there are threads: a deadline must not run while a call queues for one."""

    async def send(self, method: Method, request: HttpRequest, resource: object) -> Json:
        """The JSON of the answer to one call, repeated as its method allows."""

        async def attempt(seconds: float) -> Json:
            async with self.slots:
                return await self._attempt(method, request, str(resource), seconds)

        return await self.caller.run(method, str(resource), attempt)

    async def _attempt(
        self, method: Method, request: HttpRequest, resource: str, seconds: float
    ) -> Json:
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(
            self.threads, self._blocking, method, request, resource, seconds
        )
        try:
            async with asyncio.timeout(seconds + _GRACE):
                return await work
        except TimeoutError as error:
            raise _late(method, resource) from error

    def _blocking(
        self, method: Method, request: HttpRequest, resource: str, seconds: float
    ) -> Json:
        try:
            code, headers, body = self._exchange(request, time.monotonic() + seconds)
        except (requests.RequestException, google.auth.exceptions.GoogleAuthError) as error:
            raise from_client(error, method.name, resource) from None
        if not 200 <= code < 300:
            raise from_http(code, headers, body, method.name, resource)
        try:
            parsed = json.loads(body) if body else {}
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            text = "the answer was not JSON"
            raise api_error(Status.UNKNOWN, text, call=method.name, resource=resource)
        return parsed

    def _exchange(
        self, request: HttpRequest, deadline: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request. The body is read as it comes: a read timeout alone lets a drip go on."""
        left = max(0.001, deadline - time.monotonic())
        with self.session.request(
            request.verb,
            f"{self.base.format(request.service)}/{request.path}",
            params=request.params,
            json=request.body,
            timeout=(min(CONNECT_SECONDS, left), left),
            allow_redirects=False,
            stream=True,
        ) as response:
            return response.status_code, response.headers, _body(response, deadline)


def _body(response: requests.Response, deadline: float) -> bytes:
    pieces = []
    try:
        while piece := response.raw.read1(_PIECE, decode_content=True):
            pieces.append(piece)
            if time.monotonic() > deadline:
                raise requests.exceptions.ReadTimeout
    except urllib3.exceptions.HTTPError as error:
        raise requests.exceptions.ConnectionError(error) from error
    return b"".join(pieces)


def _late(method: Method, resource: str) -> Exception:
    text = "no answer in time"
    return api_error(Status.DEADLINE_EXCEEDED, text, call=method.name, resource=resource)
