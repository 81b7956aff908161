"""What others put into a policy stays there; one read and one write a target."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.e2e.raw import RawPolicies, binding, future_fields, policy
from tests.e2e.world import World, document, steps

ALICE, BOB, CAROL = (f"user:{name}@example.com" for name in ("alice", "bob", "carol"))
AGENT = "serviceAccount:service-123456789012@gcp-sa-artifactregistry.iam.gserviceaccount.com"
ACCOUNT = "projects/acme-ci/serviceAccounts/deployer@acme-ci.iam.gserviceaccount.com"
POOL = "projects/acme-ci/locations/global/workloadIdentityPools/github"
TARGETS = {
    "Project": ("project", "projects/acme-ci", "roles/browser"),
    "WorkloadIdentityPool": ("pool", POOL, "roles/iam.workloadIdentityPoolViewer"),
    "ServiceAccount": ("serviceAccount", ACCOUNT, "roles/iam.serviceAccountTokenCreator"),
    "Secret": ("secret", "projects/acme-ci/secrets/token", "roles/secretmanager.secretAccessor"),
    "ArtifactRegistryRepository": (
        "repository",
        "projects/acme-ci/locations/europe-west1/repositories/pypi",
        "roles/artifactregistry.reader",
    ),
}
EVERY = pytest.mark.parametrize("kind", TARGETS)
GRPC = pytest.mark.parametrize("kind", [kind for kind in TARGETS if kind != "WorkloadIdentityPool"])
UNKNOWN_ROLE = "roles/nobody.knows"


def make_targets(world: World) -> None:
    """The five targets, made by somebody else."""
    rest, place = world.rest, "/v1/projects/acme-ci"
    pools = f"{place}/locations/global/workloadIdentityPools"
    registry = "artifactregistry.googleapis.com"
    answers = [
        rest.post(f"/v1beta1/projects/acme-ci/services/{registry}:generateServiceIdentity"),
        rest.post(pools, {}, workloadIdentityPoolId="github"),
        rest.post(f"{place}/serviceAccounts", {"accountId": "deployer"}),
        rest.post(f"{place}/secrets", {"replication": {"automatic": {}}}, secretId="token"),
        rest.post(
            f"{place}/locations/europe-west1/repositories",
            {"format": "PYTHON", "mode": "STANDARD_REPOSITORY"},
            repositoryId="pypi",
        ),
    ]
    assert {answer.status for answer in answers} == {200}


def grant(kind: str, *members: str, authoritative: bool = False) -> dict[str, Any]:
    """A document that grants the target's role."""
    word, resource, role = TARGETS[kind]
    where = "acme-ci" if kind == "Project" else resource
    spec = {"on": {word: where}, "role": role, "members": list(members)}
    return document("IamGrant", f"on-{word}", spec | {"authoritative": authoritative})


def foreign(kind: str) -> list[Any]:
    """Bindings of others: duplicates of one key, conditions, roles nobody knows."""
    role = TARGETS[kind][2]
    return [
        binding(role, BOB),
        binding(role, CAROL, AGENT),
        binding(role, BOB, title="for a while"),
        binding(UNKNOWN_ROLE, BOB, CAROL),
    ]


def rest_policy(world: World, kind: str) -> dict[str, Any]:
    """The policy as REST shows it at version 3."""
    resource = TARGETS[kind][1]
    if kind in ("Secret", "ArtifactRegistryRepository"):
        query = {"options.requestedPolicyVersion": "3"}
        return dict(world.rest.get(f"/v1/{resource}:getIamPolicy", **query).body)
    version = "v3" if kind == "Project" else "v1"
    body = {"options": {"requestedPolicyVersion": 3}}
    query = {"options.requestedPolicyVersion": "3"} if kind == "ServiceAccount" else {}
    body = {} if query else body
    return dict(world.rest.post(f"/{version}/{resource}:getIamPolicy", body, **query).body)


@GRPC
def test_everything_others_put_into_a_policy_is_there_after_apply(world: World, kind: str) -> None:
    make_targets(world)
    raw, (_, resource, role) = RawPolicies(world.doors.grpc_target), TARGETS[kind]
    # Projects are spoken to in JSON, which has no place for fields a server does not know.
    future = kind != "Project"
    raw.set(kind, resource, policy(foreign(kind), future=future))
    before = raw.get(kind, resource)
    world.write(grant(kind, ALICE))
    world.apply()
    after = raw.get(kind, resource)
    expected = type(before)()
    expected.CopyFrom(before)
    expected.bindings[0].members.append(ALICE)
    expected.etag = after.etag
    assert after == expected
    kept = [b"future"] if future else []
    assert [future_fields(message) for message in (after, *after.bindings)] == [kept] * 5
    world.assert_settled()
    assert role in {u["role"] for u in world.plan()["unclaimed"]}


def test_a_pools_policy_keeps_what_others_put_there(world: World) -> None:
    make_targets(world)
    role = TARGETS["WorkloadIdentityPool"][2]
    until = "request.time < timestamp('2030-01-01T00:00:00Z')"
    bindings: list[dict[str, Any]] = [
        {"role": role, "members": [BOB]},
        {"role": role, "members": [CAROL]},
        {"role": role, "members": [BOB], "condition": {"title": "a while", "expression": until}},
        {"role": UNKNOWN_ROLE, "members": [BOB]},
    ]
    given = {"version": 3, "bindings": bindings, "auditConfigs": [{"service": "allServices"}]}
    mask = "bindings,etag,auditConfigs"
    set_to = world.rest.post(f"/v1/{POOL}:setIamPolicy", {"policy": given, "updateMask": mask})
    assert set_to.status == 200
    world.write(grant("WorkloadIdentityPool", ALICE))
    world.apply()
    after = rest_policy(world, "WorkloadIdentityPool")
    bindings[0]["members"] = [BOB, ALICE]
    assert after["bindings"] == bindings
    assert after.get("auditConfigs") == set_to.body.get("auditConfigs")


def test_a_policy_is_read_once_and_written_once(world: World) -> None:
    make_targets(world)
    world.write(*(grant(kind, ALICE, BOB) for kind in TARGETS))
    world.forget_calls()
    world.apply()
    counted = Counter(
        (call["method"].rpartition(".")[2], call["resource"])
        for call in world.calls()
        if call["method"].endswith("IamPolicy")
    )
    assert set(counted.values()) == {1}
    assert len(counted) == 2 * len(TARGETS)


def test_documents_share_the_one_write_of_a_target(world: World) -> None:
    make_targets(world)
    several = [grant("Secret", member) for member in (ALICE, BOB, CAROL)]
    for index, found in enumerate(several):
        found["metadata"]["name"] = f"grant-{index}"
    world.write(*several)
    world.forget_calls()
    world.apply()
    assert len(world.calls("secretmanager.projects.secrets.setIamPolicy")) == 1
    assert len(world.calls("secretmanager.projects.secrets.getIamPolicy")) == 1


@EVERY
def test_a_member_that_leaves_a_manifest_stays_and_is_listed(world: World, kind: str) -> None:
    make_targets(world)
    world.write(grant(kind, ALICE, BOB))
    world.apply()
    world.write(grant(kind, ALICE))
    text = world.plan_text()
    assert any(line.strip().startswith("!") and BOB in line for line in text.splitlines()), text
    (found,) = world.plan()["unclaimed"]
    assert (found["member"], found["role"]) == (BOB, TARGETS[kind][2])
    world.assert_settled()
    assert world.wifctl("plan", "--fail-on", "unclaimed").code == 2
    world.apply()
    assert BOB in members_of(world, kind)


@EVERY
def test_a_member_that_leaves_an_authoritative_role_is_revoked(world: World, kind: str) -> None:
    make_targets(world)
    world.write(grant(kind, ALICE, BOB))
    world.apply()
    world.write(grant(kind, ALICE, authoritative=True))
    text = world.plan_text()
    assert any(line.strip().startswith("-") and BOB in line for line in text.splitlines()), text
    (step,) = steps(world.plan())
    assert [(m["action"], m["member"]) for m in step["members"]] == [("revoke", BOB)]
    world.apply()
    assert BOB not in members_of(world, kind)
    world.assert_settled()


def members_of(world: World, kind: str) -> set[str]:
    """The members of the target's role."""
    role = TARGETS[kind][2]
    bindings = rest_policy(world, kind)["bindings"]
    return {m for b in bindings if b["role"] == role for m in b["members"]}


@GRPC
def test_authority_covers_its_role_and_nothing_else(world: World, kind: str) -> None:
    make_targets(world)
    raw, (_, resource, role) = RawPolicies(world.doors.grpc_target), TARGETS[kind]
    raw.set(kind, resource, policy(foreign(kind), future=True))
    world.write(grant(kind, ALICE, authoritative=True))
    world.apply()
    after = raw.get(kind, resource)
    kept = {(b.role, b.condition.title, tuple(b.members)) for b in after.bindings}
    assert kept == {
        (role, "", (ALICE,)),
        (role, "", (AGENT,)),
        (UNKNOWN_ROLE, "", (BOB, CAROL)),
    }
    assert after.audit_configs[0].service == "allServices"
    world.assert_settled()
