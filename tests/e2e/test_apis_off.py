"""A project whose services are off: the plan enables them first, reads then, and goes on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.test_conflicts import PIPELINE
from tests.e2e.world import World, addresses, document, steps
from tests.support.emulator import ACCOUNTS, POOLS

NAMES = ("iam", "secretmanager", "artifactregistry", "cloudresourcemanager")
SERVICES = document(
    "ProjectServices", "services", {"services": [f"{name}.googleapis.com" for name in NAMES]}
)
POOL = document("WorkloadIdentityPool", "github", {"displayName": "GitHub"})


@pytest.fixture
def off(world: World) -> World:
    """A Google whose APIs answer only where they are enabled."""
    world.environment["PAYLOAD"] = "made-up"
    world.rest.switch(apis={"strict": True})
    return world


def switch_on(world: World, on: bool) -> None:
    """Let everything answer for a while, so that somebody can have made something before."""
    world.rest.switch(apis={"strict": not on})


def test_nothing_is_enabled_nothing_is_read_and_all_is_made(off: World) -> None:
    off.write(SERVICES, *PIPELINE[1:])
    text = off.plan_text()
    assert "+ iam.googleapis.com" in text
    assert "its service is off until this plan enables it" in text
    plan = off.plan()
    assert {"WorkloadIdentityPool/acme-ci/github", "Secret/acme-ci/token"} <= set(plan["unread"])
    first = steps(plan)[0]
    assert (first["action"], first["address"]) == ("enable", "ProjectServices/acme-ci")
    assert all(first["key"] in step["needs"] for step in steps(plan, "create"))
    off.apply()
    off.assert_settled()


def test_a_saved_plan_of_unread_objects_runs_and_finishes(off: World) -> None:
    off.write(SERVICES, *PIPELINE[1:])
    off.wifctl("plan", "--out", "plan.json").ok()
    off.rest.post("/v1/projects/acme-ci/services:batchEnable", {"serviceIds": service_names()})
    off.wifctl("apply", "plan.json").ok()
    off.assert_settled()


def service_names() -> list[str]:
    found: list[str] = SERVICES["spec"]["services"]
    return found


def test_without_the_document_that_enables_it_a_service_that_is_off_is_an_error(off: World) -> None:
    off.write(POOL)
    ran = off.wifctl("plan")
    assert ran.code == 1
    assert "has not been used in project" in ran.err or "SERVICE_DISABLED" in ran.err
    assert "Traceback" not in ran.err


def existing(world: World, **fields: Any) -> None:
    """The pool, made while its service was on."""
    switch_on(world, True)
    world.rest.post(POOLS, fields, workloadIdentityPoolId="github")
    switch_on(world, False)


def test_an_unread_object_that_is_as_it_should_be_is_done(off: World) -> None:
    existing(off, displayName="GitHub")
    off.write(SERVICES, POOL)
    assert addresses(steps(off.plan(), "create")) == {"WorkloadIdentityPool/acme-ci/github"}
    off.forget_calls()
    off.apply()
    assert not off.calls("iam.projects.locations.workloadIdentityPools.create")
    off.assert_settled()


@pytest.mark.parametrize(
    "fields", [{"displayName": "Other"}, {"displayName": "GitHub", "description": "by hand"}]
)
def test_an_unread_object_that_differs_asks_for_a_new_plan(
    off: World, fields: dict[str, str]
) -> None:
    existing(off, **fields)
    off.write(SERVICES, POOL)
    ran = off.wifctl("apply", "--auto-approve")
    assert ran.code == 1
    assert "it exists, and is different" in ran.err
    assert "plan again" in ran.err
    assert off.rest.get(f"{POOLS}/github").body["displayName"] == fields["displayName"]
    off.apply()
    off.assert_settled()


def test_an_unread_object_that_is_soft_deleted_asks_for_a_new_plan(off: World) -> None:
    existing(off, displayName="GitHub")
    switch_on(off, True)
    off.rest.delete(f"{POOLS}/github")
    switch_on(off, False)
    off.write(SERVICES, POOL)
    ran = off.wifctl("apply", "--auto-approve")
    assert ran.code == 1
    assert "it exists, and is soft-deleted" in ran.err
    off.apply()
    off.assert_settled()


def test_a_number_nobody_knows_yet_is_known_after_apply(off: World) -> None:
    (off.folder / "wifctl.yaml").write_text("project: acme-late\nlocation: europe-west1\n")
    member = {"pool": "github", "subject": "job"}
    access = [{"role": "roles/iam.workloadIdentityUser", "members": [member]}]
    off.write(SERVICES, POOL, document("ServiceAccount", "deployer", {"access": access}))
    assert "projects/(known after apply)/locations/global/workloadIdentityPools" in off.plan_text()
    off.apply()
    off.assert_settled()
    number = off.rest.get(f"{POOLS.replace('acme-ci', 'acme-late')}/github").body["name"].split("/")
    email = "deployer@acme-late.iam.gserviceaccount.com"
    path = f"{ACCOUNTS.replace('acme-ci', 'acme-late')}/{email}:getIamPolicy"
    (binding,) = off.rest.post(path).body["bindings"]
    assert f"/projects/{number[1]}/" in binding["members"][0]
