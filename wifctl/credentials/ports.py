"""What obtaining a token needs from outside: HTTP, commands, Google's token services, a clock.

Everything secret is left out of `repr`, so that no log line or traceback can show it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

DEFAULT_TIMEOUT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class WindowsLogin:
    """Windows integrated authentication; without a user the one who is logged in."""

    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """Files of a client certificate for mutual TLS, in PEM."""

    certificate: str
    key: str


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request. `timeout_seconds` is for connecting and for each read."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    login: WindowsLogin | None = None
    client_certificate: ClientCertificate | None = None


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """An answer of any status; header names are lower case."""

    status: int
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class HttpPort(Protocol):
    """Sends a request as it is: no redirects, no credentials from elsewhere."""

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer. Raises WifctlError when there is none."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How a command ended. `status` is None when it ran out of time."""

    status: int | None
    output: bytes = field(default=b"", repr=False)


class CommandPort(Protocol):
    """Runs a program without a shell."""

    def run(
        self, words: Sequence[str], environment: Mapping[str, str], timeout_seconds: float
    ) -> CommandResult:
        """Run it with that environment. Raises WifctlError when it cannot be started."""


@dataclass(frozen=True, slots=True)
class SubjectToken:
    """A token from outside, and when it ends (seconds since 1970) if it says so."""

    value: str = field(repr=False)
    type: str
    expires_at: float | None = None


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token of Google's. `expires_at` counts seconds since 1970."""

    value: str = field(repr=False)
    expires_at: float
    account: str = ""
    """The service account it stands for; empty for the federated identity itself."""


@dataclass(frozen=True, slots=True)
class Impersonation:
    """Becoming a service account: URL of `generateAccessToken`, delegates, lifetime in seconds."""

    url: str
    account: str
    delegates: tuple[str, ...] = ()
    lifetime_seconds: int = 3600


class TokenService(Protocol):
    """Google's Security Token Service and Service Account Credentials API."""

    def exchange(
        self,
        url: str,
        audience: str,
        subject: SubjectToken,
        scopes: Sequence[str],
        certificate: ClientCertificate | None,
    ) -> AccessToken:
        """Exchange a token from outside. Raises TokenRefusedError."""

    def impersonate(
        self, token: AccessToken, target: Impersonation, scopes: Sequence[str]
    ) -> AccessToken:
        """Become a service account. Raises TokenRefusedError."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The outside world of one exchange."""

    http: HttpPort
    commands: CommandPort
    now: Callable[[], float]
    """Seconds since 1970."""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    """For each request to a source."""
