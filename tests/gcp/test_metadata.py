"""Requests to token sources go where they should, as they are, and no further."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gcp.loopback import Answer, Asked, serving
from wifctl.credentials.ports import HttpRequest, WindowsLogin
from wifctl.diagnostics import WifctlError
from wifctl.gcp.metadata import TokenHttp, is_local

HTTP = TokenHttp("wifctl/test")


def echo(asked: Asked) -> Answer:
    return Answer(body=f"{asked.method} {asked.path} {asked.body.decode()}".encode())


def test_a_request_arrives_as_it_is() -> None:
    with serving(echo) as server:
        request = HttpRequest("PUT", f"{server.url}/a%20b?c=d", {"X-A": "b"}, b"body")
        answer = HTTP.send(request)
    assert (answer.status, answer.body) == (200, b"PUT /a%20b?c=d body")
    assert server.asked[0].headers["x-a"] == "b"
    assert server.asked[0].headers["user-agent"] == "wifctl/test"


def test_a_redirect_is_handed_back_not_followed() -> None:
    with serving(lambda _: Answer(302, headers={"Location": "/elsewhere"})) as server:
        answer = HTTP.send(HttpRequest("GET", f"{server.url}/t", {"Authorization": "Bearer x"}))
    assert (answer.status, answer.headers["location"]) == (302, "/elsewhere")
    assert len(server.asked) == 1


def test_neither_proxy_nor_netrc_comes_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login planted password planted\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with serving(echo) as server:
        HTTP.send(HttpRequest("GET", f"{server.url}/t"))
        HTTP.send(HttpRequest("GET", f"{server.url}/t", {"Authorization": "Bearer ours"}))
    assert [asked.headers.get("authorization") for asked in server.asked] == [None, "Bearer ours"]


def test_an_answer_without_end_is_cut_off() -> None:
    too_much = Answer(body=b"x" * (1024 * 1024 + 1))
    with serving(lambda _: too_much) as server, pytest.raises(WifctlError, match="1 MiB"):
        HTTP.send(HttpRequest("GET", server.url))


def test_a_dripping_answer_ends_at_the_deadline() -> None:
    def drips() -> Iterator[bytes]:
        for _ in range(100):
            time.sleep(0.05)
            yield b"x" * 16 * 1024

    with serving(lambda _: Answer(drips=drips)) as server:
        begun = time.monotonic()
        with pytest.raises(WifctlError, match=r"did not answer within 0\.3 seconds"):
            HTTP.send(HttpRequest("GET", server.url, timeout_seconds=0.3))
        assert time.monotonic() - begun < 2


def test_a_silent_server_ends_at_the_deadline() -> None:
    def late(_: Asked) -> Answer:
        time.sleep(0.6)
        return Answer()

    with serving(late) as server, pytest.raises(WifctlError, match="did not answer within"):
        HTTP.send(HttpRequest("GET", server.url, timeout_seconds=0.2))


def test_a_server_that_is_not_there_is_named_by_its_host_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(WifctlError, match=r"cannot reach 127\.0\.0\.1") as caught:
        HTTP.send(HttpRequest("GET", "http://127.0.0.1:1/planted?planted", {"A": "planted"}))
    assert "planted" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.9.9.9/", True),
        ("http://169.254.169.254/latest", True),
        ("https://localhost/", True),
        ("https://adfs.example.com/", False),
        ("http://127.0.0.1.example.com/", False),
    ],
)
def test_only_this_machine_is_asked_without_a_proxy(url: str, local: bool) -> None:
    assert is_local(url) is local


class NtlmDoor:
    """A server that asks for Windows integrated authentication, one context a connection."""

    def __init__(self) -> None:
        self.contexts: dict[int, object] = {}
        self.users: list[str] = []

    def respond(self, asked: Asked) -> Answer:
        import spnego

        kind, _, token = asked.headers.get("authorization", "").partition(" ")
        if kind.upper() != "NTLM":
            return Answer(401, headers={"WWW-Authenticate": "NTLM"})
        context = self.contexts.setdefault(asked.connection, spnego.server(protocol="ntlm"))
        try:
            out = context.step(base64.b64decode(token))  # type: ignore[attr-defined]
        except spnego.exceptions.SpnegoError:
            return Answer(401)
        if not context.complete:  # type: ignore[attr-defined]
            challenge = base64.b64encode(out or b"").decode()
            return Answer(401, headers={"WWW-Authenticate": f"NTLM {challenge}"})
        self.users.append(str(context.client_principal))  # type: ignore[attr-defined]
        return Answer(body=asked.body)


@pytest.fixture
def users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "users").write_text("ACME:builder:hush-hush\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(tmp_path / "users"))


@pytest.mark.usefixtures("users")
@pytest.mark.parametrize(
    "login", [WindowsLogin("ACME\\builder", "hush-hush"), WindowsLogin()], ids=["named", "current"]
)
def test_windows_authentication_is_completed(
    login: WindowsLogin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    door = NtlmDoor()
    with serving(door.respond) as server:
        answer = HTTP.send(HttpRequest("POST", f"{server.url}/t", {}, b"a=b", login=login))
    assert (answer.status, answer.body) == (200, b"a=b")
    assert door.users == ["ACME\\builder"]
    assert "hush" not in caplog.text


@pytest.mark.usefixtures("users")
def test_a_wrong_windows_password_is_a_refusal() -> None:
    door = NtlmDoor()
    with serving(door.respond) as server:
        login = WindowsLogin("ACME\\builder", "wrong-one")
        answer = HTTP.send(HttpRequest("POST", f"{server.url}/t", {}, b"a=b", login=login))
    assert answer.status == 401
    assert door.users == []
