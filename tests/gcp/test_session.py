"""What may carry a credential, and where to."""

from __future__ import annotations

import pytest
import requests
from google.auth.credentials import AnonymousCredentials
from google.oauth2.credentials import Credentials

from tests.gcp.rest_stub import Answer, rest_stub
from wifctl.diagnostics import WifctlError
from wifctl.gcp.session import emulator_session, google_session
from wifctl.gcp.target import Endpoint, Target

REAL = Credentials("real-token")  # type: ignore[no-untyped-call]
NOBODY = AnonymousCredentials()  # type: ignore[no-untyped-call]

LOOPBACK = ["http://127.0.0.1:8080", "http://localhost:1", "http://127.8.9.10:65535"]
ELSEWHERE = [
    "http://10.0.0.1:8080",
    "https://127.0.0.1:8080",
    "http://127.0.0.1",
    "http://127.0.0.1:80@evil.example.com",
    "http://127.0.0.1:80/path",
    "http://127.0.0.1.evil.example.com:80",
    "http://localhost.example.com:80",
    "http://0.0.0.0:8080",
    "http://127.0.0.256:8080",
    "http://169.254.169.254:80",
    "https://iam.googleapis.com",
    "",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_an_endpoint_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(WifctlError, match="not on this machine"):
        Endpoint(url, "127.0.0.1:1")


@pytest.mark.parametrize(
    "target", ["10.0.0.1:443", "iam.googleapis.com:443", "127.0.0.1", "dns:///127.0.0.1:1", ""]
)
def test_a_grpc_door_elsewhere_is_refused(target: str) -> None:
    with pytest.raises(WifctlError, match="not on this machine"):
        Endpoint("http://127.0.0.1:1", target)


@pytest.mark.parametrize("url", LOOPBACK)
def test_an_endpoint_on_this_machine_is_taken(url: str) -> None:
    assert Endpoint(url, url.removeprefix("http://")).rest_url == url


@pytest.mark.parametrize("domain", ["localhost", "a.localhost", "127.0.0.1", "x/y.com", "x.com:1"])
def test_a_universe_on_this_machine_is_refused(domain: str) -> None:
    with pytest.raises(WifctlError, match="universe"):
        Target(universe_domain=domain)


def test_real_credentials_never_leave_over_plain_http() -> None:
    with rest_stub(Answer(body={})) as stub:
        session = google_session(REAL, "wifctl", 1)
        for url in (stub.url, "http://iam.googleapis.com/v1/x"):
            with pytest.raises(requests.exceptions.InvalidSchema, match="plain HTTP"):
                session.get(url)
    assert stub.seen == []


def test_the_session_to_an_emulator_reaches_nothing_else() -> None:
    session = emulator_session(Endpoint("http://127.0.0.1:1", "127.0.0.1:1"), "wifctl", 1)
    for url in ("https://iam.googleapis.com/v1/x", "http://iam.googleapis.com/v1/x"):
        with pytest.raises(requests.exceptions.InvalidSchema, match="this machine"):
            session.get(url)


def test_an_emulator_token_is_never_shown() -> None:
    endpoint = Endpoint("http://127.0.0.1:1", "127.0.0.1:1", "some-token")
    assert "some-token" not in repr(Target(endpoint))


def test_anonymous_credentials_are_no_way_around() -> None:
    session = google_session(NOBODY, "wifctl", 1)
    with pytest.raises(requests.exceptions.InvalidSchema):
        session.get("http://127.0.0.1:9/x")
