"""What a test holds in its hands: a project of its own in a running emulator."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wifctl.emulator.errors import Json
from wifctl.emulator.server import Doors
from wifctl.render.exports import Place, exports

_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class LocalProject:
    """An empty project, and what a test may do to the emulator it is in."""

    id: str
    number: str
    """Decimal text, as in principals and audiences."""
    doors: Doors

    @property
    def rest_url(self) -> str:
        """`http://127.0.0.1:PORT`, no slash at the end."""
        return self.doors.rest_url

    @property
    def grpc_target(self) -> str:
        """`127.0.0.1:PORT`, plaintext."""
        return self.doors.grpc_target

    def environment(self, *readers: str) -> dict[str, str]:
        """Variables as of `wifctl emulator env --for READER`; `wifctl` when none is named."""
        place = Place(self.rest_url, self.grpc_target, self.id)
        found: dict[str, str] = {}
        for reader in readers or ("wifctl",):
            found |= exports(reader, place).variables
        return found

    def switch(self, **switches: Any) -> None:
        """Turn switches, e.g. `latency={"*": 20}`. Raises ValueError for what is none."""
        self.control("PATCH", "switches", switches)

    def advance(self, seconds: float) -> None:
        """Move the emulator's clock: deleted pools are purged after 30 days."""
        self.control("POST", "clock", {"advance": f"{seconds}s"})

    def requests(self, method: str = "") -> list[Json]:
        """What was asked since the test began, oldest first; of methods whose id starts so."""
        found: list[Json] = json.loads(self.control("GET", "requests"))["requests"]
        return [call for call in found if call["method"].startswith(method)]

    def export_state(self) -> str:
        """Everything the emulator holds, as YAML."""
        return self.control("GET", "state").decode()

    def import_state(self, text: str) -> None:
        """Replace everything by an exported state. Raises ValueError for what is none."""
        self.control("PUT", "state", text.encode())

    def control(self, verb: str, what: str, body: Mapping[str, Any] | bytes = b"") -> bytes:
        """One request to the control endpoint below `/_wifctl/`. Raises ValueError if refused."""
        connection = http.client.HTTPConnection(
            self.rest_url.removeprefix("http://"), timeout=_SECONDS
        )
        try:
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(verb, f"/_wifctl/{what}", sent)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise ValueError(json.loads(text)["error"]["message"])
        return text
