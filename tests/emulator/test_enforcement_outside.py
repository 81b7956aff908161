"""Enforcement for those who come from outside: sets, scopes, boundaries and delegation."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.emulator import ACCOUNTS, NUMBER, POOLS, PROJECT, Rest, emulator
from tests.support.keys import NOW
from tests.support.tokens import PROVIDER, JwtIssuer
from wifctl.emulator.clock import format_time
from wifctl.emulator.server import Doors

DEV = "user:dev@example.com"
ISSUER = JwtIssuer()
SECRET = f"/v1/projects/{PROJECT}/secrets/pypi"
LATEST = f"{SECRET}/versions/latest:access"
POOL = f"iam.googleapis.com/{PROVIDER.rpartition('/providers/')[0]}"
ACCESSOR = "roles/secretmanager.secretAccessor"
CREATOR = "roles/iam.serviceAccountTokenCreator"
AUTH = "https://www.googleapis.com/auth"
SCOPE = f"{AUTH}/cloud-platform"
MAPPING = {
    "google.subject": "assertion.sub",
    "google.groups": "assertion.groups",
    "attribute.repository_id": "assertion.repository_id",
}


@pytest.fixture(scope="module")
def guarded() -> Iterator[Doors]:
    with emulator(projects={PROJECT: NUMBER}, enforce_iam=True) as doors:
        yield doors


@pytest.fixture
def operator(guarded: Doors) -> Iterator[Rest]:
    client = Rest(guarded, "local")
    client.post("/_wifctl/reset")
    client.post("/_wifctl/clock", {"set": format_time(NOW)})
    client.post(
        f"/v1/projects/{PROJECT}/secrets", {"replication": {"automatic": {}}}, secretId="pypi"
    )
    payload = {"payload": {"data": base64.b64encode(b"x").decode()}}
    client.post(f"{SECRET}:addVersion", payload)
    provider = {
        "oidc": {"issuerUri": ISSUER.issuer, "jwksJson": ISSUER.jwks_json},
        "attributeMapping": MAPPING,
    }
    for pool in ("pool", "other"):
        client.post(POOLS, {}, workloadIdentityPoolId=pool)
    path = f"{POOLS}/pool/providers"
    answer = client.post(path, provider, workloadIdentityPoolProviderId="provider")
    assert answer.status == 200, answer.body
    yield client
    client.close()


@pytest.fixture
def dev(guarded: Doors, operator: Rest) -> Iterator[Rest]:
    client = Rest(guarded, DEV)
    yield client
    client.close()


def email(account: str) -> str:
    return f"{account}@{PROJECT}.iam.gserviceaccount.com"


def grant(operator: Rest, path: str, role: str, *members: str) -> None:
    policy = {"bindings": [{"role": role, "members": list(members)}]}
    answer = operator.post(f"{path}:setIamPolicy", {"policy": policy})
    assert answer.status == 200, answer.body


def federated(guarded: Doors, scope: str = SCOPE, **options: Any) -> Rest:
    """A workload with a token of its own."""
    claims = ISSUER.claims(groups=["team/a", "ops"], repository_id="20300177")
    kind = "urn:ietf:params:oauth:token-type"
    body = {
        "grantType": "urn:ietf:params:oauth:grant-type:token-exchange",
        "audience": f"//iam.googleapis.com/{PROVIDER}",
        "scope": scope,
        "requestedTokenType": f"{kind}:access_token",
        "subjectToken": ISSUER.sign(claims),
        "subjectTokenType": f"{kind}:jwt",
        "options": json.dumps(options) if options else "",
    }
    answer = Rest(guarded).post("/v1/token", body)
    assert answer.status == 200, answer.body
    return Rest(guarded, answer.body["access_token"])


@pytest.mark.parametrize(
    ("member", "status"),
    [
        (f"principal://{POOL}/subject/workload", 200),
        (f"principal://{POOL}/subject/Workload", 403),
        (f"principalSet://{POOL}/group/ops", 200),
        (f"principalSet://{POOL}/group/team/a", 200),
        (f"principalSet://{POOL}/group/team", 403),
        (f"principalSet://{POOL}/attribute.repository_id/20300177", 200),
        (f"principalSet://{POOL}/attribute.repository_id/2030017", 403),
        (f"principalSet://{POOL}/attribute.repository/20300177", 403),
        (f"principalSet://{POOL}/*", 200),
        (f"principalSet://{POOL.removesuffix('pool')}other/*", 403),
        ("allUsers", 200),
        ("allAuthenticatedUsers", 403),
    ],
)
def test_an_identity_is_every_set_its_mapping_gives(
    guarded: Doors, operator: Rest, member: str, status: int
) -> None:
    grant(operator, SECRET, ACCESSOR, member)
    assert federated(guarded).get(LATEST).status == status


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        (SCOPE, LATEST, 200),
        (f"openid {SCOPE}", LATEST, 200),
        (f"{AUTH}/iam", LATEST, 403),
        (f"{AUTH}/cloud-platform.read-only", LATEST, 403),
        (f"{AUTH}/cloud-platform.read-only", f"/v3/projects/{PROJECT}", 200),
        ("openid", f"/v3/projects/{PROJECT}", 403),
        (f"{AUTH}/iam", POOLS, 200),
    ],
)
def test_a_token_opens_what_its_scopes_open(
    guarded: Doors, operator: Rest, scope: str, path: str, status: int
) -> None:
    grant(operator, f"/v1/projects/{PROJECT}", "roles/owner", f"principalSet://{POOL}/*")
    answer = federated(guarded, scope).get(path)
    assert answer.status == status, answer.body
    if status == 403:
        assert answer.message == "Request had insufficient authentication scopes."
        reason = answer.body["error"]["details"][0]["reason"]
        assert reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_scope_iam_is_enough_to_become_an_account(guarded: Doors, operator: Rest) -> None:
    operator.post(ACCOUNTS, {"accountId": "deployer"})
    path = f"{ACCOUNTS}/{email('deployer')}"
    grant(operator, path, "roles/iam.workloadIdentityUser", f"principalSet://{POOL}/*")
    grant(operator, SECRET, ACCESSOR, f"serviceAccount:{email('deployer')}")
    answer = impersonate(federated(guarded, f"{AUTH}/iam"), "deployer")
    assert answer.status == 200
    assert Rest(guarded, answer.body["accessToken"]).get(LATEST).status == 200


def test_a_token_with_an_access_boundary_opens_nothing_served_here(
    guarded: Doors, operator: Rest
) -> None:
    grant(operator, SECRET, ACCESSOR, f"principalSet://{POOL}/*")
    rules = {"accessBoundaryRules": [{"availableResource": "//storage.googleapis.com/b"}]}
    assert federated(guarded, accessBoundary=rules).get(LATEST).status == 403
    assert federated(guarded, userProject=PROJECT).get(LATEST).status == 200


@pytest.mark.parametrize("role", ["roles/owner", "roles/editor", "roles/iam.serviceAccountUser"])
def test_other_roles_do_not_make_anybody_the_account(
    guarded: Doors, operator: Rest, role: str
) -> None:
    operator.post(ACCOUNTS, {"accountId": "deployer"})
    grant(operator, f"{ACCOUNTS}/{email('deployer')}", role, f"principalSet://{POOL}/*")
    assert impersonate(federated(guarded), "deployer").status == 403


@pytest.fixture
def chain(operator: Rest) -> tuple[str, str, str]:
    """Three accounts; DEV may go through the first, each one through the next."""
    accounts = ("first-sa", "second-sa", "third-sa")
    for account in accounts:
        operator.post(ACCOUNTS, {"accountId": account})
    members = (DEV, *(f"serviceAccount:{email(account)}" for account in accounts))
    for account, member in zip(accounts, members, strict=False):
        grant(operator, f"{ACCOUNTS}/{email(account)}", CREATOR, member)
    return accounts


def impersonate(client: Rest, account: str, *delegates: str) -> Any:
    named = [f"projects/-/serviceAccounts/{email(name)}" for name in delegates]
    path = f"/v1/projects/-/serviceAccounts/{email(account)}:generateAccessToken"
    return client.post(path, {"scope": [SCOPE], "delegates": named})


def test_delegates_lead_to_an_account(
    dev: Rest, guarded: Doors, operator: Rest, chain: tuple[str, str, str]
) -> None:
    answer = impersonate(dev, "third-sa", "first-sa", "second-sa")
    assert answer.status == 200
    grant(operator, SECRET, ACCESSOR, f"serviceAccount:{email('third-sa')}")
    assert Rest(guarded, answer.body["accessToken"]).get(LATEST).status == 200


@pytest.mark.parametrize(
    ("account", "delegates", "permission"),
    [
        ("third-sa", (), "getAccessToken"),
        ("third-sa", ("first-sa",), "getAccessToken"),
        ("third-sa", ("second-sa",), "implicitDelegation"),
        ("third-sa", ("second-sa", "first-sa"), "implicitDelegation"),
        ("second-sa", ("nobody",), "implicitDelegation"),
    ],
)
def test_a_gap_in_the_chain_is_denied(
    dev: Rest,
    chain: tuple[str, str, str],
    account: str,
    delegates: tuple[str, ...],
    permission: str,
) -> None:
    answer = impersonate(dev, account, *delegates)
    assert answer.status == 403
    assert f"'iam.serviceAccounts.{permission}' denied" in answer.message


def test_a_disabled_delegate_breaks_the_chain(
    dev: Rest, operator: Rest, chain: tuple[str, str, str]
) -> None:
    operator.post(f"{ACCOUNTS}/{email('second-sa')}:disable")
    assert impersonate(dev, "third-sa", "first-sa", "second-sa").code == "FAILED_PRECONDITION"
