"""Service account credentials on both doors: tokens, limits and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import jwt
import pytest
from google.api_core.exceptions import FailedPrecondition, InvalidArgument, PermissionDenied
from google.cloud.iam_credentials_v1 import IAMCredentialsClient
from google.cloud.iam_credentials_v1.services.iam_credentials.transports import (
    IAMCredentialsGrpcTransport,
)
from google.protobuf.duration_pb2 import Duration

from tests.support.emulator import ACCOUNTS, NUMBER, PROJECT, Rest
from tests.support.keys import NOW
from wifctl.emulator.clock import format_time, parse_time
from wifctl.emulator.server import Doors

EMAIL = f"deployer@{PROJECT}.iam.gserviceaccount.com"
ACCOUNT = f"projects/-/serviceAccounts/{EMAIL}"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"


@pytest.fixture
def account(api: Rest) -> dict[str, Any]:
    answer = api.post(ACCOUNTS, {"accountId": "deployer"})
    assert answer.status == 200
    return dict(answer.body)


@pytest.fixture
def rpc(doors: Doors, account: dict[str, Any]) -> Iterator[IAMCredentialsClient]:
    channel = grpc.insecure_channel(doors.grpc_target)
    yield IAMCredentialsClient(transport=IAMCredentialsGrpcTransport(channel=channel))
    channel.close()


def access_token(api: Rest, name: str = ACCOUNT, **fields: Any) -> Any:
    return api.post(f"/v1/{name}:generateAccessToken", {"scope": [SCOPE], **fields})


@pytest.mark.parametrize(
    ("lifetime", "seconds"),
    [({}, 3600), ({"lifetime": "3600s"}, 3600), ({"lifetime": "1s"}, 1),
     ({"lifetime": "1800.5s"}, 1800)],
)  # fmt: skip
def test_an_access_token_lives_as_long_as_asked(
    api: Rest, account: dict[str, Any], lifetime: dict[str, str], seconds: int
) -> None:
    api.post("/_wifctl/clock", {"set": format_time(NOW)})
    answer = access_token(api, **lifetime)
    assert answer.status == 200, answer.body
    expires = parse_time(answer.body["expireTime"])
    assert 0 <= (expires - NOW).total_seconds() - seconds <= 1
    assert "." not in answer.body["expireTime"]
    caller = Rest(api_doors(api), answer.body["accessToken"])
    assert caller.get(ACCOUNTS).status == 200
    api.advance(seconds + 1)
    assert caller.get(ACCOUNTS).status == 401


def test_the_token_is_the_accounts(api: Rest, account: dict[str, Any]) -> None:
    token = access_token(api, delegates=None).body["accessToken"]
    Rest(api_doors(api), token).get(ACCOUNTS)
    calls = api.get("/_wifctl/requests", method="iam.projects.serviceAccounts.list").body
    assert calls["requests"][-1]["caller"] == f"serviceAccount:{EMAIL}"


def test_an_account_is_found_by_its_unique_id(api: Rest, account: dict[str, Any]) -> None:
    assert access_token(api, f"projects/-/serviceAccounts/{account['uniqueId']}").status == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"lifetime": "0s"}, "Lifetime of access token must be larger then zero."),
        ({"lifetime": "-1s"}, "Lifetime of access token must be larger then zero."),
        ({"lifetime": "3601s"}, "constraints/iam.allowServiceAccountCredentialLifetimeExtension"),
        ({"scope": []}, "Scope is required"),
        ({"scope": [""]}, "Scope is required"),
        ({"lifetime": "1h"}, "Invalid value at 'lifetime'"),
        ({"delegates": [EMAIL]}, "projects/-/serviceAccounts/"),
        ({"delegates": [f"projects/{PROJECT}/serviceAccounts/{EMAIL}"]}, "`-` wildcard"),
    ],
)
def test_a_token_request_out_of_bounds_is_invalid(
    api: Rest, account: dict[str, Any], fields: dict[str, Any], words: str
) -> None:
    answer = access_token(api, **fields)
    assert (answer.status, answer.code) == (400, "INVALID_ARGUMENT")
    assert words in answer.message


@pytest.mark.parametrize("project", [PROJECT, NUMBER])
def test_the_wildcard_cannot_be_a_project(api: Rest, account: dict[str, Any], project: str) -> None:
    answer = access_token(api, f"projects/{project}/serviceAccounts/{EMAIL}")
    assert (answer.status, answer.code) == (400, "INVALID_ARGUMENT")
    assert "wildcard" in answer.message


@pytest.mark.parametrize("listed", [EMAIL, "*"])
def test_accounts_of_the_constraint_may_have_twelve_hours(
    api: Rest, account: dict[str, Any], listed: str
) -> None:
    api.patch("/_wifctl/outside", {"lifetimeExtension": [listed]})
    assert access_token(api, lifetime="43200s").status == 200
    assert access_token(api, lifetime="43201s").status == 400
    api.patch("/_wifctl/outside", {"lifetimeExtension": ["other@example.com"]})
    assert access_token(api, lifetime="3601s").status == 400


@pytest.mark.parametrize("verb", ["generateAccessToken", "generateIdToken", "signJwt", "signBlob"])
def test_what_does_not_exist_or_is_deleted_is_denied(
    api: Rest, account: dict[str, Any], verb: str
) -> None:
    permission = {"generateAccessToken": "getAccessToken", "generateIdToken": "getOpenIdToken"}
    body = {"generateAccessToken": {"scope": [SCOPE]}, "generateIdToken": {"audience": "a"},
            "signJwt": {"payload": "{}"}, "signBlob": {"payload": "eA=="}}  # fmt: skip
    api.delete(f"{ACCOUNTS}/{EMAIL}")
    for name in (ACCOUNT, ACCOUNT.replace("deployer", "nobody"), ACCOUNT[:-3] + "9" * 21):
        answer = api.post(f"/v1/{name}:{verb}", body[verb])
        wanted = f"iam.serviceAccounts.{permission.get(verb, verb)}"
        assert answer.status == 403
        assert answer.message == f"Permission '{wanted}' denied on resource (or it may not exist)."
        assert answer.body["error"]["details"] == [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "IAM_PERMISSION_DENIED",
                "domain": "iam.googleapis.com",
                "metadata": {"permission": wanted},
            }
        ]


def test_a_disabled_account_gives_nothing(api: Rest, account: dict[str, Any]) -> None:
    token = access_token(api).body["accessToken"]
    api.post(f"{ACCOUNTS}/{EMAIL}:disable")
    answer = access_token(api)
    assert (answer.status, answer.code) == (400, "FAILED_PRECONDITION")
    assert Rest(api_doors(api), token).get(ACCOUNTS).status == 401
    api.post(f"{ACCOUNTS}/{EMAIL}:enable")
    assert access_token(api).status == 200
    assert Rest(api_doors(api), token).get(ACCOUNTS).status == 200


def test_a_disabled_api_refuses_with_service_disabled(api: Rest, account: dict[str, Any]) -> None:
    service = f"/v1/projects/{PROJECT}/services/iamcredentials.googleapis.com"
    api.post(f"{service}:enable")
    api.post(f"{service}:disable")
    answer = access_token(api)
    assert answer.status == 403
    assert answer.body["error"]["details"][1]["reason"] == "SERVICE_DISABLED"


@pytest.mark.parametrize("path", [
    f"/v1/{ACCOUNT}/allowedLocations",
    f"/v1/projects/{NUMBER}/locations/global/workloadIdentityPools/pool/allowedLocations",
    "/v1/locations/global/workforcePools/pool/allowedLocations",
])  # fmt: skip
def test_nothing_has_a_regional_boundary(api: Rest, path: str) -> None:
    assert api.get(path).body == {"encodedLocations": "0x0"}


def test_the_rpc_door_answers_the_same(
    api: Rest, rpc: IAMCredentialsClient, account: dict[str, Any]
) -> None:
    token = rpc.generate_access_token(name=ACCOUNT, scope=[SCOPE], lifetime=Duration(seconds=9))
    ends = token.expire_time.replace(tzinfo=UTC) - datetime.now(UTC)  # type: ignore[attr-defined]
    assert timedelta(seconds=5) < ends < timedelta(seconds=10)
    assert Rest(api_doors(api), token.access_token).get(ACCOUNTS).status == 200
    id_token = rpc.generate_id_token(name=ACCOUNT, audience="a", include_email=True).token
    assert jwt.decode(id_token, options={"verify_signature": False})["email"] == EMAIL
    signed = rpc.sign_jwt(name=ACCOUNT, payload="{}")
    assert jwt.get_unverified_header(signed.signed_jwt)["kid"] == signed.key_id
    assert rpc.sign_blob(name=ACCOUNT, payload=b"x").key_id == signed.key_id


def test_the_rpc_door_refuses_the_same(
    api: Rest, rpc: IAMCredentialsClient, account: dict[str, Any]
) -> None:
    missing = ACCOUNT.replace("deployer", "nobody")
    with pytest.raises(PermissionDenied) as denied:
        rpc.generate_access_token(name=missing, scope=[SCOPE], retry=None)
    assert denied.value.reason == "IAM_PERMISSION_DENIED"
    with pytest.raises(InvalidArgument, match="larger then zero"):
        rpc.generate_access_token(name=ACCOUNT, scope=[SCOPE], lifetime=Duration(), retry=None)
    api.post(f"{ACCOUNTS}/{EMAIL}:disable")
    with pytest.raises(FailedPrecondition, match="is disabled"):
        rpc.sign_blob(name=ACCOUNT, payload=b"x", retry=None)


def api_doors(api: Rest) -> Doors:
    found = api.get("/_wifctl/doors").body
    return Doors(found["rest"], found["grpc"])
