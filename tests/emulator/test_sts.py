"""The Security Token Service: forms of requests and answers, introspection, tokens in use."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.emulator import NUMBER, POOLS, PROJECT, Answer, Rest
from tests.support.keys import NOW
from tests.support.tokens import PROVIDER, JwtIssuer, audience_url
from wifctl.emulator.callers import PREFIX
from wifctl.emulator.clock import format_time
from wifctl.emulator.server import Doors

ISSUER = JwtIssuer()
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TYPE = "urn:ietf:params:oauth:token-type"
AUDIENCE = f"//iam.googleapis.com/{PROVIDER}"
FORM = "application/x-www-form-urlencoded"
SUBJECT = f"principal://iam.googleapis.com/{PROVIDER.rpartition('/providers')[0]}/subject/workload"


def fields(token: str = "", **changes: str) -> dict[str, str]:
    """A good request, in a form's spelling."""
    return {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": AUDIENCE,
        "scope": SCOPE,
        "requested_token_type": f"{TYPE}:access_token",
        "subject_token": token or ISSUER.sign(),
        "subject_token_type": f"{TYPE}:jwt",
        **changes,
    }


def camel(form: Mapping[str, str]) -> dict[str, str]:
    return {re.sub("_(.)", lambda m: m[1].upper(), name): text for name, text in form.items()}


class Sts:
    """The door, with headers of one's own."""

    def __init__(self, doors: Doors) -> None:
        self.api = Rest(doors)
        self._raw = self.api._connection

    def send(self, path: str, body: str, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._raw.request("POST", path, body, named)
        answer = self._raw.getresponse()
        return Answer(answer.status, json.loads(answer.read()))

    def form(self, form: Mapping[str, str], path: str = "/v1/token", **headers: str) -> Answer:
        return self.send(path, urlencode(form), Content_Type=FORM, **headers)

    def token(self, **changes: str) -> str:
        answer = self.form(fields(**changes))
        assert answer.status == 200, answer.body
        return str(answer.body["access_token"])

    def introspect(self, token: str) -> dict[str, Any]:
        answer = self.form({"token": token}, "/v1/introspect")
        assert answer.status == 200
        return dict(answer.body)


@pytest.fixture
def sts(doors: Doors) -> Sts:
    found = Sts(doors)
    found.api.post("/_wifctl/clock", {"set": format_time(NOW)})
    found.api.post(POOLS, {}, workloadIdentityPoolId="pool")
    provider = {
        "oidc": {"issuerUri": ISSUER.issuer, "jwksJson": ISSUER.jwks_json},
        "attributeMapping": {"google.subject": "assertion.sub"},
    }
    path = f"{POOLS}/pool/providers"
    answer = found.api.post(path, provider, workloadIdentityPoolProviderId="provider")
    assert answer.status == 200, answer.body
    return found


@pytest.mark.parametrize("path", ["/v1/token", "/v1beta/token"])
@pytest.mark.parametrize("kind", ["application/json", "text/json", FORM, f"{FORM}; charset=utf-8"])
def test_requests_may_be_json_or_a_form(sts: Sts, path: str, kind: str) -> None:
    form = fields()
    body = urlencode(form) if kind.startswith(FORM) else json.dumps(camel(form))
    answer = sts.send(path, body, Content_Type=kind)
    assert answer.status == 200, answer.body
    token = answer.body.pop("access_token")
    assert answer.body == {
        "issued_token_type": f"{TYPE}:access_token",
        "token_type": "Bearer",
        "expires_in": 3600,
    }
    assert token.startswith(PREFIX)
    assert len(token) <= 12288


@pytest.mark.parametrize("header", ["Basic Y2xpZW50OnNlY3JldA==", f"Bearer {PREFIX}x", "Bearer x"])
def test_an_authorization_header_is_not_looked_at(sts: Sts, header: str) -> None:
    assert sts.form(fields(), Authorization=header).status == 200


@pytest.mark.parametrize(("seconds", "told"), [(1, 1), (2, 2), (3599, 3599), (3601, 3600)])
def test_the_token_lives_as_long_as_its_subject_an_hour_at_most(
    sts: Sts, seconds: int, told: int
) -> None:
    subject = ISSUER.sign(ISSUER.claims(exp=int(NOW.timestamp()) + seconds))
    answer = sts.form(fields(subject))
    assert answer.body["expires_in"] == told
    token = answer.body["access_token"]
    assert sts.introspect(token)["active"]
    sts.api.advance(told)
    assert sts.introspect(token) == {"active": False}


def test_an_observed_service_leaves_very_short_lives_untold(sts: Sts) -> None:
    sts.api.patch("/_wifctl/outside", {"strictness": "observed"})
    start = int(NOW.timestamp())
    for seconds, told in ((2, None), (30, 30)):
        subject = ISSUER.sign(ISSUER.claims(iat=start - 9, exp=start + seconds))
        sts.api.post("/_wifctl/clock", {"set": format_time(NOW)})
        assert sts.form(fields(subject)).body.get("expires_in") == told


def test_an_intermediary_token_comes_with_a_session_key(sts: Sts) -> None:
    kind = f"{TYPE}:access_boundary_intermediary_token"
    answer = sts.form(fields(requested_token_type=kind))
    assert answer.body["issued_token_type"] == kind
    assert answer.body["access_boundary_session_key"]


@pytest.mark.parametrize(("body", "kind"), [
    ("{", "application/json"), ("[]", "application/json"), ('{"a": NaN}', "text/json"),
    ("subject_token=%ff", FORM), ("é", FORM),
])  # fmt: skip
def test_what_cannot_be_read_is_an_invalid_request(sts: Sts, body: str, kind: str) -> None:
    answer = sts.send("/v1/token", body.encode().decode("latin-1"), Content_Type=kind)
    assert answer.status == 400
    assert answer.body["error"] == "invalid_request"
    assert set(answer.body) == {"error", "error_description"}


@pytest.mark.parametrize("absent", [
    "grant_type", "audience", "scope", "requested_token_type", "subject_token_type",
    "subject_token",
])  # fmt: skip
def test_every_field_is_required(sts: Sts, absent: str) -> None:
    answer = sts.form(fields(**{absent: ""}) | {absent: ""})
    assert answer.status == 400
    assert set(answer.body) == {"error", "error_description"}


def test_members_of_another_type_than_text_are_refused(sts: Sts) -> None:
    body = {**camel(fields()), "subjectToken": {"a": 1}}
    assert sts.send("/v1/token", json.dumps(body)).status == 400


def test_a_missing_provider_is_an_invalid_target(sts: Sts) -> None:
    for audience in (AUDIENCE + "x", AUDIENCE.replace("/pool/", "/none/")):
        answer = sts.form(fields(audience=audience))
        assert (answer.status, answer.body["error"]) == (400, "invalid_target")


def test_a_provider_is_dead_and_alive_with_its_pool(sts: Sts) -> None:
    assert sts.token()
    sts.api.delete(f"{POOLS}/pool")
    assert sts.form(fields()).body["error"] == "invalid_target"
    sts.api.post(f"{POOLS}/pool:undelete")
    assert sts.token()
    sts.api.delete(f"{POOLS}/pool/providers/provider")
    assert sts.form(fields()).body["error"] == "invalid_target"


def test_introspection_names_the_principal(sts: Sts) -> None:
    start = int(NOW.timestamp())
    found = sts.introspect(sts.token())
    assert abs(found.pop("iat") - start) <= 1
    assert abs(found.pop("exp") - start - 3600) <= 1
    assert found == {
        "active": True,
        "iss": "https://sts.googleapis.com/",
        "sub": SUBJECT,
        "username": SUBJECT,
        "scope": SCOPE,
    }


@pytest.mark.parametrize("token", ["x", "local", "user:dev@example.com", f"{PREFIX}x", "a.b.c"])
def test_other_texts_are_not_active(sts: Sts, token: str) -> None:
    assert sts.introspect(token) == {"active": False}


def test_introspection_needs_a_token(sts: Sts) -> None:
    answer = sts.form({"token_type_hint": "x"}, "/v1/introspect")
    assert (answer.status, answer.body["error"]) == (400, "invalid_request")


def test_a_disabled_pool_takes_its_tokens_along(sts: Sts) -> None:
    token = sts.token()
    caller = Sts(sts_doors(sts))
    header = f"Bearer {token}"
    sts.api.patch(f"{POOLS}/pool/providers/provider", {"disabled": True}, updateMask="disabled")
    assert get(caller, header) == 200
    sts.api.patch(f"{POOLS}/pool", {"disabled": True}, updateMask="disabled")
    assert get(caller, header) == 401
    assert sts.introspect(token) == {"active": False}
    sts.api.patch(f"{POOLS}/pool", {"disabled": False}, updateMask="disabled")
    assert get(caller, header) == 200


def test_a_disabled_api_refuses_in_googles_envelope(sts: Sts) -> None:
    service = f"/v1/projects/{PROJECT}/services/sts.googleapis.com"
    sts.api.post(f"{service}:enable")
    sts.api.post(f"{service}:disable")
    answer = sts.form(fields())
    assert answer.status == 403
    assert answer.body["error"]["details"][1]["reason"] == "SERVICE_DISABLED"
    assert NUMBER in answer.message


def test_the_quota_is_told_as_the_service_does(sts: Sts) -> None:
    sts.api.switch(quotas={"sts.write": 1})
    assert sts.form(fields()).status == 200
    answer = sts.form(fields())
    assert answer.status == 429
    assert answer.body == {
        "error": "quota_exceeded",
        "error_description": "The request was throttled due to rate limit: "
        "sts.googleapis.com/requests. Please retry after a few seconds.",
    }
    sts.api.switch(quotas={})


def test_the_log_says_which_rule_refused_and_shows_no_token(sts: Sts) -> None:
    subject = ISSUER.sign(ISSUER.claims(aud="https://example.com"))
    sts.form(fields(subject))
    calls = sts.api.get("/_wifctl/requests", method="sts.").body["requests"]
    assert calls[-1]["resource"] == PROVIDER
    assert "[OIDC-8: found" in calls[-1]["message"]
    assert audience_url() in calls[-1]["message"]
    assert subject not in json.dumps(calls)


def test_what_is_documented_and_not_served_says_so(sts: Sts) -> None:
    pool = f"/v1/projects/{NUMBER}/locations/global/workloadIdentityPools/pool"
    for path in (f"{pool}/openid/jwks", f"{pool}/.well-known/openid-configuration"):
        assert sts.api.get(path).status == 501


def test_a_token_is_forgotten_with_the_state(sts: Sts) -> None:
    token = sts.token()
    sts.api.post("/_wifctl/reset")
    assert sts.introspect(token) == {"active": False}


def sts_doors(sts: Sts) -> Doors:
    found = sts.api.get("/_wifctl/doors").body
    return Doors(found["rest"], found["grpc"])


def get(caller: Sts, authorization: str) -> int:
    caller._raw.request("GET", POOLS, headers={"Authorization": authorization})
    answer = caller._raw.getresponse()
    answer.read()
    return answer.status


def test_times_are_judged_in_whole_seconds(sts: Sts) -> None:
    late = NOW + timedelta(milliseconds=400)
    sts.api.post("/_wifctl/clock", {"set": format_time(late)})
    claims = ISSUER.claims(iat=int(NOW.timestamp()), exp=int(NOW.timestamp()) + 1)
    assert sts.form(fields(ISSUER.sign(claims))).status == 200
