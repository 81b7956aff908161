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
def test_a_second_apply_of_a_scenario_writes_nothing(world: World, name: str) -> None:
    world.environment["PYPI_TOKEN"] = "pypi-made-up"
    folder = str(MANIFESTS / name)
    world.wifctl("apply", folder, "--auto-approve").ok()
    world.forget_calls()
    world.wifctl("apply", folder, "--auto-approve").ok()
    assert [call["method"] for call in world.writes()] == []
