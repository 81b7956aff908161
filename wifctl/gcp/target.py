"""Which Google a command talks to: the real one, or an emulator on this machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from wifctl.diagnostics import Diagnostic, WifctlError

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_LOOPBACK = rf"(?:localhost|127(?:\.{_OCTET}){{3}}|\[::1\])"
_REST_URL = re.compile(rf"http://{_LOOPBACK}:\d{{1,5}}")
_GRPC_TARGET = re.compile(rf"{_LOOPBACK}:\d{{1,5}}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
GOOGLE = "googleapis.com"


@dataclass(frozen=True, slots=True)
class Wait:
    """A pause before a call is made (again), told to whoever shows progress."""

    method: str
    resource: str
    seconds: float
    why: str
    """What is waited for: an error of Google's in words, or a quota."""


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One attempt of one call, for the log; carries no body and no payload."""

    method: str
    resource: str
    seconds: float
    outcome: str
    """`OK`, or the status of the error."""


def _ignore(_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Hooks:
    """Who wants to hear what happens on the wire. Called in the event loop: be quick."""

    on_wait: Callable[[Wait], None] = _ignore
    """Told of every pause of two seconds or more."""
    on_call: Callable[[CallRecord], None] = _ignore


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The two doors of an emulator; both must be loopback, since both speak plain text."""

    rest_url: str
    """`http://127.0.0.1:PORT`."""
    grpc_target: str
    """`127.0.0.1:PORT`."""
    token: str = field(default="local", repr=False)
    """A bearer token of the emulator's own, by default its operator's; never a real credential."""

    def __post_init__(self) -> None:
        if not _REST_URL.fullmatch(self.rest_url):
            raise _bad_endpoint(self.rest_url, "http://127.0.0.1:PORT")
        if not _GRPC_TARGET.fullmatch(self.grpc_target):
            raise _bad_endpoint(self.grpc_target, "127.0.0.1:PORT")


@dataclass(frozen=True, slots=True)
class Target:
    """Where calls go and as whom."""

    endpoint: Endpoint | None = None
    """The emulator; None is Google."""
    impersonate: str = ""
    """The service account to act as; `a,b,c` reaches c through a and b."""
    quota_project: str = ""
    universe_domain: str = GOOGLE
    user_agent: str = "wifctl"
    parallelism: int = 32
    """How many calls a caller will have in flight; decides how many channels are opened."""
    hooks: Hooks = field(default_factory=Hooks)

    def __post_init__(self) -> None:
        domain = self.universe_domain
        if not _DOMAIN.fullmatch(domain) or domain.endswith(".localhost"):
            raise WifctlError(
                Diagnostic(
                    "bad-universe-domain",
                    f"{domain!r} is no universe domain",
                    allowed=f"a domain such as {GOOGLE}",
                )
            )


def is_loopback_url(url: str) -> bool:
    """Whether a URL is exactly `http://LOOPBACK:PORT`, the only plain HTTP wifctl speaks."""
    return _REST_URL.fullmatch(url) is not None


def _bad_endpoint(found: str, allowed: str) -> WifctlError:
    return WifctlError(
        Diagnostic(
            "endpoint-not-loopback",
            f"the endpoint {found!r} is not on this machine",
            allowed=allowed,
            fix="an endpoint is an emulator on this machine; leave it out to talk to Google",
        )
    )
