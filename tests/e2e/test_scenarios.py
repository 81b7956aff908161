"""Every scenario of `manifests/`: apply, and then there is nothing left to do."""

from __future__ import annotations

import pytest

from tests.e2e.world import MANIFESTS, World

SCENARIOS = sorted(path.name for path in MANIFESTS.iterdir() if path.is_dir())


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_applied_once_and_plans_to_nothing(world: World, name: str) -> None:
    world.environment["PYPI_TOKEN"] = "pypi-made-up"
    folder = str(MANIFESTS / name)
    before = world.wifctl("plan", folder, "--detailed-exitcode")
    assert before.code == 2, before.err
    world.wifctl("apply", folder, "--auto-approve").ok()
    after = world.wifctl("plan", folder, "--detailed-exitcode")
    assert after.code == 0, after.out
    assert "No changes" in after.out


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_takes_one_write_a_step_and_none_the_second_time(
    world: World, name: str
) -> None:
    world.environment["PYPI_TOKEN"] = "pypi-made-up"
    folder = str(MANIFESTS / name)
    planned = world.plan(folder)["steps"]
    world.forget_calls()
    world.wifctl("apply", folder, "--auto-approve").ok()
    assert len(world.writes()) == len(planned)
    world.forget_calls()
    world.wifctl("apply", folder, "--auto-approve").ok()
    assert world.writes() == []


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_destroyed_and_comes_back(world: World, name: str) -> None:
    world.environment["PYPI_TOKEN"] = "pypi-made-up"
    folder = str(MANIFESTS / name)
    first = world.plan(folder)
    made = first["summary"]["create"]
    world.wifctl("apply", folder, "--auto-approve").ok()
    destroy = ("destroy", folder, "--auto-approve")
    has_secrets = any(step["kind"] == "Secret" for step in first["steps"])
    assert (world.wifctl(*destroy).code == 1) is has_secrets
    world.wifctl(*destroy, "--allow-secret-destroy").ok()
    left = world.plan(folder)["summary"]
    assert left["create"] + left["undelete"] == made
    assert left["enable"] == 0
    assert "No changes" in world.wifctl(*destroy).ok().out
    world.wifctl("apply", folder, "--auto-approve").ok()
    assert world.wifctl("plan", folder, "--detailed-exitcode").code == 0
