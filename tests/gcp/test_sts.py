"""Tokens are exchanged and accounts impersonated in Google's words, and no secret is repeated."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest

from tests.gcp.loopback import Answer, Asked, serving
from wifctl.credentials.configuration.model import JWT
from wifctl.credentials.failures import TokenRefusedError, TokenUnavailableError
from wifctl.credentials.ports import AccessToken, Impersonation, SubjectToken
from wifctl.gcp.metadata import TokenHttp
from wifctl.gcp.sts import GoogleTokens

NOW = 1_800_000_000.0
SUBJECT = SubjectToken("planted-subject", JWT)
FEDERATED = AccessToken("planted-federated", NOW + 3600)
SERVICE = GoogleTokens(TokenHttp(), lambda: NOW)
AUDIENCE = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q"


def says(document: object, status: int = 200) -> Callable[[Asked], Answer]:
    return lambda _: Answer(status, json.dumps(document).encode())


def target(url: str) -> Impersonation:
    path = "/v1/projects/-/serviceAccounts/a@example.com:generateAccessToken"
    return Impersonation(url + path, "a@example.com", ("b@example.com",), 1800)


def test_an_exchange_sends_what_the_guide_lists() -> None:
    answer = {"access_token": "federated", "expires_in": 3599, "token_type": "Bearer"}
    with serving(says(answer)) as server:
        found = SERVICE.exchange(f"{server.url}/v1/token", AUDIENCE, SUBJECT, ("a", "b"), None)
    assert found == AccessToken("federated", NOW + 3599)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/v1/token")
    assert "authorization" not in asked.headers
    sent = {name: value for name, (value,) in parse_qs(asked.body.decode()).items()}
    assert sent == {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": AUDIENCE,
        "scope": "a b",
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "subject_token": "planted-subject",
        "subject_token_type": JWT,
    }


def test_impersonation_names_delegates_scopes_and_lifetime() -> None:
    answer = {"accessToken": "account", "expireTime": "2027-01-15T08:30:00Z"}
    with serving(says(answer)) as server:
        found = SERVICE.impersonate(FEDERATED, target(server.url), ("a",))
    assert found == AccessToken("account", NOW + 1800, "a@example.com")
    (asked,) = server.asked
    assert asked.headers["authorization"] == "Bearer planted-federated"
    assert json.loads(asked.body) == {
        "delegates": ["projects/-/serviceAccounts/b@example.com"],
        "scope": ["a"],
        "lifetime": "1800s",
    }


def test_a_refused_exchange_keeps_googles_words_but_not_the_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    body = {"error": "invalid_grant", "error_description": "planted-subject is\nno good"}
    with serving(says(body, 400)) as server, pytest.raises(TokenRefusedError) as caught:
        SERVICE.exchange(f"{server.url}/v1/token", AUDIENCE, SUBJECT, ("a",), None)
    assert caught.value.error == "invalid_grant"
    assert caught.value.description == "[secret] is no good"
    assert "planted" not in f"{caught.value}{caplog.text}{caught.value.__cause__}"


def test_a_refused_impersonation_keeps_googles_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    text = "Permission 'iam.serviceAccounts.getAccessToken' denied"
    body = {"error": {"code": 403, "message": text, "status": "PERMISSION_DENIED"}}
    with serving(says(body, 403)) as server, pytest.raises(TokenRefusedError, match=text) as caught:
        SERVICE.impersonate(FEDERATED, target(server.url), ("a",))
    assert (caught.value.status, caught.value.error) == (403, "PERMISSION_DENIED")
    assert "planted" not in caplog.text


@pytest.mark.parametrize("body", [b"", b"planted", b"[]", b"{}", b'{"access_token": 1}'])
def test_an_answer_without_a_token_is_said(body: bytes) -> None:
    with serving(lambda _: Answer(body=body)) as server:
        with pytest.raises(TokenUnavailableError, match="no access token") as caught:
            SERVICE.exchange(f"{server.url}/v1/token", AUDIENCE, SUBJECT, ("a",), None)
        with pytest.raises(TokenUnavailableError, match="no access token"):
            SERVICE.impersonate(FEDERATED, target(server.url), ("a",))
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("body", [b"", b"<html>planted</html>", b'["planted"]'])
def test_an_error_of_another_shape_is_a_refusal_without_words(body: bytes) -> None:
    refusal = pytest.raises(TokenRefusedError, match="status 503, no reason")
    with serving(lambda _: Answer(503, body)) as server, refusal as caught:
        SERVICE.exchange(f"{server.url}/v1/token", AUDIENCE, SUBJECT, ("a",), None)
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("host", ["http://sts.googleapis.com", "http://127.0.0.1.example.com", ""])
def test_no_token_is_sent_in_the_clear(host: str) -> None:
    with pytest.raises(TokenUnavailableError, match="no https address"):
        SERVICE.exchange(f"{host}/v1/token", AUDIENCE, SUBJECT, ("a",), None)
    with pytest.raises(TokenUnavailableError, match="no https address"):
        SERVICE.impersonate(FEDERATED, target(host), ("a",))
