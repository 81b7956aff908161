"""What an emulator is told of the outside: issuers, AWS keys, and how strict to be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.emulator import ACCOUNTS, POOLS, PROJECT, Answer, Rest, emulator
from tests.support.keys import ec_key, rsa_key
from tests.support.tokens import PROVIDER, JwtIssuer
from tests.trust.e2e.sources import Route, serving, text
from wifctl.diagnostics import WifctlError
from wifctl.emulator.kernel import Kernel
from wifctl.emulator.options import Options

ISSUER = JwtIssuer("https://gitlab.example.com")
OUTSIDE = "/_wifctl/outside"
DISCOVERY = "/.well-known/openid-configuration"
KIND = "urn:ietf:params:oauth:token-type"
UNREACHABLE = "Error connecting to the given credential's issuer."


def exchange(api: Rest, token: str = "") -> Answer:
    body = {
        "grantType": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": f"//iam.googleapis.com/{PROVIDER}",
        "scope": "https://www.googleapis.com/auth/cloud-platform",
        "requestedTokenType": f"{KIND}:access_token",
        "subjectToken": token or ISSUER.sign(ISSUER.claims(now=datetime.now(UTC))),
        "subjectTokenType": f"{KIND}:jwt",
    }
    return api.post("/v1/token", body)


def provide(api: Rest, issuer: str = ISSUER.issuer, **oidc: Any) -> None:
    api.post(POOLS, {}, workloadIdentityPoolId="pool")
    provider = {
        "oidc": {"issuerUri": issuer, **oidc},
        "attributeMapping": {"google.subject": "assertion.sub"},
    }
    path = f"{POOLS}/pool/providers"
    answer = api.post(path, provider, workloadIdentityPoolProviderId="provider")
    assert answer.status == 200, answer.body


@pytest.fixture
def known(api: Rest) -> Rest:
    provide(api)
    return api


def remark(api: Rest) -> str:
    return str(api.get("/_wifctl/requests", method="sts.").body["requests"][-1]["message"])


def test_an_issuer_nobody_registered_cannot_be_reached(known: Rest) -> None:
    answer = exchange(known)
    assert answer.body == {"error": "invalid_grant", "error_description": UNREACHABLE}
    assert "not registered with this emulator" in remark(known)


@pytest.mark.parametrize("jwks", [ISSUER.jwks_json, json.loads(ISSUER.jwks_json)])
def test_a_registered_issuer_is_believed(known: Rest, jwks: Any) -> None:
    known.patch(OUTSIDE, {"issuers": {ISSUER.issuer: {"jwks": jwks}}})
    assert exchange(known).status == 200
    known.patch(OUTSIDE, {"issuers": {ISSUER.issuer: None}})
    assert exchange(known).status == 400


def test_keys_can_be_rotated(known: Rest) -> None:
    rotated = JwtIssuer(ISSUER.issuer, {"key-2": ec_key("rotated")})
    known.patch(OUTSIDE, {"issuers": {ISSUER.issuer: {"jwks": ISSUER.jwks_json}}})
    token = rotated.sign(rotated.claims(now=datetime.now(UTC)))
    assert exchange(known, token).body["error_description"] == UNREACHABLE
    known.patch(OUTSIDE, {"issuers": {ISSUER.issuer: {"jwks": rotated.jwks_json}}})
    assert exchange(known, token).status == 200
    assert exchange(known).status == 400


def test_a_discovery_document_of_another_name_is_refused(known: Rest) -> None:
    record = {"jwks": ISSUER.jwks_json, "issuer": f"{ISSUER.issuer}/"}
    known.patch(OUTSIDE, {"issuers": {ISSUER.issuer: record}})
    assert exchange(known).body["error_description"] == UNREACHABLE


def test_a_discovery_document_elsewhere_is_found(api: Rest) -> None:
    where = f"{ISSUER.issuer}/.well-known/other"
    provide(api, discoveryUri=where)
    api.patch(OUTSIDE, {"issuers": {ISSUER.issuer: {"jwks": ISSUER.jwks_json}}})
    assert exchange(api).status == 400
    record = {"jwks": ISSUER.jwks_json, "discoveryUri": where}
    api.patch(OUTSIDE, {"issuers": {ISSUER.issuer: record}})
    assert exchange(api).status == 200


def stand_in(**pages: str) -> dict[str, Route]:
    found = {DISCOVERY: ISSUER.discovery_json, "/jwks": ISSUER.jwks_json, **pages}
    return {path: text(content) for path, content in found.items()}


@pytest.fixture
def gitlab() -> Iterator[str]:
    with serving(stand_in()) as url:
        yield url


def test_a_server_on_loopback_stands_in_for_the_issuer(known: Rest, gitlab: str) -> None:
    known.patch(OUTSIDE, {"issuers": {ISSUER.issuer: {"from": gitlab}}})
    assert exchange(known).status == 200, remark(known)


@pytest.mark.parametrize(
    ("pages", "words"),
    [
        ({DISCOVERY: "{}"}, "serves no discovery document"),
        ({DISCOVERY: "<html>"}, "serves no discovery document"),
        ({DISCOVERY: '{"issuer": "x", "jwks_uri": "http://example.com/k"}'}, "no https URL"),
        ({DISCOVERY: '{"issuer": "x", "jwks_uri": "https://example.com/none"}'}, "answers 404"),
        ({"/jwks": "x"}, "OIDC-3"),
    ],
)
def test_a_stand_in_that_serves_something_else_is_unreachable(
    known: Rest, pages: dict[str, str], words: str
) -> None:
    with serving(stand_in(**pages)) as url:
        known.patch(OUTSIDE, {"issuers": {ISSUER.issuer: {"from": url}}})
        assert exchange(known).body["error_description"] == UNREACHABLE
    assert words in remark(known)


def test_a_stand_in_that_is_gone_is_unreachable(known: Rest) -> None:
    with serving({}) as url:
        pass
    known.patch(OUTSIDE, {"issuers": {ISSUER.issuer: {"from": url}}})
    assert exchange(known).body["error_description"] == UNREACHABLE


def test_google_is_an_issuer_that_needs_no_registration(api: Rest) -> None:
    provide(api, "https://accounts.google.com", allowedAudiences=["keyless"])
    api.post(ACCOUNTS, {"accountId": "deployer"})
    email = f"deployer@{PROJECT}.iam.gserviceaccount.com"
    path = f"/v1/projects/-/serviceAccounts/{email}:generateIdToken"
    token = api.post(path, {"audience": "keyless"}).body["token"]
    assert exchange(api, token).status == 200
    forged = JwtIssuer("https://accounts.google.com", {"key-1": rsa_key("forged")})
    claims = forged.claims(now=datetime.now(UTC), aud="keyless")
    assert exchange(api, forged.sign(claims)).status == 400


def test_what_is_known_is_shown_without_secrets(api: Rest) -> None:
    key = {"secretAccessKey": "s3cret", "sessionToken": "t0ken", "account": "111122223333"}
    answer = api.patch(OUTSIDE, {"awsKeys": {"AKIA": key}, "strictness": "observed"})
    assert answer.body == api.get(OUTSIDE).body
    assert answer.body["strictness"] == "observed"
    assert answer.body["awsKeys"] == {"AKIA": {"account": "111122223333"}}
    assert answer.body["issuers"] == {}
    assert answer.body["lifetimeExtension"] == []
    assert api.patch(OUTSIDE, {"awsKeys": {"AKIA": None}}).body["awsKeys"] == {}


def test_put_replaces_and_patch_adds(api: Rest, gitlab: str) -> None:
    first, second = "https://a.example.com", "https://b.example.com"
    api.patch(OUTSIDE, {"issuers": {first: {"from": gitlab}}, "strictness": "observed"})
    api.patch(OUTSIDE, {"issuers": {second: {"jwks": "{}"}}})
    assert set(api.get(OUTSIDE).body["issuers"]) == {first, second}
    answer = api("PUT", OUTSIDE, {"issuers": {second: {"jwks": "{}"}}})
    assert set(answer.body["issuers"]) == {second}
    assert answer.body["strictness"] == "documented"


@pytest.mark.parametrize("settings", [
    {"unknown": 1},
    {"strictness": "lax"},
    {"issuers": ["https://a.example.com"]},
    {"issuers": {"https://a.example.com": "jwks"}},
    {"issuers": {"https://a.example.com": {}}},
    {"issuers": {"https://a.example.com": {"jwks": "{}", "from": "http://127.0.0.1:1"}}},
    {"issuers": {"https://a.example.com": {"from": "http://example.com"}}},
    {"issuers": {"https://a.example.com": {"from": "https://127.0.0.1:1"}}},
    {"issuers": {"https://a.example.com": {"jwks": "{}", "kid": 1}}},
    {"awsKeys": {"AKIA": {"account": "1"}}},
    {"awsKeys": {"AKIA": {"secretAccessKey": "s"}}},
    {"awsKeys": {"AKIA": {"secretAccessKey": "s", "account": "1", "role": "x"}}},
    {"lifetimeExtension": "*"},
    {"lifetimeExtension": [1]},
])  # fmt: skip
def test_settings_nobody_understands_are_refused(api: Rest, settings: dict[str, Any]) -> None:
    before = api.get(OUTSIDE).body
    assert api.patch(OUTSIDE, settings).code == "INVALID_ARGUMENT"
    assert api.get(OUTSIDE).body == before


def test_options_are_known_from_the_start_and_after_a_reset() -> None:
    with emulator(outside={"strictness": "observed"}) as doors:
        api = Rest(doors)
        assert api.get(OUTSIDE).body["strictness"] == "observed"
        api.post("/_wifctl/reset")
        assert api.get(OUTSIDE).body["strictness"] == "observed"


def test_bad_options_are_a_known_error() -> None:
    with pytest.raises(WifctlError, match="strictness"):
        Kernel(Options(outside={"strictness": "lax"}))


def test_the_outside_is_part_of_the_state(tmp_path: Path) -> None:
    issuers = {ISSUER.issuer: {"jwks": ISSUER.jwks_json}}
    with emulator(state=tmp_path / "db") as doors:
        Rest(doors).patch(OUTSIDE, {"issuers": issuers})
    with emulator(state=tmp_path / "db") as doors:
        api = Rest(doors)
        assert set(api.get(OUTSIDE).body["issuers"]) == {ISSUER.issuer}
