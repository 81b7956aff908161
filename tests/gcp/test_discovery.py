"""What issuers publish: asked only where one may, with every failure in words."""

from __future__ import annotations

import json

import pytest

from tests.gcp.loopback import Answer, Asked, serving
from tests.support.emulator import Rest, emulator
from wifctl.credentials.ports import HttpRequest, HttpResponse
from wifctl.gcp.discovery import Issuers, UnreadableError, emulated, served_keys
from wifctl.gcp.metadata import TokenHttp
from wifctl.trust.provider import Discovery

ISSUER = "https://issuer.example.com"
URL = f"{ISSUER}/.well-known/openid-configuration"
DOCUMENT = {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"}
KEYS = '{"keys": []}'


class Web:
    """An internet of a few pages."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def send(self, request: HttpRequest) -> HttpResponse:
        """The page, or 404."""
        self.asked.append(request.url)
        body = self.pages.get(request.url)
        return HttpResponse(404) if body is None else HttpResponse(200, body)


def web(document: object = DOCUMENT, **pages: bytes) -> Web:
    """The issuer's two pages."""
    return Web({URL: json.dumps(document).encode(), f"{ISSUER}/keys": KEYS.encode(), **pages})


def test_an_issuer_is_read_when_one_may_go_online() -> None:
    assert Issuers(web(), online=True)(URL) == Discovery(ISSUER, KEYS)


def test_offline_nobody_is_asked() -> None:
    page = web()

    assert Issuers(page)(URL) is None
    assert page.asked == []


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ({}, "answers with status 404"),
        ({URL: b"<html>"}, "holds no JSON"),
        ({URL: b"[]"}, "holds no JSON object"),
        ({URL: b"\xff"}, "is not UTF-8"),
        ({URL: b"{}"}, "has no https jwks_uri"),
        ({URL: b'{"jwks_uri": "http://issuer.example.com/keys"}'}, "has no https jwks_uri"),
        ({URL: json.dumps(DOCUMENT).encode()}, "/keys answers with status 404"),
    ],
)
def test_what_cannot_be_read_says_why(pages: dict[str, bytes], words: str) -> None:
    found = Issuers(Web(pages), online=True)(URL)

    assert found is not None
    assert words in found.error


def test_an_emulator_tells_the_issuers_it_knows() -> None:
    with serving(_issuer) as server, emulator() as doors:
        client = Rest(doors)
        issuers = {
            ISSUER: {"jwks": {"keys": []}},
            "https://other.example.com": {"from": server.url},
        }
        client("PATCH", "/_wifctl/outside", {"issuers": issuers})
        client.close()
        asked = emulated(TokenHttp(), doors.rest_url)

        assert asked(URL) == Discovery(ISSUER, KEYS)
        found = asked("https://other.example.com/.well-known/openid-configuration")
        assert found == Discovery("https://other.example.com", KEYS)
        assert asked("https://third.example.com/.well-known/openid-configuration") is None


def test_an_emulator_that_does_not_answer_knows_nobody() -> None:
    assert emulated(Web({}), "http://127.0.0.1:1")(URL) is None


def _issuer(asked: Asked) -> Answer:
    document = {"issuer": "https://other.example.com", "jwks_uri": "https://other.example.com/keys"}
    text = KEYS if asked.path == "/keys" else json.dumps(document)
    return Answer(body=text.encode())


@pytest.mark.parametrize("path", ["/keys", "/.well-known/openid-configuration"])
def test_keys_are_served_as_such_or_by_a_document(path: str) -> None:
    with serving(_issuer) as server:
        assert served_keys(TokenHttp(), f"{server.url}{path}") == KEYS


def test_keys_that_are_not_there_are_an_error() -> None:
    def respond(_: Asked) -> Answer:
        return Answer(500)

    with serving(respond) as server, pytest.raises(UnreadableError, match="status 500"):
        served_keys(TokenHttp(), server.url)
