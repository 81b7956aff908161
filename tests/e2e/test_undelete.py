"""What somebody deleted out of band comes back with the next apply, repaired and announced."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.world import World, addresses, document, steps
from tests.support.emulator import ACCOUNTS, POOLS

POOL, PROVIDERS = f"{POOLS}/github", f"{POOLS}/github/providers"
EMAIL = "deployer@acme-ci.iam.gserviceaccount.com"
ACCOUNT = f"{ACCOUNTS}/{EMAIL}"
SECRET = "/v1/projects/acme-ci/secrets/token"
MEMBER = f"serviceAccount:{EMAIL}"
PRINCIPAL = {"pool": "github", "subject": "repo:acme/shop"}


def provider(name: str) -> dict[str, Any]:
    spec = {
        "pool": "github",
        "oidc": {"issuerUri": f"https://{name}.example.com"},
        "attributeMapping": {"google.subject": "assertion.sub"},
        "attributeCondition": "assertion.owner == '1'",
    }
    return document("WorkloadIdentityPoolProvider", name, spec)


ACCOUNT_DOCUMENT = document(
    "ServiceAccount",
    "deployer",
    {
        "displayName": "Deploys",
        "access": [{"role": "roles/iam.workloadIdentityUser", "members": [PRINCIPAL]}],
    },
)
DOCUMENTS = (
    document("WorkloadIdentityPool", "github", {"displayName": "GitHub"}),
    provider("actions"),
    provider("mirror"),
    ACCOUNT_DOCUMENT,
    document("Secret", "token", {"replication": {"automatic": {}}}),
    document(
        "SecretAccessorGrant",
        "reads",
        {"secret": "token", "members": [{"serviceAccount": "deployer"}]},
    ),
)


@pytest.fixture
def applied(world: World) -> World:
    world.write(*DOCUMENTS)
    world.apply()
    world.assert_settled()
    world.forget_calls()
    return world


def members(world: World, path: str = SECRET) -> list[str]:
    """All members of a policy."""
    ask = world.rest.get if path == SECRET else world.rest.post
    bindings = ask(f"{path}:getIamPolicy").body.get("bindings", ())
    return [member for binding in bindings for member in binding["members"]]


def assert_back(world: World) -> None:
    """Everything is as the manifests say, and open."""
    world.assert_settled()
    for path in (POOL, f"{PROVIDERS}/actions", f"{PROVIDERS}/mirror"):
        found = world.rest.get(path).body
        assert (found["state"], found.get("disabled", False)) == ("ACTIVE", False), path


def test_a_pool_comes_back_with_its_providers(applied: World) -> None:
    applied.rest.delete(POOL)
    text = applied.plan_text()
    assert "^ WorkloadIdentityPool/acme-ci/github" in text
    assert "was deleted and can still be brought back" in text
    assert "subject/repo:acme/shop has roles/iam.workloadIdentityUser" in text
    applied.apply()
    assert_back(applied)
    assert applied.calls("iam.projects.locations.workloadIdentityPools.undelete")


def test_a_pool_and_each_of_its_providers_come_back(applied: World) -> None:
    for path in (f"{PROVIDERS}/actions", f"{PROVIDERS}/mirror", POOL):
        assert applied.rest.delete(path).status == 200
    found = steps(applied.plan(), "undelete")
    assert addresses(found) == {
        "WorkloadIdentityPool/acme-ci/github",
        "WorkloadIdentityPoolProvider/acme-ci/github/actions",
        "WorkloadIdentityPoolProvider/acme-ci/github/mirror",
    }
    applied.apply()
    assert_back(applied)


def test_a_pool_whose_provider_drifted_stays_shut_until_it_is_repaired(applied: World) -> None:
    wide = {"attributeCondition": "true"}
    applied.rest.patch(f"{PROVIDERS}/actions", wide, updateMask="attributeCondition")
    applied.rest.delete(POOL)
    text = applied.plan_text()
    assert "provider actions comes back with it; its condition: true" in text
    applied.forget_calls()
    applied.apply()
    assert_back(applied)
    written = [(c["method"].split(".")[-2], c["method"].split(".")[-1]) for c in applied.writes()]
    assert written == [
        ("workloadIdentityPools", "undelete"),
        ("workloadIdentityPools", "patch"),
        ("providers", "patch"),
        ("workloadIdentityPools", "patch"),
    ]
    assert applied.rest.get(POOL).body.get("description") is None


def test_a_provider_comes_back_alone_and_repaired(applied: World) -> None:
    path = f"{PROVIDERS}/actions"
    applied.rest.patch(path, {"displayName": "Somebody's"}, updateMask="displayName")
    applied.rest.delete(path)
    (step,) = steps(applied.plan())
    assert (step["action"], step["reason"]) == ("undelete", "soft-deleted")
    assert [c["path"] for c in step["changes"]] == ["displayName"]
    applied.apply()
    assert_back(applied)


def test_providers_nobody_declares_stay_deleted(applied: World) -> None:
    mapping = {"google.subject": "assertion.sub"}
    body = {"oidc": {"issuerUri": "https://x.example.com"}, "attributeMapping": mapping}
    applied.rest.post(PROVIDERS, body, workloadIdentityPoolProviderId="stranger")
    applied.rest.delete(f"{PROVIDERS}/stranger")
    applied.rest.delete(POOL)
    applied.apply()
    assert applied.rest.get(f"{PROVIDERS}/stranger").body["state"] == "DELETED"
    assert_back(applied)


def test_an_account_comes_back_by_the_id_a_policy_remembers(applied: World) -> None:
    unique_id = applied.rest.get(ACCOUNT).body["uniqueId"]
    applied.rest.delete(ACCOUNT)
    assert members(applied) == [f"deleted:{MEMBER}?uid={unique_id}"]
    text = applied.plan_text()
    assert "^ ServiceAccount/acme-ci/deployer" in text
    assert f"comes back with its unique id {unique_id} and every grant that names it" in text
    applied.apply()
    assert applied.rest.get(ACCOUNT).body["uniqueId"] == unique_id
    assert members(applied) == [MEMBER]
    assert [m.rpartition("/subject/")[2] for m in members(applied, ACCOUNT)] == ["repo:acme/shop"]
    applied.assert_settled()


def test_an_account_comes_back_by_the_id_in_its_metadata(applied: World) -> None:
    unique_id = applied.rest.get(ACCOUNT).body["uniqueId"]
    given = {**ACCOUNT_DOCUMENT, "metadata": {"name": "deployer", "uniqueId": unique_id}}
    applied.write(given, *DOCUMENTS[:3])
    applied.assert_settled()
    applied.rest.delete(ACCOUNT)
    (step,) = steps(applied.plan(), "undelete")
    assert step["reason"] == "account-deleted"
    applied.apply()
    assert applied.rest.get(ACCOUNT).body["uniqueId"] == unique_id
    applied.assert_settled()


def test_an_account_nothing_remembers_is_made_anew(applied: World) -> None:
    old = applied.rest.get(ACCOUNT).body["uniqueId"]
    applied.write(*DOCUMENTS[:4])
    applied.rest.delete(ACCOUNT)
    (step,) = steps(applied.plan(), "create")
    assert step["address"] == "ServiceAccount/acme-ci/deployer"
    applied.apply()
    assert applied.rest.get(ACCOUNT).body["uniqueId"] != old
    applied.assert_settled()


def test_a_purged_account_is_made_anew_and_takes_the_grants_of_the_old_one(applied: World) -> None:
    old = applied.rest.get(ACCOUNT).body["uniqueId"]
    applied.rest.delete(ACCOUNT)
    applied.rest.advance(31 * 86400)
    ran = applied.apply()
    assert "created anew: plan again for grants on the old one" in ran.err
    assert applied.rest.get(ACCOUNT).body["uniqueId"] != old
    applied.apply()
    assert members(applied) == [MEMBER]
    applied.assert_settled()


def test_a_successor_somebody_made_is_granted_instead_of_the_deleted(applied: World) -> None:
    old = applied.rest.get(ACCOUNT).body["uniqueId"]
    applied.rest.delete(ACCOUNT)
    successor = {"accountId": "deployer", "serviceAccount": {"displayName": "Deploys"}}
    applied.rest.post(ACCOUNTS, successor)
    plan = applied.plan()
    (step,) = [s for s in steps(plan, "policy") if "Secret" in s["address"]]
    assert [(m["action"], m["member"]) for m in step["members"]] == [
        ("grant", MEMBER),
        ("revoke", f"deleted:{MEMBER}?uid={old}"),
    ]
    assert "its successor is granted instead" in step["members"][1]["reason_text"]
    applied.apply()
    assert members(applied) == [MEMBER]
    applied.assert_settled()


def test_nothing_comes_back_where_the_document_forbids_it(applied: World) -> None:
    pool = {**DOCUMENTS[0], "lifecycle": {"onDeleted": "fail"}}
    applied.write(pool, *DOCUMENTS[1:])
    applied.rest.delete(POOL)
    ran = applied.wifctl("apply", "--auto-approve")
    assert ran.code == 1
    assert "forbids to undelete it" in ran.out + ran.err
    assert applied.rest.get(POOL).body["state"] == "DELETED"
