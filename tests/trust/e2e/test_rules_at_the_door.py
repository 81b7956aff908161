"""Every limit of a rule from both sides, through the STS door: ID tokens, mapping, condition."""

from __future__ import annotations

from typing import Any

import google.oauth2.sts
import pytest
from google.auth.exceptions import OAuthError
from google.auth.transport.requests import Request

from tests.trust.attempts import Attempt, provider_json, verdict
from tests.trust.boundary_table import ROWS, Boundary
from tests.trust.e2e.door import StsDoor, issuers
from wifctl.trust.verdict import Outcome, Strictness

rows = pytest.mark.parametrize("row", ROWS, ids=str)


def prepare(door: StsDoor, attempt: Attempt) -> None:
    door.provide(
        provider_json(**attempt.provider),
        dict(attempt.pool),
        strictness=attempt.strictness.value,
        issuers=issuers(attempt.discovered),
    )


@rows
def test_a_token_inside_the_limit_is_exchanged(door: StsDoor, row: Boundary) -> None:
    prepare(door, row.inside)
    answer = door.exchange(row.inside.token_request)
    assert answer.status == 200, answer.body
    body = dict(answer.body)
    assert len(body.pop("access_token")) <= 12288
    expires = body.pop("expires_in", None)
    assert body == {
        "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "token_type": "Bearer",
    }
    limited = row.inside.judge().expires_in
    untold = row.inside.strictness is Strictness.OBSERVED and limited <= 2
    assert expires == (None if untold else limited)


@rows
def test_a_token_outside_the_limit_is_refused_as_the_engine_says(
    door: StsDoor, row: Boundary
) -> None:
    prepare(door, row.outside)
    answer = door.exchange(row.outside.token_request)
    judgement = row.outside.judge()
    assert verdict(judgement, row.rule).outcome is Outcome.FAIL
    refusal = judgement.refusal
    assert refusal is not None
    assert answer.status == refusal.status
    assert answer.body == {"error": refusal.error, "error_description": refusal.description}


@pytest.mark.parametrize("row", [row for row in ROWS if row.text], ids=str)
def test_google_auth_reports_the_text_of_the_service(door: StsDoor, row: Boundary) -> None:
    prepare(door, row.outside)
    request = row.outside.token_request
    client: Any = google.oauth2.sts.Client(f"{door.url}/v1/token")  # type: ignore[no-untyped-call]
    door.at()
    with pytest.raises(OAuthError) as caught:
        client.exchange_token(
            Request(),
            request.grant_type,
            request.subject_token,
            request.subject_token_type,
            audience=request.audience,
            scopes=request.scope.split(),
            requested_token_type=request.requested_token_type,
        )
    assert str(caught.value.args[0]).endswith(f": {row.text}")
