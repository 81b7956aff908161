"""A saved plan runs as it was reviewed, or is refused; interrupted, it finishes."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.e2e.test_conflicts import PIPELINE
from tests.e2e.world import Ran, World, document
from tests.support.emulator import ACCOUNTS, POOLS, emulator

POOL = document("WorkloadIdentityPool", "github", {"displayName": "GitHub"})
OTHER = document("WorkloadIdentityPool", "gitlab", {"displayName": "GitLab"})
SECRET_PATH = "/v1/projects/acme-ci/secrets/token"
READER = "roles/secretmanager.viewer"
EMPTY_SECRET = document("Secret", "token", {"replication": {"automatic": {}}})


def saved(world: World, *documents: dict[str, Any]) -> Ran:
    """`plan --out plan.json` of the documents."""
    world.write(*documents)
    return world.wifctl("plan", "--out", "plan.json").ok()


def renamed(name: str) -> dict[str, Any]:
    return document("WorkloadIdentityPool", "github", {"displayName": name})


def granting(*members: str) -> dict[str, Any]:
    spec = {"on": {"secret": "token"}, "role": READER, "members": list(members)}
    return document("IamGrant", "readers", spec)


def refused(world: World, *naming: str) -> None:
    """The saved plan is refused, and nothing is written."""
    world.forget_calls()
    ran = world.wifctl("apply", "plan.json")
    assert ran.code == 1
    assert all(text in ran.err for text in naming), ran.err
    assert world.writes() == []


def test_a_saved_plan_runs_without_a_question_and_only_once(world: World) -> None:
    said = saved(world, *PIPELINE[1:4])
    assert "wifctl apply plan.json" in said.err
    world.wifctl("apply", "plan.json").ok()
    world.assert_settled()
    world.forget_calls()
    again = world.wifctl("apply", "plan.json").ok()
    assert "done already" in again.err
    assert world.writes() == []


def test_a_plan_is_refused_when_what_it_updates_has_moved(world: World) -> None:
    world.write(POOL)
    world.apply()
    saved(world, renamed("GitHub Actions"))
    world.rest.patch(f"{POOLS}/github", {"description": "somebody's"}, updateMask="description")
    refused(world, "WorkloadIdentityPool/acme-ci/github", "has changed since the plan was saved")


def test_a_plan_is_refused_when_what_it_creates_is_there_already(world: World) -> None:
    saved(world, POOL, OTHER)
    world.rest.post(POOLS, {"displayName": "Another"}, workloadIdentityPoolId="github")
    refused(world, "WorkloadIdentityPool/acme-ci/github")


def test_a_plan_is_refused_when_what_it_deletes_has_moved(world: World) -> None:
    world.write(POOL)
    world.apply()
    saved(world, {**POOL, "lifecycle": {"state": "absent"}})
    world.rest.patch(f"{POOLS}/github", {"displayName": "In use"}, updateMask="displayName")
    refused(world, "WorkloadIdentityPool/acme-ci/github")


def test_a_plan_is_refused_when_a_role_it_grants_has_moved(world: World) -> None:
    world.write(EMPTY_SECRET)
    world.apply()
    saved(world, EMPTY_SECRET, granting("user:a@example.com"))
    put(world, (READER, "user:b@example.com"))
    refused(world, "IamPolicy/Secret/acme-ci/token")


def test_a_plan_is_refused_when_a_version_it_uses_has_moved(world: World) -> None:
    world.environment["PAYLOAD"] = "made-up"
    world.write(PIPELINE[4], PIPELINE[3])
    world.apply()
    saved(world, *PIPELINE[3:6])
    world.rest.post(f"{SECRET_PATH}:addVersion", {"payload": {"data": "eA=="}})
    refused(world, "SecretVersion/acme-ci/token", "whose value the plan uses")


def put(world: World, *grants: tuple[str, str]) -> None:
    """Set the secret's policy, as somebody else would."""
    bindings = [{"role": role, "members": [member]} for role, member in grants]
    policy = {"policy": {"bindings": bindings}}
    assert world.rest.post(f"{SECRET_PATH}:setIamPolicy", policy).status == 200


def test_other_changes_are_notes(world: World) -> None:
    world.write(EMPTY_SECRET)
    world.apply()
    saved(world, EMPTY_SECRET, granting("user:a@example.com"))
    put(world, ("roles/secretmanager.admin", "user:b@example.com"))
    ran = world.wifctl("apply", "plan.json").ok()
    assert "note: roles of Secret/acme-ci/token that the plan leaves alone have changed" in ran.err
    bindings = world.rest.get(f"{SECRET_PATH}:getIamPolicy").body["bindings"]
    assert sorted(m for b in bindings for m in b["members"]) == [
        "user:a@example.com",
        "user:b@example.com",
    ]


def test_objects_without_a_step_may_change(world: World) -> None:
    world.write(OTHER)
    world.apply()
    saved(world, OTHER, POOL)
    world.rest.patch(f"{POOLS}/gitlab", {"displayName": "Moved"}, updateMask="displayName")
    ran = world.wifctl("apply", "plan.json").ok()
    assert "note" not in ran.err
    assert world.rest.get(f"{POOLS}/gitlab").body["displayName"] == "Moved"


def edit(world: World, change: Any, *, sign: bool = False) -> None:
    """Change the plan file; `sign` computes its checksum anew, as somebody who knows how would."""
    path = world.folder / "plan.json"
    content = json.loads(path.read_text())
    change(content)
    if sign:
        rest = {key: value for key, value in content.items() if key != "checksum"}
        text = json.dumps(rest, sort_keys=True)
        content["checksum"] = hashlib.sha256(text.encode()).hexdigest()
    path.write_text(json.dumps(content))


def to_public(content: dict[str, Any]) -> None:
    member = next(m for step in content["steps"] for m in step["members"])
    member["member"] = "allUsers"


def dropped(content: dict[str, Any]) -> None:
    del content["steps"][0]


def unknown(content: dict[str, Any]) -> None:
    content["steps"][0]["command"] = "rm"


@pytest.mark.parametrize("change", [to_public, dropped, unknown])
def test_an_edited_plan_file_is_refused(world: World, change: Any) -> None:
    saved(world, EMPTY_SECRET, granting("user:a@example.com"))
    edit(world, change)
    refused(world, "this is not a plan wifctl can apply")


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "steps: []", "\x00", '{"steps": '])
def test_what_is_no_plan_file_is_refused(world: World, text: str) -> None:
    (world.folder / "plan.json").write_text(text)
    refused(world, "this is not a plan wifctl can apply")


def test_a_forged_plan_is_refused_when_the_manifests_are_at_hand(world: World) -> None:
    saved(world, EMPTY_SECRET, granting("user:a@example.com"))
    edit(world, to_public, sign=True)
    world.forget_calls()
    ran = world.wifctl("apply", "plan.json", "--manifests", "manifests")
    assert ran.code == 1
    assert "the manifests lead to another step than the plan file holds" in ran.err
    assert world.writes() == []


def test_the_plan_of_the_same_manifests_is_applied_with_them_at_hand(world: World) -> None:
    saved(world, EMPTY_SECRET, granting("user:a@example.com"))
    world.wifctl("apply", "plan.json", "--manifests", "manifests").ok()
    world.assert_settled()


def test_a_plan_for_another_target_is_refused(world: World) -> None:
    saved(world, POOL)
    with emulator() as elsewhere:
        world.environment["WIFCTL_ENDPOINT"] = elsewhere.rest_url
        refused(world, "the plan was made for", elsewhere.rest_url)
    del world.environment["WIFCTL_ENDPOINT"]
    ran = world.wifctl("apply", "plan.json", "--local")
    assert ran.code == 1
    assert "this run would go to local target" in ran.err


@pytest.mark.parametrize(
    "flags",
    [("--project", "acme-sec"), ("--set", "a=1"), ("--values", "x"), ("--target", "*")],
)
def test_what_a_plan_has_decided_cannot_be_said_again(world: World, flags: tuple[str, str]) -> None:
    saved(world, POOL)
    ran = world.wifctl("apply", "plan.json", *flags)
    assert ran.code == 1
    assert "A saved plan has decided that already" in ran.err


def test_a_plan_with_a_refusal_is_not_saved(world: World) -> None:
    world.write(document("WorkloadIdentityPool", "github", {"mode": "FEDERATION_ONLY"}))
    world.apply()
    world.write(document("WorkloadIdentityPool", "github", {"mode": "TRUST_DOMAIN"}))
    assert world.wifctl("plan", "--out", "plan.json").code == 1
    assert not (world.folder / "plan.json").exists()


def test_a_plan_of_an_undelete_finishes_after_it_was_begun(world: World) -> None:
    account = document("ServiceAccount", "deployer", {"displayName": "Deploys"})
    grant = granting("serviceAccount:deployer@acme-ci.iam.gserviceaccount.com")
    world.write(account, EMPTY_SECRET, grant)
    world.apply()
    email = f"{ACCOUNTS}/deployer@acme-ci.iam.gserviceaccount.com"
    unique_id = world.rest.get(email).body["uniqueId"]
    world.rest.delete(email)
    saved(world, account, EMPTY_SECRET, grant, POOL)
    world.rest.post(f"{ACCOUNTS}/{unique_id}:undelete")
    world.wifctl("apply", "plan.json").ok()
    world.assert_settled()


def test_services_that_were_on_before_do_not_stand_in_the_way(world: World) -> None:
    names = ["iam.googleapis.com", "secretmanager.googleapis.com", "sts.googleapis.com"]
    world.rest.post(f"/v1/projects/acme-ci/services/{names[0]}:enable")
    saved(world, document("ProjectServices", "services", {"services": names}))
    world.rest.post(f"/v1/projects/acme-ci/services/{names[1]}:enable")
    world.wifctl("apply", "plan.json").ok()
    world.assert_settled()


def test_a_changed_payload_is_added_once_however_often_the_plan_runs(world: World) -> None:
    version = {"from": {"env": "PAYLOAD"}, "when": "changed"}
    token = document("Secret", "token", {"replication": {"automatic": {}}, "version": version})
    world.environment["PAYLOAD"] = "one"
    world.write(token)
    world.apply()
    world.environment["PAYLOAD"] = "two"
    saved(world, token)
    world.wifctl("apply", "plan.json").ok()
    world.wifctl("apply", "plan.json").ok()
    assert len(world.rest.get(f"{SECRET_PATH}/versions").body["versions"]) == 2
    world.rest.post(f"{SECRET_PATH}:addVersion", {"payload": {"data": "eA=="}})
    refused(world, "SecretVersion/acme-ci/token")
