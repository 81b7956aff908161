"""What Google refuses in an uploaded key set."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.keys import ec_key, rsa_key
from tests.support.tokens import jwk
from wifctl.trust.oidc.jwks import CORRUPTED, KEY_TYPES, NOT_JSON, check_uploaded, read_jwks

GOOD = jwk(rsa_key("jwt"), "a")


def _problems(*keys: object) -> list[tuple[str, bool]]:
    found = check_uploaded(json.dumps({"keys": list(keys)}))
    return [(problem.text, problem.refused) for problem in found]


def test_a_documented_key_set_is_fine() -> None:
    assert _problems(GOOD, jwk(ec_key("b"), "b")) == []


@pytest.mark.parametrize("count", [8, 9])
def test_eight_keys_are_allowed(count: int) -> None:
    keys = [jwk(rsa_key("jwt"), str(index)) for index in range(count)]

    assert bool(_problems(*keys)) is (count > 8)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ({**GOOD, "x5c": ["MII"]}, NOT_JSON),
        ({**GOOD, "d": "AQAB"}, NOT_JSON),
        (jwk(ec_key("p384", ec.SECP384R1), "c"), KEY_TYPES),
        ({"kty": "oct", "kid": "o"}, KEY_TYPES),
        ({"kty": "OKP", "kid": "o"}, CORRUPTED),
        ({**GOOD, "n": "ä"}, CORRUPTED),
        ("text", NOT_JSON),
    ],
)
def test_a_bad_key_has_google_s_text(key: object, text: str) -> None:
    assert (text, True) in _problems(key)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": []}', '{"keys": {}}', '{"a":1,"a":2}'])
def test_what_is_no_key_set_is_refused(text: str) -> None:
    assert [problem.text for problem in check_uploaded(text)] == [NOT_JSON]


def test_missing_and_repeated_kids_are_doubtful_only() -> None:
    nameless = {name: value for name, value in GOOD.items() if name != "kid"}

    assert _problems(GOOD, GOOD, nameless) == [("", False), ("", False)]


def test_reading_keeps_no_private_part() -> None:
    (key,) = read_jwks(json.dumps({"keys": [{**GOOD, "d": "AQAB"}]}))

    assert set(key.material) == {"n", "e"}
    assert key.bits == 2048
