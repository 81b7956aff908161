"""Google's Security Token Service and Service Account Credentials API: tokens for tokens."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import google.auth.exceptions
import google.oauth2.sts

from wifctl.credentials.addresses import host_of, is_private
from wifctl.credentials.failures import TokenRefusedError, reason, unavailable
from wifctl.credentials.ports import (
    AccessToken,
    ClientCertificate,
    HttpPort,
    HttpRequest,
    HttpResponse,
    Impersonation,
    SubjectToken,
)

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105 - a type
STS = "Security Token Service"
_SHAPELESS = (ValueError, KeyError, TypeError, AttributeError)
CREDENTIALS = "Service Account Credentials API"


@dataclass(frozen=True, slots=True)
class GoogleTokens:
    """The token services behind a port for HTTP. `now` gives seconds since 1970."""

    http: HttpPort
    now: Callable[[], float]

    def exchange(
        self,
        url: str,
        audience: str,
        subject: SubjectToken,
        scopes: Sequence[str],
        certificate: ClientCertificate | None,
    ) -> AccessToken:
        """Exchange a token from outside. Raises TokenRefusedError with Google's own words."""
        _check(url)
        answers: list[HttpResponse] = []

        def send(url: str, method: str, headers: Mapping[str, str], body: bytes) -> _Answer:
            request = HttpRequest(method, url, headers, body, client_certificate=certificate)
            answers.append(self.http.send(request))
            return _Answer(answers[-1].status, answers[-1].body)

        client: Any = google.oauth2.sts.Client(url)  # type: ignore[no-untyped-call]
        try:
            found = client.exchange_token(
                send,
                GRANT_TYPE,
                subject.value,
                subject.type,
                audience=audience,
                scopes=list(scopes),
                requested_token_type=ACCESS_TOKEN,
            )
            # A federated token about to end comes without its lifetime.
            lifetime = int(found.get("expires_in", 0))
            return AccessToken(_token(found["access_token"]), self.now() + lifetime)
        except (google.auth.exceptions.OAuthError, *_SHAPELESS):
            if answers[-1].status != 200:
                raise _refused(STS, answers[-1], (subject.value,)) from None
            raise unavailable(f"{host_of(url)} answered with no access token") from None

    def impersonate(
        self, token: AccessToken, target: Impersonation, scopes: Sequence[str]
    ) -> AccessToken:
        """Become a service account. Raises TokenRefusedError with Google's own words."""
        _check(target.url)
        body = {
            "delegates": [f"projects/-/serviceAccounts/{each}" for each in target.delegates],
            "scope": list(scopes),
            "lifetime": f"{target.lifetime_seconds}s",
        }
        headers = {"Authorization": f"Bearer {token.value}", "Content-Type": "application/json"}
        request = HttpRequest("POST", target.url, headers, json.dumps(body).encode())
        answer = self.http.send(request)
        if answer.status != 200:
            raise _refused(CREDENTIALS, answer, (token.value,))
        try:
            found = json.loads(answer.body)
            ends = datetime.fromisoformat(found["expireTime"]).timestamp()
            return replace(
                token, value=_token(found["accessToken"]), expires_at=ends, account=target.account
            )
        except _SHAPELESS:
            raise unavailable(f"{host_of(target.url)} answered with no access token") from None


@dataclass(frozen=True, slots=True)
class _Answer:
    """What google-auth expects of a transport."""

    status: int
    data: bytes


def _token(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("no token")
    return value


def _check(url: str) -> None:
    if not is_private(url):
        raise unavailable(f"{host_of(url) or 'the token service'} is no https address")


def _refused(service: str, answer: HttpResponse, secrets: tuple[str, ...]) -> TokenRefusedError:
    return TokenRefusedError(service, answer.status, *reason(answer.body, secrets))
