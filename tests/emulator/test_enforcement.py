"""Enforcement beyond roles: conditions, members, and each API's own words."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.emulator import ACCOUNTS, NUMBER, PROJECT, Rest, emulator
from tests.support.keys import NOW
from wifctl.emulator.clock import format_time
from wifctl.emulator.kernel import Kernel
from wifctl.emulator.options import Options
from wifctl.emulator.server import Doors

DEV = "user:dev@example.com"
SECRETS = f"/v1/projects/{PROJECT}/secrets"
PROJECT_POLICY = f"/v1/projects/{PROJECT}"
ACCESSOR = "roles/secretmanager.secretAccessor"
DENIALS = yaml.safe_load((Path(__file__).parent / "cases" / "denials.yaml").read_text())


@pytest.fixture(scope="module")
def guarded() -> Iterator[Doors]:
    with emulator(projects={PROJECT: NUMBER}, enforce_iam=True) as doors:
        yield doors


@pytest.fixture
def operator(guarded: Doors) -> Iterator[Rest]:
    client = Rest(guarded, "local")
    client.post("/_wifctl/reset")
    client.post("/_wifctl/clock", {"set": format_time(NOW)})
    for name in ("pypi", "other"):
        client.post(SECRETS, {"replication": {"automatic": {}}}, secretId=name)
        data = base64.b64encode(name.encode()).decode()
        client.post(f"{SECRETS}/{name}:addVersion", {"payload": {"data": data}})
    yield client
    client.close()


@pytest.fixture
def dev(guarded: Doors, operator: Rest) -> Iterator[Rest]:
    client = Rest(guarded, DEV)
    yield client
    client.close()


def grant(operator: Rest, path: str, role: str, *members: str, condition: str = "") -> None:
    binding: dict[str, Any] = {"role": role, "members": list(members or (DEV,))}
    if condition:
        binding["condition"] = {"title": "test", "expression": condition}
    policy = {"bindings": [binding], "version": 3}
    answer = operator.post(f"{path}:setIamPolicy", {"policy": policy})
    assert answer.status == 200, answer.body


def email(account: str) -> str:
    return f"{account}@{PROJECT}.iam.gserviceaccount.com"


LATEST = f"{SECRETS}/pypi/versions/latest:access"
UNTIL = format_time(NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("true", 200),
        ("false", 403),
        (f"request.time < timestamp('{UNTIL}')", 200),
        (f"request.time > timestamp('{UNTIL}')", 403),
        ("request.time.getHours('Europe/Berlin') == 13", 200),
        (f"resource.name == 'projects/{NUMBER}/secrets/pypi/versions/latest'", 200),
        (f"resource.name.startsWith('projects/{NUMBER}/secrets/pypi/')", 200),
        (f"resource.name.startsWith('projects/{NUMBER}/secrets/oth')", 403),
        (f"resource.name.startsWith('projects/{PROJECT}/')", 403),
        ("resource.name.extract('secrets/{id}/') == 'pypi'", 200),
        ("resource.type == 'secretmanager.googleapis.com/SecretVersion'", 200),
        ("resource.type == 'secretmanager.googleapis.com/Secret'", 403),
        ("resource.service == 'secretmanager.googleapis.com'", 200),
        ("resource.matchTag('123/env', 'prod')", 403),
        ("request.path == '/x'", 403),
    ],
)
@pytest.mark.parametrize("path", [f"{SECRETS}/pypi", PROJECT_POLICY], ids=["secret", "project"])
def test_a_conditional_grant_counts_while_its_condition_is_true(
    dev: Rest, operator: Rest, path: str, condition: str, status: int
) -> None:
    grant(operator, path, ACCESSOR, condition=condition)
    assert dev.get(LATEST).status == status


def test_a_condition_ends_with_its_time(dev: Rest, operator: Rest) -> None:
    until = f"request.time < timestamp('{UNTIL}')"
    grant(operator, f"{SECRETS}/pypi", ACCESSOR, condition=until)
    assert dev.get(LATEST).status == 200
    operator.advance(61)
    assert dev.get(LATEST).status == 403


def test_a_condition_on_a_name_is_not_met_where_names_are_not_recognised(
    dev: Rest, operator: Rest
) -> None:
    operator.post(ACCOUNTS, {"accountId": "deployer"})
    named = "resource.name.contains('deployer')"
    path = f"{ACCOUNTS}/{email('deployer')}"
    grant(operator, path, "roles/iam.serviceAccountViewer", condition=named)
    assert dev.get(path).status == 403


@pytest.mark.parametrize(
    ("member", "status"),
    [
        (DEV, 200),
        ("domain:example.com", 200),
        ("domain:example.org", 403),
        ("allAuthenticatedUsers", 200),
        ("allUsers", 200),
        ("group:dev@example.com", 403),
        ("user:other@example.com", 403),
    ],
)
def test_a_user_is_meant_by_name_domain_and_everybody(
    dev: Rest, operator: Rest, member: str, status: int
) -> None:
    grant(operator, f"{SECRETS}/pypi", ACCESSOR, member)
    assert dev.get(LATEST).status == status


def test_convenience_members_mean_who_holds_the_basic_role(dev: Rest, operator: Rest) -> None:
    grant(operator, f"{SECRETS}/pypi", ACCESSOR, f"projectEditor:{PROJECT}")
    assert dev.get(LATEST).status == 403
    grant(operator, PROJECT_POLICY, "roles/editor")
    assert dev.get(LATEST).status == 200


def test_a_role_on_one_secret_opens_no_other(dev: Rest, operator: Rest) -> None:
    grant(operator, f"{SECRETS}/pypi", ACCESSOR)
    for project in (PROJECT, NUMBER):
        path = f"/v1/projects/{project}/secrets"
        assert dev.get(f"{path}/pypi/versions/1:access").status == 200
        assert dev.get(f"{path}/other/versions/1:access").status == 403
        assert dev.get(f"{path}/pypi").status == 403


@pytest.mark.parametrize("case", DENIALS, ids=lambda case: case["call"])
def test_each_api_denies_in_its_own_words(dev: Rest, case: dict[str, Any]) -> None:
    verb, path = case["call"].split(" ")
    answer = dev(verb, path, case.get("body", {} if verb == "POST" else None))
    assert (answer.status, answer.code) == (403, "PERMISSION_DENIED")
    assert answer.message == case["says"]


def test_details_name_permission_and_resource(dev: Rest) -> None:
    info = dev.get(LATEST).body["error"]["details"][0]
    assert (info["reason"], info["domain"]) == ("IAM_PERMISSION_DENIED", "iam.googleapis.com")
    assert info["metadata"] == {
        "permission": "secretmanager.versions.access",
        "resource": f"projects/{PROJECT}/secrets/pypi/versions/latest",
    }


def test_the_owner_of_a_project_sees_what_is_missing(dev: Rest, operator: Rest) -> None:
    grant(operator, PROJECT_POLICY, "roles/owner")
    assert dev.get(f"{SECRETS}/none").status == 404
    assert dev.get(f"{ACCOUNTS}/{email('nobody')}").status == 404
    assert dev.get(f"/v1/projects/-/serviceAccounts/{email('nobody')}").status == 403


def test_projects_are_listed_for_who_may_see_them(dev: Rest, operator: Rest) -> None:
    assert dev.get("/v3/projects:search").body == {}
    assert dev.get("/v1/projects").body == {}
    grant(operator, PROJECT_POLICY, "roles/browser")
    assert dev.get("/v3/projects:search").body["projects"][0]["projectId"] == PROJECT


def test_nothing_but_published_keys_and_sts_is_open_to_nobody() -> None:
    kernel = Kernel(Options(projects={PROJECT: NUMBER}, enforce_iam=True))
    public = {e.method.id.partition(".")[0] for e in kernel.endpoints if e.method.public}
    assert public == {"sts", "iamcredentials", "oauth2", "serviceAccounts"}
    open_ones = {e.method.id.rpartition(".")[2] for e in kernel.endpoints if e.method.public}
    assert {"getAllowedLocations"} == {n for n in open_ones if n.startswith(("get", "generate"))}
