"""Which keys are tried, and which tricks with algorithms do not work."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.keys import ec_key, rsa_key
from tests.support.tokens import JwtIssuer, base64url, jwk
from tests.trust.attempts import ISSUER, Attempt, verdict
from wifctl.trust.verdict import Outcome

OIDC = {"issuerUri": ISSUER.issuer}


def _with_keys(*keys: object) -> dict[str, object]:
    return {"oidc": {**OIDC, "jwksJson": json.dumps({"keys": list(keys)})}}


def _outcomes(token: str, **provider: object) -> dict[str, Outcome]:
    judgement = Attempt(token=token, provider=provider).judge()
    return {item.rule: item.outcome for item in judgement.verdicts}


def test_without_a_kid_every_key_is_tried() -> None:
    keys = _with_keys(jwk(rsa_key("other"), "key-0"), jwk(rsa_key("jwt"), "key-1"))

    judgement = Attempt(token=ISSUER.sign(kid=None), provider=keys).judge()

    assert judgement.outcome is Outcome.PASS
    assert "required" in verdict(judgement, "OIDC-4").notes[0]


def test_with_a_kid_every_key_of_that_name_is_tried() -> None:
    keys = _with_keys(jwk(rsa_key("other"), "key-1"), jwk(rsa_key("jwt"), "key-1"))

    assert Attempt(provider=keys).judge().outcome is Outcome.PASS


def test_a_right_key_under_another_kid_does_not_count() -> None:
    keys = _with_keys(jwk(rsa_key("other"), "key-1"), jwk(rsa_key("jwt"), "key-2"))

    assert _outcomes(ISSUER.sign(), **keys)["OIDC-5"] is Outcome.FAIL


def test_an_unreadable_key_does_not_spoil_the_others() -> None:
    bad = {"kty": "RSA", "kid": "key-1", "n": "AQAB", "e": "AQAB"}
    keys = _with_keys({"kty": "OKP", "kid": "o"}, bad, "text", jwk(rsa_key("jwt"), "key-1"))

    assert Attempt(provider=keys).judge().outcome is Outcome.PASS


def test_es256_is_accepted_on_p_256() -> None:
    issuer = JwtIssuer(keys={"ec": ec_key("oidc")})
    provider = {"oidc": {**OIDC, "jwksJson": issuer.jwks_json}}

    assert Attempt(token=issuer.sign(), provider=provider).judge().outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("RS384", rsa_key("jwt")),
        ("RS512", rsa_key("jwt")),
        ("PS256", rsa_key("jwt")),
        ("ES384", ec_key("p384", ec.SECP384R1)),
    ],
)
def test_another_algorithm_is_refused_though_the_signature_is_right(
    algorithm: str, key: object
) -> None:
    issuer = JwtIssuer(keys={"key-1": key})  # type: ignore[dict-item]
    provider = _with_keys(jwk(key, "key-1"))  # type: ignore[arg-type]

    outcomes = _outcomes(issuer.sign(algorithm=algorithm), **provider)

    assert (outcomes["OIDC-5"], outcomes["OIDC-6"]) == (Outcome.FAIL, Outcome.FAIL)


def test_alg_none_is_refused() -> None:
    token = ISSUER.sign()
    header = base64url(b'{"alg":"none","kid":"key-1"}')

    outcomes = _outcomes(f"{header}.{token.split('.')[1]}.")

    assert (outcomes["OIDC-5"], outcomes["OIDC-6"]) == (Outcome.FAIL, Outcome.FAIL)


def test_the_public_key_is_no_hmac_secret() -> None:
    pem = (
        rsa_key("jwt")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    header = base64url(b'{"alg":"HS256","kid":"key-1"}')
    body = f"{header}.{ISSUER.sign().split('.')[1]}"
    forged = f"{body}.{base64url(hmac.digest(pem, body.encode(), hashlib.sha256))}"

    outcomes = _outcomes(forged)

    assert (outcomes["OIDC-5"], outcomes["OIDC-6"]) == (Outcome.FAIL, Outcome.FAIL)


def test_a_key_in_the_header_is_not_used() -> None:
    own = JwtIssuer(keys={"key-1": rsa_key("attacker")})

    outcomes = _outcomes(own.sign(jwk=jwk(rsa_key("attacker"), "key-1")))

    assert outcomes["OIDC-5"] is Outcome.FAIL


def test_critical_extensions_are_refused() -> None:
    assert _outcomes(ISSUER.sign(crit=["exp"], exp=1))["OIDC-6"] is Outcome.FAIL


@pytest.mark.parametrize("fields", [{"use": "enc"}, {"alg": "RS512"}])
def test_a_key_meant_for_something_else_is_not_used(fields: dict[str, str]) -> None:
    keys = _with_keys({**jwk(rsa_key("jwt"), "key-1"), **fields})

    judgement = Attempt(provider=keys).judge()

    assert verdict(judgement, "OIDC-5").outcome is Outcome.FAIL
    assert judgement.refusal is not None
    assert judgement.refusal.description == "Error connecting to the given credential's issuer."


def test_a_weak_key_is_told() -> None:
    weak = rsa_key("weak", 1024)
    issuer = JwtIssuer(keys={"key-1": weak})
    keys = {"oidc": {**OIDC, "jwksJson": issuer.jwks_json}}

    judgement = Attempt(token=issuer.sign(), provider=keys).judge()

    assert verdict(judgement, "OIDC-5").notes == ("the RSA key has only 1024 bits",)


def test_keys_nobody_could_read_leave_the_signature_open() -> None:
    judgement = Attempt(provider={"oidc": OIDC}).judge()

    assert judgement.outcome is Outcome.UNKNOWN
    assert verdict(judgement, "OIDC-5").outcome is Outcome.UNKNOWN
    assert judgement.identity is not None
    assert judgement.refusal is not None


def test_uploaded_keys_are_used_without_asking_the_issuer() -> None:
    judgement = Attempt().judge()

    assert verdict(judgement, "OIDC-1").outcome is Outcome.SKIPPED
    assert verdict(judgement, "OIDC-3").outcome is Outcome.PASS
