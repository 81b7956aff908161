"""An apply that is cut off half-way: what is done stays done, and a re-run finishes the rest."""

from __future__ import annotations

import signal
import subprocess
import time

import pytest

from tests.e2e.test_conflicts import PIPELINE, assert_applied_once
from tests.e2e.test_undelete import DOCUMENTS, PROVIDERS, assert_back
from tests.e2e.test_undelete import POOL as DELETED_POOL
from tests.e2e.world import World, steps

SLOW = {"*": 60}
"""Milliseconds a call: slow enough to be cut off anywhere."""


@pytest.fixture
def pipeline(world: World) -> World:
    world.environment["PAYLOAD"] = "made-up"
    world.write(*PIPELINE)
    return world


def wait_for_writes(world: World, count: int, running: subprocess.Popen[str]) -> None:
    """Until so many writes are done."""
    until = time.monotonic() + 30
    while len(world.writes()) < count:
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize("writes", [1, 4, 7])
def test_a_killed_apply_of_a_saved_plan_is_finished_by_the_same_plan(
    pipeline: World, writes: int
) -> None:
    pipeline.wifctl("plan", "--out", "plan.json").ok()
    pipeline.rest.switch(latency=SLOW)
    running = pipeline.process("apply", "plan.json")
    wait_for_writes(pipeline, writes, running)
    running.kill()
    running.communicate()
    pipeline.rest.switch(latency={})
    pipeline.wifctl("apply", "plan.json").ok()
    assert_applied_once(pipeline)


def test_ctrl_c_finishes_the_calls_in_flight_and_exits_130(pipeline: World) -> None:
    pipeline.rest.switch(latency=SLOW)
    running = pipeline.process("apply", "--auto-approve")
    wait_for_writes(pipeline, 2, running)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "Interrupted: the calls in flight are finished" in err
    assert "Traceback" not in err
    assert "Apply incomplete" in err
    said = {line.split()[1] for line in err.splitlines() if line.startswith("✓")}
    pipeline.rest.switch(latency={})
    assert said
    assert not said & {step["address"] for step in steps(pipeline.plan(), "create")}
    pipeline.apply()
    assert_applied_once(pipeline)


def test_sigterm_of_a_cancelled_job_stops_like_ctrl_c(pipeline: World) -> None:
    pipeline.rest.switch(latency=SLOW)
    running = pipeline.process("apply", "--auto-approve")
    wait_for_writes(pipeline, 1, running)
    running.terminate()
    running.communicate(timeout=20)
    assert running.returncode == 130
    pipeline.rest.switch(latency={})
    pipeline.apply()
    assert_applied_once(pipeline)


def test_a_second_ctrl_c_ends_at_once(pipeline: World) -> None:
    pipeline.rest.switch(latency={"*": 60, "secretmanager.projects.secrets.create": 8000})
    running = pipeline.process("apply", "--auto-approve")
    wait_for_writes(pipeline, 1, running)
    running.send_signal(signal.SIGINT)
    time.sleep(0.3)
    began = time.monotonic()
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=20)
    assert time.monotonic() - began < 4
    assert running.returncode == 130
    assert "Traceback" not in err


@pytest.mark.parametrize("writes", [1, 2, 3])
def test_a_killed_undelete_is_finished_and_the_pool_was_never_open_too_wide(
    world: World, writes: int
) -> None:
    world.write(*DOCUMENTS)
    world.apply()
    wide = {"attributeCondition": "true"}
    world.rest.patch(f"{PROVIDERS}/actions", wide, updateMask="attributeCondition")
    world.rest.delete(DELETED_POOL)
    world.wifctl("plan", "--out", "plan.json").ok()
    world.forget_calls()
    world.rest.switch(latency=SLOW)
    running = world.process("apply", "plan.json")
    wait_for_writes(world, writes, running)
    running.kill()
    running.communicate()
    world.rest.switch(latency={})
    shut = world.rest.get(DELETED_POOL).body.get("disabled", False)
    narrow = world.rest.get(f"{PROVIDERS}/actions").body["attributeCondition"] != "true"
    assert shut or narrow or writes == 1
    world.wifctl("apply", "plan.json").ok()
    assert_back(world)


def test_a_killed_undelete_is_finished_by_a_new_plan_too(world: World) -> None:
    world.write(*DOCUMENTS)
    world.apply()
    wide = {"attributeCondition": "true"}
    world.rest.patch(f"{PROVIDERS}/actions", wide, updateMask="attributeCondition")
    world.rest.delete(DELETED_POOL)
    world.forget_calls()
    world.rest.switch(latency=SLOW)
    running = world.process("apply", "--auto-approve")
    wait_for_writes(world, 2, running)
    running.kill()
    running.communicate()
    world.rest.switch(latency={})
    assert "its providers are repaired" in world.plan_text()
    world.apply()
    assert_back(world)
