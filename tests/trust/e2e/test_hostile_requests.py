"""Whatever is sent to STS: an answer in OAuth's form, never a server error, never a token."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.trust.attempts import provider_json
from tests.trust.e2e.door import (
    AUDIENCE,
    AWS_PROVIDER,
    SAML_PROVIDER,
    X509_PROVIDER,
    StsDoor,
)
from wifctl.trust.request import AWS4_REQUEST, JWT, MTLS, SAML2, SUBJECT_TYPES, TokenRequest

PROVIDERS = {
    JWT: provider_json(),
    SAML2: SAML_PROVIDER,
    AWS4_REQUEST: AWS_PROVIDER,
    MTLS: X509_PROVIDER,
}
patient = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
names = st.sampled_from(
    ["grantType", "audience", "scope", "requestedTokenType", "subjectToken", "options", "actor"]
)
alphabet = string.ascii_letters + string.digits + '._-~%+/=<>{}[]",: &;?é\x00'
tokens = st.text(alphabet, max_size=200) | st.builds(
    ".".join, st.lists(st.text(string.ascii_letters + "-_", max_size=40), max_size=5)
)


def check_refusal(status: int, body: dict[str, object]) -> None:
    assert status == 400
    assert set(body) == {"error", "error_description"}


@pytest.mark.parametrize("kind", PROVIDERS)
@patient
@given(token=tokens)
def test_no_text_is_a_token(door: StsDoor, kind: str, token: str) -> None:
    door.provide(PROVIDERS[kind])
    answer = door.exchange(TokenRequest(token, AUDIENCE, kind), None)
    check_refusal(answer.status, answer.body)


@patient
@given(body=st.dictionaries(names | st.text(max_size=9), values, max_size=8))
def test_no_json_is_a_request(door: StsDoor, body: dict[str, object]) -> None:
    answer = door.rest.post("/v1/token", body)
    check_refusal(answer.status, answer.body)


@patient
@given(body=st.binary(max_size=200))
def test_no_bytes_are_a_request(door: StsDoor, body: bytes) -> None:
    for path in ("/v1/token", "/v1/introspect"):
        answer = door.rest("POST", path, body)
        check_refusal(answer.status, answer.body)


@patient
@given(
    audience=st.text(alphabet, max_size=60).map(lambda text: AUDIENCE + text)
    | st.text(alphabet, max_size=60).map(lambda text: text + AUDIENCE)
    | st.text(max_size=60),
    kind=st.sampled_from(sorted(SUBJECT_TYPES)),
    options=st.text(max_size=40) | values.map(json.dumps),
)
def test_no_audience_or_option_lets_a_bad_token_in(
    door: StsDoor, audience: str, kind: str, options: str
) -> None:
    door.provide(PROVIDERS[JWT])
    request = TokenRequest("a.b.c", audience, kind, options=options)
    answer = door.exchange(request, None)
    check_refusal(answer.status, answer.body)
