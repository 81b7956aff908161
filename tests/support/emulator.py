"""One emulator in a thread for a test: `with emulator() as doors:`; and a plain REST client."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from wifctl.emulator.options import Options
from wifctl.emulator.server import Doors, running

PROJECT, NUMBER = "acme-ci", "123456789012"
POOLS = f"/v1/projects/{PROJECT}/locations/global/workloadIdentityPools"
ACCOUNTS = f"/v1/projects/{PROJECT}/serviceAccounts"


@contextmanager
def emulator(**options: Any) -> Iterator[Doors]:
    """A running emulator on free loopback ports; keyword arguments are fields of `Options`.

    `doors.rest_url` is `http://127.0.0.1:PORT` (no slash), `doors.grpc_target` `127.0.0.1:PORT`.
    """
    with running(None, Options(**options)) as doors:
        yield doors


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON of an answer."""

    status: int
    body: Any

    @property
    def message(self) -> str:
        """The message of a Google error."""
        return str(self.body["error"]["message"])

    @property
    def code(self) -> str:
        """`OK`, or the canonical code of a Google error."""
        return str(self.body["error"]["status"]) if self.status != 200 else "OK"


class Rest:
    """A keep-alive JSON client of the REST door, as bare as curl."""

    def __init__(self, doors: Doors, token: str = "") -> None:
        self._connection = http.client.HTTPConnection(doors.rest_url.removeprefix("http://"))
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, verb: str, path: str, body: Any = None, **query: str) -> Answer:
        """One request; `body` is JSON, or bytes as they are."""
        target = f"{path}?{urlencode(query)}" if query else path
        raw = body if isinstance(body, bytes | None) else json.dumps(body)
        self._connection.request(verb, target, raw, self._headers)
        response = self._connection.getresponse()
        return Answer(response.status, json.loads(response.read() or b"null"))

    def get(self, path: str, **query: str) -> Answer:
        """GET."""
        return self("GET", path, **query)

    def post(self, path: str, body: Any = None, **query: str) -> Answer:
        """POST."""
        return self("POST", path, {} if body is None else body, **query)

    def patch(self, path: str, body: Any, **query: str) -> Answer:
        """PATCH."""
        return self("PATCH", path, body, **query)

    def delete(self, path: str, **query: str) -> Answer:
        """DELETE."""
        return self("DELETE", path, **query)

    def switch(self, **settings: Any) -> None:
        """Turn switches of the emulator."""
        answer = self("PATCH", "/_wifctl/switches", settings)
        if answer.status != 200:
            raise ValueError(answer.message)

    def advance(self, seconds: float) -> None:
        """Move the emulator's clock."""
        self.post("/_wifctl/clock", {"advance": f"{seconds}s"})

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@contextmanager
def rest(**options: Any) -> Iterator[Rest]:
    """An emulator with the one declared project `acme-ci`, and a client of it."""
    with emulator(**{"projects": {PROJECT: NUMBER}, **options}) as doors:
        client = Rest(doors)
        try:
            yield client
        finally:
            client.close()
