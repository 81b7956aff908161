"""Stand-ins for the outside world of an exchange, which remember what they were asked."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from wifctl.credentials.failures import TokenRefusedError, unavailable
from wifctl.credentials.ports import (
    AccessToken,
    ClientCertificate,
    CommandResult,
    HttpRequest,
    HttpResponse,
    Impersonation,
    SubjectToken,
    Surroundings,
)

NOW = 1_800_000_000.0
AUDIENCE = (
    "//iam.googleapis.com/projects/123456789012/locations/global"
    "/workloadIdentityPools/acme/providers/ci"
)
Answer = HttpResponse | Callable[[HttpRequest], HttpResponse]


def jwt(claims: Mapping[str, object]) -> str:
    """An unsigned token of the right shape."""
    parts = (json.dumps({"alg": "RS256"}), json.dumps(claims), "signature")
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


def json_answer(document: object, status: int = 200) -> HttpResponse:
    return HttpResponse(status, json.dumps(document).encode())


@dataclass
class FakeHttp:
    """Answers by method and path."""

    routes: dict[str, Answer] = field(default_factory=dict)
    requests: list[HttpRequest] = field(default_factory=list)

    def send(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        answer = self.routes.get(f"{request.method} {urlsplit(request.url).path}")
        if answer is None:
            return HttpResponse(404)
        return answer if isinstance(answer, HttpResponse) else answer(request)


@dataclass
class FakeCommands:
    """Gives one result to every command."""

    result: CommandResult = field(default_factory=lambda: CommandResult(0))
    runs: list[tuple[tuple[str, ...], dict[str, str], float]] = field(default_factory=list)

    def run(
        self, words: Sequence[str], environment: Mapping[str, str], timeout_seconds: float
    ) -> CommandResult:
        self.runs.append((tuple(words), dict(environment), timeout_seconds))
        return self.result


@dataclass
class FakeService:
    """Exchanges everything, or refuses."""

    refuses: bool = False
    calls: list[tuple[object, ...]] = field(default_factory=list)

    def exchange(
        self,
        url: str,
        audience: str,
        subject: SubjectToken,
        scopes: Sequence[str],
        certificate: ClientCertificate | None,
    ) -> AccessToken:
        self.calls.append(("exchange", url, audience, subject, tuple(scopes), certificate))
        if self.refuses:
            raise TokenRefusedError("Security Token Service", 400, "invalid_grant", "no")
        return AccessToken("federated", NOW + 3600)

    def impersonate(
        self, token: AccessToken, target: Impersonation, scopes: Sequence[str]
    ) -> AccessToken:
        self.calls.append(("impersonate", token, target, tuple(scopes)))
        return replace(token, value="impersonated", account=target.account)


class NoHttp:
    """A network that is down."""

    def send(self, request: HttpRequest) -> HttpResponse:
        raise unavailable("cannot reach it")


def surroundings(
    http: FakeHttp | None = None,
    commands: FakeCommands | None = None,
    environment: Mapping[str, str] | None = None,
    now: float = NOW,
) -> Surroundings:
    """A world of fakes."""
    return Surroundings(
        http or NoHttp(), commands or FakeCommands(), lambda: now, environment or {}
    )
