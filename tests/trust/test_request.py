"""Both spellings of a token request, and what bare tokens leave out."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from tests.trust.attempts import AUDIENCE, ISSUED, ISSUER, Attempt, provider, verdict
from wifctl.trust.exchange import judge
from wifctl.trust.request import GRANT_TYPE, JWT, TokenRequest, judge_request, token_request
from wifctl.trust.verdict import Outcome

SNAKE = {
    "grant_type": GRANT_TYPE,
    "audience": AUDIENCE,
    "scope": "s",
    "requested_token_type": "r",
    "subject_token_type": JWT,
    "subject_token": "t",
    "options": "{}",
}
CAMEL = {
    "grantType": GRANT_TYPE,
    "audience": AUDIENCE,
    "scope": "s",
    "requestedTokenType": "r",
    "subjectTokenType": JWT,
    "subjectToken": "t",
    "options": "{}",
}


def test_form_and_json_spell_the_same_request() -> None:
    assert token_request(SNAKE) == token_request(CAMEL)
    assert token_request(CAMEL) == TokenRequest("t", AUDIENCE, JWT, GRANT_TYPE, "r", "s", "{}")


def test_missing_and_odd_members_count_as_absent() -> None:
    empty = token_request({"audience": 7, "scope": ["x"]})
    failed = {item.rule for item in judge_request(empty, None) if item.outcome is Outcome.FAIL}

    assert failed == {"STS-R1", "STS-R2", "STS-R3", "STS-R4", "STS-R5", "STS-R6"}


def test_a_request_never_shows_its_token() -> None:
    assert "secret-token" not in repr(TokenRequest("secret-token"))


@pytest.mark.parametrize("text", ["[]", "nonsense", "%7B", '{"accessBoundary": []}'])
def test_malformed_options_are_refused(text: str) -> None:
    assert verdict(Attempt(request={"options": text}).judge(), "STS-R5").outcome is Outcome.FAIL


def test_options_may_be_percent_encoded_as_google_auth_sends_them() -> None:
    good, bad = (quote(json.dumps({"userProject": "p" * size})) for size in (32, 33))

    assert verdict(Attempt(request={"options": good}).judge(), "STS-R5").outcome is Outcome.PASS
    assert verdict(Attempt(request={"options": bad}).judge(), "STS-R5").outcome is Outcome.FAIL


def test_an_unknown_provider_ends_the_judgement() -> None:
    judgement = judge(Attempt().token_request, None, Attempt().context)

    assert judgement.refusal is not None
    assert judgement.refusal.error == "invalid_target"
    assert judgement.identity is None
    assert verdict(judgement, "COND-1").outcome is Outcome.SKIPPED


def test_an_audience_of_another_provider_is_another_target() -> None:
    other = AUDIENCE.replace("/providers/provider", "/providers/other")
    judgement = Attempt(request={"audience": other}).judge()

    assert verdict(judgement, "STS-R4").outcome is Outcome.PASS
    assert "'other'" in verdict(judgement, "STS-R6").hint


def test_a_bare_token_is_judged_without_a_request() -> None:
    judgement = judge(ISSUER.sign(), provider(), Attempt().context)

    assert judgement.outcome is Outcome.PASS
    assert verdict(judgement, "STS-R1").outcome is Outcome.SKIPPED
    assert verdict(judgement, "STS-R6").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("left", "seconds"), [(10, 10), (3600, 3600), (3601, 3600), (86_400, 3600)]
)
def test_the_access_token_outlives_neither_the_token_nor_an_hour(left: int, seconds: int) -> None:
    judgement = Attempt({"exp": ISSUED + left}).judge()

    assert judgement.expires_in == seconds
    assert verdict(judgement, "STS-R8").found == f"{seconds} s"


def test_a_refused_token_gets_no_lifetime() -> None:
    judgement = Attempt({"aud": "x"}).judge()

    assert judgement.expires_in == 0
    assert verdict(judgement, "STS-R8").outcome is Outcome.SKIPPED
