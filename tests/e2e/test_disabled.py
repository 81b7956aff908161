"""Somebody's emergency stop stays: manifests that do not mention `disabled` undo nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.test_conflicts import PIPELINE
from tests.e2e.world import World, steps
from tests.support.emulator import ACCOUNTS, POOLS

VERSIONS = "/v1/projects/acme-ci/secrets/token/versions"
ACCOUNT = f"{ACCOUNTS}/deployer@acme-ci.iam.gserviceaccount.com"
PROVIDER = f"{POOLS}/github/providers/actions"
SOFT = {"WorkloadIdentityPool": f"{POOLS}/github", "WorkloadIdentityPoolProvider": PROVIDER}


def documents(**spec: Any) -> list[dict[str, Any]]:
    """The pipeline; `spec` is added to everything that can be disabled."""
    found = []
    for each in PIPELINE[:5]:
        rest = {key: value for key, value in each["spec"].items() if key != "disabled"}
        more = spec if each["kind"] in (*SOFT, "ServiceAccount") else {}
        found.append({**each, "spec": {**rest, **more}})
    return found


@pytest.fixture
def stopped(world: World) -> World:
    """Everything applied, then disabled by hand, the leaked token included."""
    world.environment["PAYLOAD"] = "leaked"
    world.write(*documents())
    world.apply()
    for path in SOFT.values():
        world.rest.patch(path, {"disabled": True}, updateMask="disabled")
    world.rest.post(f"{ACCOUNT}:disable")
    world.rest.post(f"{VERSIONS}/1:disable")
    return world


def states(world: World) -> list[bool]:
    """Who is disabled: pool, provider, account, version."""
    found = [bool(world.rest.get(path).body.get("disabled")) for path in (*SOFT.values(), ACCOUNT)]
    return [*found, world.rest.get(f"{VERSIONS}/1").body["state"] == "DISABLED"]


def test_what_is_disabled_stays_disabled(stopped: World) -> None:
    stopped.assert_settled()
    stopped.apply()
    assert states(stopped) == [True] * 4
    assert len(stopped.rest.get(VERSIONS).body["versions"]) == 1


def test_it_stays_disabled_when_something_else_is_updated(stopped: World) -> None:
    changed = documents(displayName="Another name")
    stopped.write(*changed)
    assert {c["path"] for s in steps(stopped.plan()) for c in s["changes"]} == {"displayName"}
    stopped.apply()
    assert states(stopped) == [True] * 4
    stopped.assert_settled()


def test_it_stays_disabled_when_it_is_undeleted(stopped: World) -> None:
    for path in (PROVIDER, f"{POOLS}/github"):
        stopped.rest.delete(path)
    stopped.apply()
    assert states(stopped) == [True] * 4
    stopped.assert_settled()


def test_enabling_is_asked_for_in_words_and_shown_as_an_access_gain(stopped: World) -> None:
    stopped.write(*documents(disabled=False))
    found = steps(stopped.plan(), "update")
    assert len(found) == 3
    assert all(c["gains_access"] for s in found for c in s["changes"])
    assert stopped.plan_text().count("lets somebody in") == 3
    stopped.apply()
    assert states(stopped) == [False, False, False, True]
    stopped.assert_settled()


def test_disabling_is_applied_to_new_objects_and_live_ones(world: World) -> None:
    world.environment["PAYLOAD"] = "fine"
    world.write(*documents(disabled=True))
    world.apply()
    assert states(world) == [True, True, True, False]
    world.assert_settled()
    world.write(*documents(disabled=False))
    world.apply()
    world.write(*documents(disabled=True))
    world.apply()
    assert states(world) == [True, True, True, False]


@pytest.mark.parametrize("verb", ["disable", "destroy"])
def test_a_version_somebody_took_out_of_use_is_not_replaced(world: World, verb: str) -> None:
    world.environment["PAYLOAD"] = "leaked"
    world.write(*documents())
    world.apply()
    world.rest.post(f"{VERSIONS}/1:{verb}")
    world.environment["PAYLOAD"] = "new"
    world.assert_settled()
    world.apply()
    assert len(world.rest.get(VERSIONS).body["versions"]) == 1
