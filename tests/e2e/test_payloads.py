"""A payload goes to Secret Manager and nowhere else: a planted one is looked for everywhere."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_conflicts import PIPELINE
from tests.e2e.world import World, document, steps

PLANTED = "pypi-PLANTED-7f3a9c51d2e84b60"
SECRETS = "/v1/projects/acme-ci/secrets"
TRACES = tuple(
    dict.fromkeys(
        (
            PLANTED,
            PLANTED[5:],
            base64.b64encode(PLANTED.encode()).decode()[:-4],
            hashlib.sha256(PLANTED.encode()).hexdigest(),
            hashlib.sha1(PLANTED.encode()).hexdigest(),
            hashlib.md5(PLANTED.encode()).hexdigest(),
        )
    )
)
"""What would give the payload, or a test for guesses at it, away."""


def secret(name: str, source: dict[str, Any], **version: Any) -> dict[str, Any]:
    spec = {"replication": {"automatic": {}}, "version": {"from": source, **version}}
    return document("Secret", name, spec)


def assert_no_trace(*texts: str) -> None:
    for text in texts:
        assert not [trace for trace in TRACES if trace in text]


def written_by(world: World, *but: str) -> list[str]:
    """Everything in the world's folder."""
    files = [p for p in world.folder.rglob("*") if p.is_file() and p.name not in but]
    return [path.read_bytes().decode("utf-8", "replace") for path in files]


def payload(world: World, name: str, version: int = 1) -> bytes:
    answer = world.rest.get(f"{SECRETS}/{name}/versions/{version}:access")
    return base64.b64decode(answer.body["payload"]["data"])


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
def test_no_output_log_or_file_holds_a_payload(world: World, level: str) -> None:
    world.environment |= {"PAYLOAD": PLANTED, "WIFCTL_LOG": level}
    world.write(*PIPELINE)
    runs = [
        world.wifctl("validate"),
        world.wifctl("plan"),
        world.wifctl("plan", "--format", "json"),
        world.wifctl("plan", "--format", "markdown"),
        world.wifctl("plan", "--out", "plan.json"),
        world.wifctl("show", "plan.json"),
        world.wifctl("apply", "plan.json"),
        world.wifctl("apply", "--auto-approve"),
        world.wifctl("drift"),
        world.wifctl("render", "--out", "rendered"),
        world.wifctl("get", "Secret/acme-ci/token"),
        world.wifctl("destroy", "--auto-approve", "--allow-secret-destroy"),
    ]
    assert [run.code for run in runs[:8]] == [0] * 8, [run.err for run in runs if run.code]
    assert_no_trace(*(run.out + run.err for run in runs), *written_by(world))
    assert_no_trace(*map(str, world.calls()))


@pytest.mark.parametrize("fault", ["500", "409", "412", "reset"])
def test_no_error_holds_a_payload(world: World, fault: str) -> None:
    world.environment |= {"PAYLOAD": PLANTED, "WIFCTL_LOG": "debug"}
    world.write(*PIPELINE)
    method = "secretmanager.projects.secrets.addVersion"
    world.rest.switch(faults=[{"fault": fault, "method": method, "times": 0}])
    ran = world.wifctl("apply", "--auto-approve", "--no-color")
    assert ran.code == 1
    assert_no_trace(ran.out, ran.err, *written_by(world), *map(str, world.calls()))


def test_no_process_list_or_report_holds_a_payload(world: World) -> None:
    world.environment |= {"PAYLOAD": PLANTED, "TMPDIR": str(world.folder)}
    world.write(*PIPELINE)
    world.rest.switch(latency={"*": 100})
    running = world.process("apply", "--auto-approve", "--log-level", "debug")
    seen = set()
    while running.poll() is None:
        seen.add(Path(f"/proc/{running.pid}/cmdline").read_bytes().decode())
        seen.add(children_of(running.pid))
    out, err = running.communicate()
    assert running.returncode == 0, err
    assert_no_trace(out, err, *seen, *written_by(world))


def children_of(pid: int) -> str:
    """Command lines of the processes a process started."""
    listed = subprocess.run(
        ["ps", "-o", "args=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout


def test_a_payload_comes_from_a_file_beside_the_settings_byte_for_byte(world: World) -> None:
    raw = b"\x00\xff" + PLANTED.encode() + b"\r\n"
    (world.folder / "token.bin").write_bytes(raw)
    world.write(
        secret("token", {"file": "token.bin"}), secret("trimmed", {"file": "token.bin"}, trim=True)
    )
    ran = world.apply()
    assert payload(world, "token") == raw
    assert "ends with a newline" in ran.err
    assert_no_trace(ran.out, ran.err, *written_by(world, "token.bin"))


def test_a_payload_comes_from_standard_input(world: World) -> None:
    world.write(secret("token", {"stdin": True}))
    running = world.process("apply", "--auto-approve", stdin=subprocess.PIPE)
    out, err = running.communicate(PLANTED)
    assert running.returncode == 0, err
    assert payload(world, "token") == PLANTED.encode()
    assert_no_trace(out, err, *written_by(world))


@pytest.mark.parametrize(
    ("source", "variable"),
    [({"env": "MISSING"}, None), ({"file": "missing.txt"}, None), ({"env": "EMPTY"}, "")],
)
def test_a_payload_that_is_not_there_stops_before_the_first_write(
    world: World, source: dict[str, str], variable: str | None
) -> None:
    if variable is not None:
        world.environment["EMPTY"] = variable
    world.write(*PIPELINE[1:4], secret("token", source))
    ran = world.wifctl("apply", "--auto-approve")
    assert ran.code == 1
    assert world.writes() == []


def test_a_payload_over_64_kib_stops_before_the_first_write(world: World) -> None:
    world.environment["PAYLOAD"] = "x" * 65537
    world.write(*PIPELINE)
    ran = world.wifctl("apply", "--auto-approve")
    assert ran.code == 1
    assert "65536" in ran.err or "64 KiB" in ran.err
    assert world.writes() == []
    world.environment["PAYLOAD"] = "x" * 65536
    world.apply()
    world.assert_settled()


def test_without_its_source_a_changed_payload_is_decided_at_apply(world: World) -> None:
    world.environment["PAYLOAD"] = PLANTED
    world.write(secret("token", {"env": "PAYLOAD"}, when="changed"))
    world.apply()
    del world.environment["PAYLOAD"]
    ran = world.wifctl("plan", "--detailed-exitcode", "--out", "plan.json")
    assert ran.code == 0
    assert "? SecretVersion/acme-ci/token  version if different" in ran.out
    (step,) = steps(world.plan())
    assert step["undecided"]
    world.environment["PAYLOAD"] = "another"
    again = world.wifctl("apply", "plan.json").ok()
    assert payload(world, "token", 2) == b"another"
    assert_no_trace(ran.out, ran.err, again.out, again.err, *written_by(world))


def test_the_repository_follows_a_payload_that_changed(world: World) -> None:
    world.environment["PAYLOAD"] = PLANTED
    changed = secret("token", {"env": "PAYLOAD"}, when="changed")
    world.write(changed, PIPELINE[5])
    world.apply()
    world.environment["PAYLOAD"] = "rotated"
    text = world.plan_text()
    assert "versions/(known after apply)" in text
    world.apply()
    found = world.rest.get("/v1/projects/acme-ci/locations/europe-west1/repositories/pypi").body
    pair = found["remoteRepositoryConfig"]["upstreamCredentials"]["usernamePasswordCredentials"]
    assert pair["passwordSecretVersion"].endswith("/secrets/token/versions/2")
    world.assert_settled()
