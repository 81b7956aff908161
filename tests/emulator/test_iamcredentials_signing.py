"""What service accounts sign: ID tokens, blobs and JWTs, and the keys that verify them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate

from tests.support.emulator import ACCOUNTS, PROJECT, Rest
from tests.support.keys import NOW
from wifctl.emulator.clock import format_time

EMAIL = f"deployer@{PROJECT}.iam.gserviceaccount.com"
ACCOUNT = f"projects/-/serviceAccounts/{EMAIL}"
KEYS = "/service_accounts/v1/metadata"


@pytest.fixture
def account(api: Rest) -> dict[str, Any]:
    answer = api.post(ACCOUNTS, {"accountId": "deployer"})
    assert answer.status == 200
    return dict(answer.body)


def ends(seconds: int) -> str:
    """A claims set that expires so long after NOW."""
    return json.dumps({"exp": int(NOW.timestamp()) + seconds})


def test_an_id_token_is_googles_and_verifies_with_its_published_keys(
    api: Rest, account: dict[str, Any]
) -> None:
    body = {"audience": "https://example.com"}
    token = api.post(f"/v1/{ACCOUNT}:generateIdToken", body).body["token"]
    key = jwt.PyJWK(api.get("/oauth2/v3/certs").body["keys"][0])
    claims = jwt.decode(token, key, algorithms=["RS256"], audience="https://example.com")
    now = datetime.now(UTC).timestamp()
    assert abs(claims.pop("iat") - now) < 60
    assert abs(claims.pop("exp") - now - 3600) < 60
    assert claims == {
        "iss": "https://accounts.google.com",
        "aud": "https://example.com",
        "sub": account["uniqueId"],
        "azp": account["uniqueId"],
    }
    certificates = api.get("/oauth2/v1/certs").body
    certificate = load_pem_x509_certificate(certificates[key.key_id].encode())
    public: Any = certificate.public_key()
    jwt.decode(token, public, algorithms=["RS256"], audience="https://example.com")


def test_an_id_token_says_more_when_asked(api: Rest, account: dict[str, Any]) -> None:
    body = {"audience": "a", "includeEmail": True, "organizationNumberIncluded": True}
    token = api.post(f"/v1/{ACCOUNT}:generateIdToken", body).body["token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["email"], claims["email_verified"]) == (EMAIL, True)
    assert claims["google"] == {"organization_number": None}
    assert api.post(f"/v1/{ACCOUNT}:generateIdToken", {}).status == 400


def test_a_blob_is_signed_with_the_accounts_key(api: Rest, account: dict[str, Any]) -> None:
    blob = b"\x00bytes\xff"
    body = {"payload": base64.b64encode(blob).decode()}
    answer = api.post(f"/v1/{ACCOUNT}:signBlob", body).body
    public: Any = load_pem_public_key(api.get(f"{KEYS}/raw/{EMAIL}").body[answer["keyId"]].encode())
    signature = base64.b64decode(answer["signedBlob"])
    public.verify(signature, blob, padding.PKCS1v15(), hashes.SHA256())
    again = api.post(f"/v1/{ACCOUNT}:signBlob", body).body
    assert again["keyId"] == answer["keyId"]
    assert api.post(f"/v1/{ACCOUNT}:signBlob", {}).status == 400


def test_a_jwt_keeps_its_claims_as_they_were_written(api: Rest, account: dict[str, Any]) -> None:
    payload = '{"sub": "a",  "n": 1.0}'
    answer = api.post(f"/v1/{ACCOUNT}:signJwt", {"payload": payload}).body
    key = jwt.PyJWK(api.get(f"{KEYS}/jwk/{EMAIL}").body["keys"][0])
    assert jwt.decode(answer["signedJwt"], key, algorithms=["RS256"]) == {"sub": "a", "n": 1.0}
    header, claims, _signature = answer["signedJwt"].split(".")
    assert base64.urlsafe_b64decode(claims + "==").decode() == payload
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {
        "alg": "RS256",
        "kid": answer["keyId"],
        "typ": "JWT",
    }
    assert answer["keyId"] in api.get(f"{KEYS}/x509/{EMAIL}").body


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        (ends(43_200), 200),
        (ends(43_202), 400),
        (ends(2), 200),
        (ends(-1), 400),
        ('{"exp": "soon"}', 400),
        ('{"exp": 1.5e10}', 400),
        ('{"exp": true}', 400),
        ('{"exp": null}', 400),
        ("[]", 400),
        ("{", 400),
        ("", 400),
    ],
)
def test_a_jwt_must_be_an_object_that_ends_in_time(
    api: Rest, account: dict[str, Any], payload: str, status: int
) -> None:
    api.post("/_wifctl/clock", {"set": format_time(NOW)})
    assert api.post(f"/v1/{ACCOUNT}:signJwt", {"payload": payload}).status == status


def test_keys_of_nobody_are_not_found(api: Rest) -> None:
    assert api.get(f"{KEYS}/jwk/nobody@example.com").status == 404
