"""SAML, AWS and X.509 tokens on both sides of each rule, through the STS door."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.emulator import Answer
from tests.support.keys import NOW, ec_key
from tests.support.tokens import AwsKey, X509Authority, aws_request, aws_token, x509_token
from tests.trust.e2e.door import (
    AUDIENCE,
    AWS_PROVIDER,
    SAML_PROVIDER,
    X509_PROVIDER,
    StsDoor,
)
from tests.trust.saml_cases import TABLE, Token, failing
from tests.trust.test_aws import CHANGES, LONG_LIVED, TEMPORARY, Change, header
from tests.trust.x509_cases import DAY, LEAF, MIDDLE, ROOT, SECOND, authority, usage
from wifctl.trust.request import AWS4_REQUEST, MTLS, SAML2, TokenRequest

KEYS = {
    key.access_key_id: {
        "secretAccessKey": key.secret,
        "sessionToken": key.session_token,
        "account": key.account,
        "arn": key.arn,
        "userId": key.user_id,
    }
    for key in (LONG_LIVED, TEMPORARY)
}

saml_rows = pytest.mark.parametrize(
    ("rule", "accepted", "refused"),
    [pytest.param(rule, good, bad, id=f"{rule} {what}") for rule, what, good, bad in TABLE],
)


def subject_of(door: StsDoor, answer: Answer) -> str:
    """Whom the token is for."""
    assert answer.status == 200, answer.body
    found = door.rest.post("/v1/introspect", {"token": answer.body["access_token"]})
    return str(found.body["username"]).partition("/subject/")[2]


def refused_by(answer: Answer) -> str:
    """The rule that the refusal names; texts of these kinds are ours, for Google's are unknown."""
    assert (answer.status, answer.body["error"]) == (400, "invalid_grant"), answer.body
    return str(answer.body["error_description"]).partition("(")[2].partition(")")[0]


@saml_rows
def test_saml_inside_the_boundary_is_exchanged(
    door: StsDoor, rule: str, accepted: Token, refused: Token
) -> None:
    door.provide(SAML_PROVIDER)
    answer = door.exchange(TokenRequest(accepted(), AUDIENCE, SAML2))
    assert subject_of(door, answer) == "deployer"
    assert answer.body["expires_in"] == 3600


@saml_rows
def test_saml_beyond_the_boundary_is_refused(
    door: StsDoor, rule: str, accepted: Token, refused: Token
) -> None:
    door.provide(SAML_PROVIDER)
    token = refused()
    answer = door.exchange(TokenRequest(token, AUDIENCE, SAML2))
    assert rule in failing(token)
    assert refused_by(answer) == failing(token)[0]


def exchange_aws(door: StsDoor, token: str, moment: datetime | None = None) -> Answer:
    return door.exchange(TokenRequest(token, AUDIENCE, AWS4_REQUEST), moment)


@pytest.mark.parametrize("key", [LONG_LIVED, TEMPORARY], ids=["long-lived", "temporary"])
def test_aws_is_exchanged_for_a_known_key(door: StsDoor, key: AwsKey) -> None:
    door.provide(AWS_PROVIDER, awsKeys=KEYS)
    answer = exchange_aws(door, aws_token(aws_request(key)))
    assert subject_of(door, answer) == key.arn
    assert answer.body["expires_in"] == 3600


@pytest.mark.parametrize(
    ("rule", "change"), [pytest.param(r, c, id=f"{r} {what}") for r, what, c in CHANGES]
)
def test_a_changed_aws_request_is_refused(door: StsDoor, rule: str, change: Change) -> None:
    door.provide(AWS_PROVIDER, awsKeys=KEYS)
    request = aws_request(LONG_LIVED)
    change(request)
    answer = exchange_aws(door, aws_token(request))
    assert answer.status == 400
    assert refused_by(answer).startswith("AWS-")


@pytest.mark.parametrize(("age", "status"), [(0, 200), (900, 200), (901, 400), (-1, 400)])
def test_aws_takes_fifteen_minutes(door: StsDoor, age: int, status: int) -> None:
    door.provide(AWS_PROVIDER, awsKeys=KEYS)
    request = aws_request(LONG_LIVED)
    text = header(request, "x-amz-date")
    signed = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    answer = exchange_aws(door, aws_token(request), signed + timedelta(seconds=age))
    assert answer.status == status
    assert status == 200 or refused_by(answer) == "AWS-7"


def test_aws_refuses_unknown_keys_accounts_and_providers(door: StsDoor) -> None:
    door.provide(AWS_PROVIDER)
    assert refused_by(exchange_aws(door, aws_token(aws_request(LONG_LIVED)))) == "AWS-8"
    door.provide({"aws": {"accountId": "444455556666"}}, awsKeys=KEYS)
    assert refused_by(exchange_aws(door, aws_token(aws_request(LONG_LIVED)))) == "AWS-9"
    door.provide(AWS_PROVIDER, awsKeys=KEYS)
    other = aws_request(LONG_LIVED, provider=f"{AUDIENCE.partition('projects')[0]}other")
    assert refused_by(exchange_aws(door, aws_token(other))) == "AWS-6"


def test_what_is_no_aws_request_has_googles_words(door: StsDoor) -> None:
    door.provide(AWS_PROVIDER)
    answer = exchange_aws(door, "x")
    assert answer.body["error_description"].startswith("Invalid format of AWS credentials: ")


def test_a_certificate_is_exchanged_until_its_last_second(door: StsDoor) -> None:
    door.provide(X509_PROVIDER)
    request = TokenRequest(x509_token(LEAF, MIDDLE.certified), AUDIENCE, MTLS)
    assert subject_of(door, door.exchange(request)) == "workload"
    short = ROOT.leaf(not_before=NOW - DAY, not_after=NOW + DAY)
    request = TokenRequest(x509_token(short), AUDIENCE, MTLS)
    assert door.exchange(request, NOW + DAY).status == 200
    assert refused_by(door.exchange(request, NOW + DAY + SECOND)) == "X509-2"
    assert refused_by(door.exchange(request, NOW - DAY - SECOND)) == "X509-2"


@pytest.mark.parametrize(
    ("rule", "token"),
    [
        ("X509-1", "[]"),
        ("X509-3", x509_token(X509Authority.root("evil").leaf())),
        ("X509-3", x509_token(LEAF)),
        ("X509-5", x509_token(ROOT.leaf(key=ec_key("leaf", ec.SECP521R1)))),
        ("X509-6", x509_token(ROOT.leaf(not_before=NOW - DAY, not_after=NOW + 390 * DAY))),
        ("X509-7", x509_token(ROOT.leaf(extensions=[usage()]))),
        ("X509-3", x509_token((no := authority("no", ROOT, ca=False)).leaf(), no.certified)),
    ],
)
def test_a_certificate_beyond_the_boundary_is_refused(door: StsDoor, rule: str, token: str) -> None:
    door.provide(X509_PROVIDER)
    assert refused_by(door.exchange(TokenRequest(token, AUDIENCE, MTLS))) == rule
