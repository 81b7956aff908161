"""Asking an upstream itself whether it is a package index and takes a login."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from wifctl.credentials.ports import HttpPort, HttpRequest
from wifctl.diagnostics import WifctlError

SECONDS = 10.0
_REFUSED = (401, 403)
_MOVED = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Reply:
    """How an upstream answered; `status` 0 when it did not."""

    status: int
    problem: str = ""

    @property
    def is_index(self) -> bool:
        """Whether it is there, and takes the login."""
        return self.status == 200 or self.status in _MOVED

    @property
    def is_refused(self) -> bool:
        """Whether the login was refused."""
        return self.status in _REFUSED


@dataclass(frozen=True, slots=True)
class Probe:
    """Asks upstreams over a port."""

    http: HttpPort
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    """Upstream → who stands in for it, where an emulator was told so."""
    is_local: bool = False
    """Whether an emulator is meant, which contacts nobody beyond this machine."""

    def ask(self, upstream: str, user: str = "", password: bytes = b"") -> Reply:
        """HEAD of the simple index, with a login where one is given."""
        address = self.address(upstream)
        if not address:
            local = "nobody on this machine stands in for it"
            return Reply(0, local if self.is_local else "Artifact Registry alone asks it")
        login = b64encode(user.encode() + b":" + password).decode()
        headers = {"Authorization": f"Basic {login}"} if user or password else {}
        request = HttpRequest("HEAD", f"{address}/simple/", headers, timeout_seconds=SECONDS)
        try:
            return Reply(self.http.send(request).status)
        except WifctlError as error:
            return Reply(0, "; ".join(found.message for found in error.diagnostics))

    def address(self, upstream: str) -> str:
        """Where an upstream is to be asked; empty where nobody may be."""
        base = upstream.rstrip("/").removesuffix("/simple").rstrip("/")
        loopback = base.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))
        if loopback or (not self.is_local and "://" in base):
            return base
        return self.stand_ins.get(base, "")
