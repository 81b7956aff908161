"""IAM enforcement: who calls, what their roles grant, on the resource or above it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.emulator import ACCOUNTS, POOLS, Rest, emulator
from wifctl.emulator.callers import OPERATOR, identify, issue
from wifctl.emulator.clock import Clock
from wifctl.emulator.errors import ApiError
from wifctl.emulator.roles import ROLES, grants
from wifctl.emulator.server import Doors
from wifctl.emulator.store import Store

EMAIL = "deployer@acme-ci.iam.gserviceaccount.com"
DEV = "user:dev@example.com"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Doors]:
    with emulator(projects={"acme-ci": "123456789012"}, enforce_iam=True) as doors:
        yield doors


@pytest.fixture
def operator(guarded: Doors) -> Iterator[Rest]:
    client = Rest(guarded, "any-text")
    client.post("/_wifctl/reset")
    client.post(ACCOUNTS, {"accountId": "deployer"})
    client.post(POOLS, {}, workloadIdentityPoolId="pool-1")
    yield client
    client.close()


@pytest.fixture
def dev(guarded: Doors, operator: Rest) -> Iterator[Rest]:
    client = Rest(guarded, DEV)
    yield client
    client.close()


def grant(operator: Rest, path: str, role: str, **more: Any) -> None:
    policy = {"bindings": [{"role": role, "members": [DEV], **more}], "version": 3}
    answer = operator.post(f"{path}:setIamPolicy", {"policy": policy})
    assert answer.status == 200, answer.body


def test_without_a_token_nobody_is_let_in(guarded: Doors) -> None:
    answer = Rest(guarded).get(POOLS)
    assert (answer.status, answer.code) == (401, "UNAUTHENTICATED")


def test_without_a_role_everything_is_denied_in_iams_words(dev: Rest) -> None:
    answer = dev.get(f"{POOLS}/pool-1")
    assert (answer.status, answer.code) == (403, "PERMISSION_DENIED")
    assert "Permission 'iam.workloadIdentityPools.get' denied on resource" in answer.message


def test_a_role_on_the_resource_grants_what_it_holds(dev: Rest, operator: Rest) -> None:
    grant(operator, f"{POOLS}/pool-1", "roles/iam.workloadIdentityPoolViewer")
    assert dev.get(f"{POOLS}/pool-1").status == 200
    assert dev.get(f"{POOLS}/pool-1/providers").status == 200
    assert dev.get(POOLS).status == 403
    assert dev.patch(f"{POOLS}/pool-1", {}, updateMask="disabled").status == 403


def test_a_role_on_the_project_reaches_all_it_holds(dev: Rest, operator: Rest) -> None:
    grant(operator, "/v1/projects/acme-ci", "roles/iam.serviceAccountAdmin")
    for account in (f"{ACCOUNTS}/{EMAIL}", f"/v1/projects/-/serviceAccounts/{EMAIL}"):
        assert dev.get(account).status == 200
    assert dev.post(ACCOUNTS, {"accountId": "second"}).status == 200
    assert dev.get(POOLS).status == 403


def test_a_role_on_one_account_is_no_role_on_another(dev: Rest, operator: Rest) -> None:
    operator.post(ACCOUNTS, {"accountId": "second"})
    grant(operator, f"{ACCOUNTS}/{EMAIL}", "roles/iam.serviceAccountAdmin")
    assert dev.get(f"{ACCOUNTS}/{EMAIL}").status == 200
    assert dev.get(f"{ACCOUNTS}/{EMAIL.replace('deployer', 'second')}").status == 403


def test_a_conditional_grant_does_not_count(dev: Rest, operator: Rest) -> None:
    condition = {"expression": "true", "title": "t"}
    grant(operator, f"{POOLS}/pool-1", "roles/owner", condition=condition)
    assert dev.get(f"{POOLS}/pool-1").status == 403


def test_permissions_are_tested_for_the_caller(dev: Rest, operator: Rest) -> None:
    grant(operator, f"{ACCOUNTS}/{EMAIL}", "roles/iam.workloadIdentityUser")
    asked = ["iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.delete"]
    answer = dev.post(f"{ACCOUNTS}/{EMAIL}:testIamPermissions", {"permissions": asked})
    assert answer.body == {"permissions": asked[:1]}


def test_an_issued_token_is_its_identity_until_it_expires() -> None:
    store, clock = Store(), Clock()
    member = "principal://iam.googleapis.com/p/subject/s"
    store.put("pool", "p", {"state": "ACTIVE"})
    token = issue(store, clock, member, timedelta(hours=1), ("principalSet://x",))
    found = identify(store, clock, token)
    assert (found.member, found.sets) == (member, ("principalSet://x",))
    assert {"allUsers", "allAuthenticatedUsers", "principalSet://x"} <= found.members
    store.put("pool", "p", {"state": "ACTIVE", "disabled": True})
    with pytest.raises(ApiError, match="invalid authentication"):
        identify(store, clock, token)
    store.put("pool", "p", {"state": "ACTIVE"})
    clock.advance(timedelta(hours=1))
    with pytest.raises(ApiError, match="invalid authentication"):
        identify(store, clock, token)


def test_tokens_are_not_kept_as_they_are() -> None:
    store = Store()
    token = issue(store, Clock(), DEV, timedelta(hours=1))
    assert token not in repr(list(store.walk("token")))


def test_any_other_text_is_the_operator() -> None:
    assert identify(Store(), Clock(), "any-text").member == OPERATOR
    assert identify(Store(), Clock(), DEV).member == DEV
    assert identify(Store(), Clock(), "").member == ""


@pytest.mark.parametrize(("role", "permission", "granted"), [
    ("roles/secretmanager.secretAccessor", "secretmanager.versions.access", True),
    ("roles/secretmanager.secretAccessor", "secretmanager.versions.get", False),
    ("roles/viewer", "secretmanager.versions.access", False),
    ("roles/editor", "iam.serviceAccounts.setIamPolicy", False),
    ("roles/editor", "secretmanager.secrets.create", True),
    ("roles/owner", "iam.serviceAccounts.setIamPolicy", True),
    ("roles/iam.workloadIdentityUser", "iam.serviceAccounts.getAccessToken", True),
    ("roles/iam.workloadIdentityUser", "iam.serviceAccounts.signBlob", False),
    ("roles/artifactregistry.reader", "artifactregistry.repositories.downloadArtifacts", True),
    ("roles/artifactregistry.reader", "artifactregistry.repositories.uploadArtifacts", False),
    ("roles/nonsense", "iam.serviceAccounts.get", False),
])  # fmt: skip
def test_roles_hold_the_documented_permissions(role: str, permission: str, granted: bool) -> None:
    assert grants(role, permission) is granted
    assert (role in ROLES) or role == "roles/nonsense"
