"""IAM enforcement: who calls, what their roles grant, on the resource or above it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.emulator import ACCOUNTS, POOLS, Rest, emulator
from wifctl.emulator.roles import ROLES, grants
from wifctl.emulator.server import Doors

EMAIL = "deployer@acme-ci.iam.gserviceaccount.com"
DEV = "user:dev@example.com"


@pytest.fixture(scope="module")
def guarded() -> Iterator[Doors]:
    with emulator(projects={"acme-ci": "123456789012"}, enforce_iam=True) as doors:
        yield doors


@pytest.fixture
def operator(guarded: Doors) -> Iterator[Rest]:
    client = Rest(guarded, "local")
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


def test_permissions_are_tested_for_the_caller(dev: Rest, operator: Rest) -> None:
    grant(operator, f"{ACCOUNTS}/{EMAIL}", "roles/iam.workloadIdentityUser")
    asked = ["iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.delete"]
    answer = dev.post(f"{ACCOUNTS}/{EMAIL}:testIamPermissions", {"permissions": asked})
    assert answer.body == {"permissions": asked[:1]}


@pytest.mark.parametrize(("role", "permission", "granted"), [
    ("roles/secretmanager.secretAccessor", "secretmanager.versions.access", True),
    ("roles/secretmanager.secretAccessor", "secretmanager.versions.get", False),
    ("roles/viewer", "secretmanager.versions.access", False),
    ("roles/editor", "iam.serviceAccounts.setIamPolicy", False),
    ("roles/editor", "secretmanager.secrets.create", True),
    ("roles/owner", "iam.serviceAccounts.setIamPolicy", True),
    ("roles/owner", "iam.serviceAccounts.getAccessToken", False),
    ("roles/owner", "secretmanager.versions.access", True),
    ("roles/editor", "secretmanager.versions.add", True),
    ("roles/editor", "secretmanager.versions.access", False),
    ("roles/editor", "iam.workloadIdentityPools.create", False),
    ("roles/editor", "iam.serviceAccounts.actAs", True),
    ("roles/secretmanager.viewer", "secretmanager.secrets.get", True),
    ("roles/secretmanager.viewer", "secretmanager.versions.access", False),
    ("roles/secretmanager.secretVersionManager", "secretmanager.versions.destroy", True),
    ("roles/secretmanager.secretVersionManager", "secretmanager.versions.access", False),
    ("roles/iam.serviceAccountTokenCreator", "iam.serviceAccounts.implicitDelegation", True),
    ("roles/iam.serviceAccountUser", "iam.serviceAccounts.getAccessToken", False),
    ("roles/iam.workloadIdentityPoolViewer", "iam.workloadIdentityPools.update", False),
    ("roles/resourcemanager.projectIamAdmin", "resourcemanager.projects.setIamPolicy", True),
    ("roles/artifactregistry.writer", "artifactregistry.repositories.uploadArtifacts", True),
    ("roles/artifactregistry.repoAdmin", "artifactregistry.repositories.setIamPolicy", False),
    ("roles/artifactregistry.admin", "artifactregistry.repositories.setIamPolicy", True),
    ("roles/serviceusage.serviceUsageConsumer", "serviceusage.services.enable", False),
    ("roles/iam.workloadIdentityUser", "iam.serviceAccounts.getAccessToken", True),
    ("roles/iam.workloadIdentityUser", "iam.serviceAccounts.signBlob", False),
    ("roles/artifactregistry.reader", "artifactregistry.repositories.downloadArtifacts", True),
    ("roles/artifactregistry.reader", "artifactregistry.repositories.uploadArtifacts", False),
    ("roles/nonsense", "iam.serviceAccounts.get", False),
])  # fmt: skip
def test_roles_hold_the_documented_permissions(role: str, permission: str, granted: bool) -> None:
    assert grants(role, permission) is granted
    assert (role in ROLES) or role == "roles/nonsense"
