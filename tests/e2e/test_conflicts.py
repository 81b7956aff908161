"""Concurrent writers, lost answers and passing refusals: an apply gets through, or says why."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from tests.e2e.world import World, document
from tests.support.emulator import Rest

ACCESSOR = "roles/secretmanager.secretAccessor"
SECRET = "/v1/projects/acme-ci/secrets/token"
PIPELINE = (
    document("ProjectServices", "services", {"services": ["secretmanager.googleapis.com"]}),
    document("WorkloadIdentityPool", "github", {"displayName": "GitHub"}),
    document(
        "WorkloadIdentityPoolProvider",
        "actions",
        {
            "pool": "github",
            "oidc": {"issuerUri": "https://issuer.example.com"},
            "attributeMapping": {"google.subject": "assertion.sub"},
        },
    ),
    document("ServiceAccount", "deployer", {"displayName": "Deploys", "disabled": True}),
    document(
        "Secret",
        "token",
        {
            "replication": {"automatic": {}},
            "version": {"from": {"env": "PAYLOAD"}},
            "versionAliases": {"live": 1},
            "access": [{"role": ACCESSOR, "members": [{"serviceAccount": "deployer"}]}],
        },
    ),
    document(
        "ArtifactRegistryRepository",
        "pypi",
        {
            "mode": "REMOTE_REPOSITORY",
            "upstream": "PYPI",
            "upstreamCredentials": {
                "username": "__token__",
                "passwordSecretVersion": {"secret": "token", "version": "newest"},
            },
        },
    ),
)
WRITES = (
    "serviceusage.services.enable",
    "iam.projects.locations.workloadIdentityPools.create",
    "iam.projects.locations.workloadIdentityPools.providers.create",
    "iam.projects.serviceAccounts.create",
    "iam.projects.serviceAccounts.disable",
    "secretmanager.projects.secrets.create",
    "secretmanager.projects.secrets.addVersion",
    "secretmanager.projects.secrets.patch",
    "secretmanager.projects.secrets.setIamPolicy",
    "artifactregistry.projects.locations.repositories.create",
)


@pytest.fixture
def pipeline(world: World) -> World:
    world.environment["PAYLOAD"] = "made-up"
    world.write(*PIPELINE)
    return world


def assert_applied_once(world: World) -> None:
    """Everything is there, and nothing twice."""
    world.assert_settled()
    assert len(world.rest.get(f"{SECRET}/versions").body["versions"]) == 1
    (binding,) = world.rest.get(f"{SECRET}:getIamPolicy").body["bindings"]
    assert len(binding["members"]) == 1


@pytest.mark.parametrize("fault", ["503", "reset"])
@pytest.mark.parametrize("method", WRITES)
def test_a_write_whose_answer_is_lost_is_done_once(
    pipeline: World, method: str, fault: str
) -> None:
    pipeline.rest.switch(faults=[{"fault": fault, "method": method, "after": True}])
    pipeline.apply()
    assert_applied_once(pipeline)


@pytest.mark.parametrize("fault", ["503", "429", "reset"])
def test_every_call_may_be_refused_for_a_while(pipeline: World, fault: str) -> None:
    faults = [{"fault": fault, "method": m, "retryDelay": 0.01} for m in (*WRITES, "*.get")]
    pipeline.rest.switch(faults=faults)
    pipeline.apply()
    assert_applied_once(pipeline)


def test_a_policy_that_moves_meanwhile_is_read_again(pipeline: World) -> None:
    faults = [{"fault": "409", "method": "*.setIamPolicy", "times": 3}]
    pipeline.rest.switch(faults=faults)
    pipeline.apply()
    assert_applied_once(pipeline)
    assert len(pipeline.calls("secretmanager.projects.secrets.setIamPolicy")) == 4


def test_what_somebody_grants_meanwhile_is_kept(pipeline: World) -> None:
    pipeline.write(*PIPELINE[3:5])
    secrets = SECRET.rpartition("/")[0]
    body: dict[str, Any] = {"replication": {"automatic": {}}}
    pipeline.rest.post(secrets, body, secretId="token")
    pipeline.rest.switch(latency={"iam.projects.serviceAccounts.create": 700})
    with SomebodyElse(pipeline):
        pipeline.apply()
    (binding,) = pipeline.rest.get(f"{SECRET}:getIamPolicy").body["bindings"]
    assert sorted(m.partition(":")[0] for m in binding["members"]) == ["serviceAccount", "user"]
    statuses = [c["status"] for c in pipeline.calls("secretmanager.projects.secrets.setIamPolicy")]
    assert statuses == ["OK", "ABORTED", "OK"]
    pipeline.assert_settled()


class SomebodyElse:
    """Grants on the secret as soon as wifctl has read its policy."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._thread = threading.Thread(target=self._grant)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _grant(self) -> None:
        rest = Rest(self._world.doors)
        log = {"method": "secretmanager.projects.secrets.getIamPolicy"}
        until = time.monotonic() + 10
        while not rest.get("/_wifctl/requests", **log).body["requests"]:
            assert time.monotonic() < until
            time.sleep(0.01)
        binding = {"role": ACCESSOR, "members": ["user:b@example.com"]}
        answer = rest.post(f"{SECRET}:setIamPolicy", {"policy": {"bindings": [binding]}})
        assert answer.status == 200
        rest.close()


def live_secret(world: World, **labels: str) -> dict[str, Any]:
    """A secret with labels, applied; returns its document."""
    found = document("Secret", "token", {"replication": {"automatic": {}}, "labels": labels})
    world.write(found)
    world.apply()
    return found


def test_an_update_whose_answer_is_lost_is_not_refused_by_its_own_etag(world: World) -> None:
    found = live_secret(world, team="one")
    found["spec"]["labels"] = {"team": "two"}
    world.write(found)
    world.rest.switch(
        faults=[{"fault": "503", "method": "secretmanager.projects.secrets.patch", "after": True}]
    )
    world.apply()
    world.assert_settled()


def test_an_account_is_waited_for_while_its_replicas_disagree(pipeline: World) -> None:
    pipeline.rest.switch(consistency={"reads": "recorded", "members": 2})
    pipeline.apply()
    pipeline.rest.switch(consistency={})
    assert_applied_once(pipeline)


def test_a_second_write_waits_until_the_new_object_shows(pipeline: World) -> None:
    pipeline.rest.switch(consistency={"reads": "mmmm"})
    pipeline.apply()
    assert_applied_once(pipeline)


def test_a_lost_create_is_looked_for_until_it_shows(pipeline: World) -> None:
    pipeline.rest.switch(
        consistency={"reads": "mmm"},
        faults=[{"fault": "503", "method": "iam.projects.serviceAccounts.create", "after": True}],
    )
    pipeline.apply()
    assert_applied_once(pipeline)


def test_an_object_somebody_made_meanwhile_is_not_taken_for_ours(world: World) -> None:
    pool = document("WorkloadIdentityPool", "github", {"displayName": "GitHub"})
    account = document("ServiceAccount", "deployer", {})
    world.write(pool, account)
    assert world.wifctl("plan", "--out", "plan.json").code == 0
    path = "/v1/projects/acme-ci/locations/global/workloadIdentityPools"
    body = {"displayName": "GitHub", "description": "somebody's"}
    world.rest.post(path, body, workloadIdentityPoolId="github")
    ran = world.wifctl("apply", "plan.json")
    assert ran.code == 1
    assert "WorkloadIdentityPool/acme-ci/github" in ran.err


DELETES = (
    "iam.projects.locations.workloadIdentityPools.delete",
    "iam.projects.locations.workloadIdentityPools.providers.delete",
    "iam.projects.serviceAccounts.delete",
    "secretmanager.projects.secrets.delete",
    "artifactregistry.projects.locations.repositories.delete",
)


@pytest.mark.parametrize("method", DELETES)
def test_a_removal_whose_answer_is_lost_is_done(pipeline: World, method: str) -> None:
    pipeline.apply()
    pipeline.rest.switch(faults=[{"fault": "503", "method": method, "after": True}])
    pipeline.wifctl("destroy", "--auto-approve", "--allow-secret-destroy").ok()
    left = {step["action"] for step in pipeline.plan()["steps"]}
    assert left <= {"create", "undelete", "policy", "update"}
    assert pipeline.rest.get(SECRET).status == 404


UNDELETES = (
    "iam.projects.locations.workloadIdentityPools.undelete",
    "iam.projects.locations.workloadIdentityPools.providers.undelete",
    "iam.projects.serviceAccounts.undelete",
)


@pytest.mark.parametrize("method", UNDELETES)
def test_an_undelete_whose_answer_is_lost_is_done(pipeline: World, method: str) -> None:
    pipeline.apply()
    place = "/v1/projects/acme-ci"
    pool = f"{place}/locations/global/workloadIdentityPools/github"
    email = "deployer@acme-ci.iam.gserviceaccount.com"
    for path in (f"{pool}/providers/actions", pool, f"{place}/serviceAccounts/{email}"):
        assert pipeline.rest.delete(path).status == 200
    pipeline.rest.switch(faults=[{"fault": "503", "method": method, "after": True}])
    pipeline.apply()
    assert_applied_once(pipeline)


FAILING = ("*.workloadIdentityPools.create", "*.repositories.create")


@pytest.mark.parametrize("method", FAILING)
def test_an_operation_that_fails_is_told_and_the_next_run_converges(
    pipeline: World, method: str
) -> None:
    pipeline.rest.switch(faults=[{"fault": "operation", "method": method}])
    ran = pipeline.wifctl("apply", "--auto-approve")
    assert ran.code == 1
    assert "The operation failed." in ran.err
    pipeline.rest.switch(faults=[])
    pipeline.apply()
    assert_applied_once(pipeline)


def test_a_failure_skips_what_needs_it_and_nothing_else(pipeline: World) -> None:
    pipeline.rest.switch(
        faults=[{"fault": "412", "method": "*.secrets.create", "message": "Not today.", "times": 0}]
    )
    ran = pipeline.wifctl("apply", "--auto-approve")
    assert ran.code == 1
    lines = ran.err.splitlines()
    assert sum("Not today." in line and line.startswith("✗") for line in lines) == 1
    skipped = {line.split()[1] for line in lines if line.startswith("·") and "skipped" in line}
    assert "SecretVersion/acme-ci/token" in skipped
    assert "ArtifactRegistryRepository/acme-ci/europe-west1/pypi" in skipped
    done = {line.split()[1] for line in lines if line.startswith("✓")}
    assert {"WorkloadIdentityPool/acme-ci/github", "ServiceAccount/acme-ci/deployer"} <= done
    pipeline.rest.switch(faults=[])
    pipeline.apply()
    assert_applied_once(pipeline)


def test_two_applies_at_once_end_in_what_the_manifests_say(pipeline: World) -> None:
    pipeline.rest.switch(latency={"*": 20})
    running = [pipeline.process("apply", "--auto-approve") for _ in range(2)]
    for process in running:
        _, err = process.communicate(timeout=60)
        assert process.returncode in (0, 1)
        assert "Traceback" not in err
    pipeline.rest.switch(latency={})
    pipeline.apply()
    pipeline.assert_settled()


def test_an_account_nobody_made_is_not_waited_for(pipeline: World) -> None:
    member = "serviceAccount:typo@acme-ci.iam.gserviceaccount.com"
    spec = {"secret": "token", "members": [member]}
    pipeline.write(*PIPELINE, document("SecretAccessorGrant", "typo", spec))
    began = time.monotonic()
    ran = pipeline.wifctl("apply", "--auto-approve")
    assert ran.code == 1
    assert "typo@acme-ci.iam.gserviceaccount.com does not exist" in ran.err
    assert time.monotonic() - began < 10


def test_an_account_a_run_before_made_is_waited_for(pipeline: World) -> None:
    pipeline.rest.switch(consistency={"members": 3, "reads": "s"})
    pipeline.wifctl("apply", "--auto-approve", "--target", "ServiceAccount/*").ok()
    pipeline.apply()
    pipeline.rest.switch(consistency={})
    assert_applied_once(pipeline)
