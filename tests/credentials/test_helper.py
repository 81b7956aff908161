"""The executable token source answers client libraries in their protocol, and caches."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.credentials.fakes import AUDIENCE, NOW, FakeHttp, json_answer, jwt, surroundings
from wifctl.credentials.configuration.model import AWS4_REQUEST, ID_TOKEN, JWT, SAML2
from wifctl.credentials.exchange.obtain import Purpose
from wifctl.credentials.exchange.sources import FileToken, GithubToken, TokenSource, VariableToken
from wifctl.credentials.helper import HelperAnswer, answer, asked_for

LIBRARY = {
    "GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE": AUDIENCE,
    "GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE": ID_TOKEN,
}
SOURCE = VariableToken("TOKEN")
NOTHING = Purpose("", "")


def ask(
    source: TokenSource = SOURCE, now: float = NOW, http: FakeHttp | None = None, **added: str
) -> HelperAnswer:
    return answer(source, surroundings(http, environment=LIBRARY | added, now=now), NOTHING)


def test_success_has_exactly_the_fields_of_the_guide() -> None:
    token = jwt({"exp": NOW + 600})
    found = ask(TOKEN=token)
    assert found.status == 0
    assert json.loads(found.text) == {
        "version": 1,
        "success": True,
        "token_type": ID_TOKEN,
        "id_token": token,
        "expiration_time": int(NOW) + 600,
    }
    assert "\n" not in found.text


def test_an_assertion_goes_into_its_own_field_with_its_own_end(tmp_path: Path) -> None:
    assertion = "PGEgTm90T25PckFmdGVyPSIyMDMwLTAxLTAxVDAwOjAwOjAwWiIvPg=="
    (tmp_path / "a").write_text(assertion)
    found = ask(FileToken(str(tmp_path / "a")), GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE=SAML2)
    document = json.loads(found.text)
    assert document["saml_response"] == assertion
    assert "id_token" not in document
    assert document["expiration_time"] == 1_893_456_000


def test_a_token_that_does_not_end_says_nothing_unless_it_is_cached(tmp_path: Path) -> None:
    assert "expiration_time" not in json.loads(ask(TOKEN="opaque").text)
    cached = ask(TOKEN="opaque", GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE=str(tmp_path / "c"))
    assert json.loads(cached.text)["expiration_time"] == int(NOW) + 300


def test_failure_has_exactly_the_fields_of_the_guide_and_another_status() -> None:
    found = ask()
    assert found.status == 1
    assert json.loads(found.text) == {
        "version": 1,
        "success": False,
        "code": "TOKEN_UNAVAILABLE",
        "message": "the environment variable TOKEN is not set",
    }


def test_an_expired_token_is_a_failure() -> None:
    found = ask(TOKEN=jwt({"exp": NOW - 1}))
    assert found.status == 1
    assert "expired already" in found.text


def test_a_type_no_program_can_give_is_a_failure() -> None:
    found = ask(TOKEN="x", GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE=AWS4_REQUEST)
    assert found.status == 1
    assert "cannot give a token of type" in found.text


def test_the_library_decides_and_the_flags_fill_in() -> None:
    flags = Purpose("ours", SAML2, "ours@example.com")
    assert asked_for(LIBRARY, flags) == Purpose(AUDIENCE, ID_TOKEN, "ours@example.com")
    assert asked_for({}, Purpose("ours", "")) == Purpose("ours", JWT)


def test_the_cache_is_private_and_spares_the_source(tmp_path: Path) -> None:
    cache = tmp_path / "cache.json"
    output = {"GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE": str(cache)}
    first = ask(TOKEN=jwt({"exp": NOW + 600, "n": 1}), **output)
    assert cache.read_text() == first.text
    assert cache.stat().st_mode & 0o777 == 0o600
    second = jwt({"exp": NOW + 900, "n": 2})
    assert ask(TOKEN=second, **output) == first
    assert json.loads(ask(TOKEN=second, now=NOW + 541, **output).text)["id_token"] == second


@pytest.mark.parametrize("content", ["", "{", '{"version": 1, "success": false}', "[" * 99_999])
def test_a_broken_cache_is_replaced(content: str, tmp_path: Path) -> None:
    cache = tmp_path / "cache.json"
    cache.write_text(content)
    found = ask(TOKEN="opaque", GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE=str(cache))
    assert found.status == 0
    assert cache.read_text() == found.text


def test_a_cache_of_another_type_is_replaced(tmp_path: Path) -> None:
    output = {"GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE": str(tmp_path / "c")}
    ask(TOKEN="one", **output)
    other = ask(TOKEN="two", GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE=SAML2, **output)
    assert json.loads(other.text)["saml_response"] == "two"


def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    output = str(tmp_path / "missing" / "c")
    assert ask(TOKEN="opaque", GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE=output).status == 0


def test_a_failure_is_never_cached(tmp_path: Path) -> None:
    ask(GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE=str(tmp_path / "c"))
    assert list(tmp_path.iterdir()) == []


def test_github_serves_the_audience_the_library_names() -> None:
    http = FakeHttp({"GET /t": json_answer({"value": "opaque"})})
    github = {
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://pipelines.example.com/t",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
    }
    assert ask(GithubToken(), http=http, **github).status == 0
    assert "audience=https%3A%2F%2Fiam.googleapis.com%2F" in http.requests[0].url
