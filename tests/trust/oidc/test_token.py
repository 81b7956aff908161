"""What is no JWT: malformed, ambiguous or oversized texts."""

from __future__ import annotations

import pytest

from tests.support.keys import rsa_key
from tests.support.tokens import base64url, sign_jws
from tests.trust.attempts import ISSUER, Attempt, verdict
from wifctl.trust.oidc.token import MAX_TOKEN, TokenFormatError, parse_token
from wifctl.trust.verdict import Outcome

HEADER, PAYLOAD = base64url(b'{"alg":"RS256"}'), base64url(b'{"sub":"a"}')


def _holding(payload: bytes) -> str:
    return f"{HEADER}.{base64url(payload)}.AA"


def test_the_parts_of_a_token_are_read() -> None:
    token = parse_token(f"{HEADER}.{PAYLOAD}.{base64url(b'sig')}")

    assert (token.header, token.payload) == ({"alg": "RS256"}, {"sub": "a"})
    assert token.signing_input == f"{HEADER}.{PAYLOAD}".encode()
    assert "sig" not in repr(token)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no token"),
        (" \n", "no token"),
        ("a.b", "3 parts"),
        (f"{HEADER}.{PAYLOAD}.x.y", "3 parts"),
        (f"{HEADER}!.{PAYLOAD}.AA", "the header is not base64url"),
        (f"{HEADER}.{PAYLOAD}=.AA", "base64url"),
        (f"{HEADER}.{PAYLOAD}.é", "the signature is not base64url"),
        (f"{HEADER}.{PAYLOAD}.AB", "canonical"),
        (f"{base64url(b'[]')}.{PAYLOAD}.AA", "the header is not a JSON object"),
        (_holding(b"not json"), "the payload is not JSON"),
        (_holding(b'{"a":1,"a":1}'), "more than once"),
        (_holding(b'{"a":{"b":1,"b":2}}'), "'b' more than once"),
        (_holding(b'{"a":NaN}'), "NaN"),
        (_holding(bytes([0x7B, 0xFF, 0x7D])), "not UTF-8"),
        (_holding(b"[" * 90_000), "nested too deeply"),
        ("a" * (MAX_TOKEN + 1), "more than"),
    ],
)
def test_a_malformed_token_is_refused_with_its_reason(text: str, says: str) -> None:
    with pytest.raises(TokenFormatError, match=says):
        parse_token(text)


def test_duplicate_members_are_refused_though_signed() -> None:
    payload = f'{{"iss":"{ISSUER.issuer}","sub":"a","sub":"b"}}'
    token = sign_jws('{"alg":"RS256","kid":"key-1"}', payload, rsa_key("jwt"), "RS256")

    judgement = Attempt(token=token).judge()

    assert judgement.outcome is Outcome.FAIL
    assert "more than once" in verdict(judgement, "OIDC-6").found
    assert judgement.assertion is None
    assert verdict(judgement, "MAP-1").outcome is Outcome.SKIPPED


def test_an_unreadable_token_has_the_parser_s_refusal() -> None:
    refusal = Attempt(token="nonsense").judge().refusal

    assert refusal is not None
    assert (refusal.error, refusal.description) == (
        "invalid_grant",
        "Unable to parse the ID Token.",
    )
