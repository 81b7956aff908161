"""`wifctl emulator …` as a user meets it: its flags, its exports, its state."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Runner
from tests.house.code import ROOT
from tests.support.emulator import ACCOUNTS, POOLS, Rest
from wifctl.emulator.server import Doors, running
from wifctl.render.exports import READERS

SWITCHES = """
latency: {"secretmanager.*": 1}
faults: [{fault: "503", method: "iam.projects.serviceAccounts.*"}]
clock: 2026-01-31T12:00:00Z
"""


@contextmanager
def emulator_run(log: Path, *flags: str) -> Iterator[tuple[Doors, Rest]]:
    """The real program in a process of its own; its stderr goes to a file."""
    program = "from wifctl.cli.main import entry; entry()"
    command = [sys.executable, "-c", program, "emulator", "run", *flags]
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT) as it,
    ):
        assert it.stdout is not None
        told = json.loads(it.stdout.readline())
        assert told["pid"] == it.pid
        doors = Doors(told["rest"], told["grpc"])
        api = Rest(doors, "user:dev@example.com")
        try:
            yield doors, api
        finally:
            api.close()
            it.send_signal(signal.SIGINT)
            assert it.wait(10) == 0


def test_switches_flags_and_clock_hold_from_the_start(tmp_path: Path) -> None:
    (tmp_path / "switches.yaml").write_text(SWITCHES)
    flags = ["--switches", str(tmp_path / "switches.yaml"), "--quotas", "--latency", "iam.*=2"]
    with emulator_run(tmp_path / "log", *flags, "--log-requests") as (_, api):
        shown = api.get("/_wifctl/switches").body
        assert shown["latency"] == {"secretmanager.*": 1, "iam.*": 2.0}
        assert shown["quotas"]["workloadIdentity.write"] == 60
        assert api.get("/_wifctl/clock").body["now"].startswith("2026-01-31T12:0")
        assert [api.get(ACCOUNTS).status for _ in range(2)] == [503, 200]
        api.post(POOLS, {}, workloadIdentityPoolId="pool-1")
    said = (tmp_path / "log").read_text()
    assert "Switched on: faults, latency, quotas." in said
    assert "user:dev@example.com → iam.projects.serviceAccounts.list projects/acme-ci ←" in said
    assert "workloadIdentityPoolId=pool-1 ← OK" in said


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--clock", "yesterday"], "'yesterday' is no time such as"),
        (["--latency", "fast"], "'fast' is not [METHOD=]MILLISECONDS"),
        (["--project", "acme"], "is not ID=NUMBER"),
        (["--switches", "nowhere.yaml"], "nowhere.yaml cannot be read"),
        (["--switches", "list.yaml"], "list.yaml must be a mapping"),
        (["--switches", "unknown.yaml"], "unknown setting 'slow'"),
        (["--switches", "wrong.yaml"], "latency"),
    ],
)
def test_a_wrong_flag_is_said_in_words(
    wifctl: Runner, tmp_path: Path, flags: list[str], words: str
) -> None:
    (tmp_path / "list.yaml").write_text("[1]")
    (tmp_path / "unknown.yaml").write_text("slow: true")
    (tmp_path / "wrong.yaml").write_text("latency: 3")
    ran = wifctl("emulator", "run", *flags)
    assert (ran.code, ran.out) == (1, "")
    assert words in ran.err


def titles(text: str) -> list[str]:
    return [x for x in text.splitlines() if x.startswith("# ") and not x.startswith("#  ")]


def test_exports_can_be_narrowed_to_one_reader(wifctl: Runner) -> None:
    with running() as doors:
        where = {"WIFCTL_ENDPOINT": doors.rest_url}
        everything = wifctl("emulator", "env", environment=where).out
        for reader in READERS:
            ran = wifctl("emulator", "env", "--for", reader, "--project=acme-ci", environment=where)
            assert len(titles(ran.out)) == 1
            assert doors.rest_url in ran.out
        both = wifctl(
            "emulator", "env", "--for=go", "--for=terraform", "--format=json", environment=where
        ).json
    assert both["WIFCTL_GRPC"] == doors.grpc_target
    assert both["GOOGLE_RESOURCE_MANAGER_V3_CUSTOM_ENDPOINT"] == f"{doors.rest_url}/v3/"
    assert len(titles(everything)) == len(READERS)


def test_exports_are_lines_a_shell_takes(wifctl: Runner) -> None:
    with running() as doors:
        text = wifctl("emulator", "env", "--endpoint", doors.rest_url, "--project", "acme-ci").out
    script = f'{text}\necho "$WIFCTL_ENDPOINT $WIFCTL_GRPC $CLOUDSDK_CORE_PROJECT"'
    done = subprocess.run(["sh", "-eu", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [doors.rest_url, doors.grpc_target, "acme-ci"]


def test_a_state_travels_between_emulators_and_files(wifctl: Runner, tmp_path: Path) -> None:
    with running() as one:
        api = Rest(one)
        api.post(ACCOUNTS, {"accountId": "deployer"})
        made = api.get(ACCOUNTS).body
        exported = wifctl("emulator", "export", "--endpoint", one.rest_url).out
    (tmp_path / "state.yaml").write_text(exported)
    ran = wifctl("emulator", "import", "state.yaml")
    assert ran.code == 0
    assert ran.err.startswith(".wifctl/local.db now holds ")
    assert wifctl("emulator", "export").out == exported
    with running() as two:
        where = {"WIFCTL_ENDPOINT": two.rest_url}
        ran = wifctl("emulator", "import", "-", stdin=exported.encode(), environment=where)
        assert ran.code == 0
        assert Rest(two).get(ACCOUNTS).body == made


@pytest.mark.parametrize("text", ["[1]", "version: 9", "a: [", "version: 1\nobjects: [x]"])
def test_what_is_no_state_is_refused_and_changes_nothing(
    wifctl: Runner, tmp_path: Path, text: str
) -> None:
    (tmp_path / "bad.yaml").write_text(text)
    with running(tmp_path / "local.db") as doors:
        Rest(doors).post(ACCOUNTS, {"accountId": "deployer"})
        ran = wifctl("emulator", "import", "bad.yaml", "--endpoint", doors.rest_url)
        assert ran.code == 1
        assert "not-a-state" in ran.err
    assert wifctl("emulator", "import", "bad.yaml", "--state", "local.db").code == 1
    assert "deployer" in wifctl("emulator", "export", "--state", "local.db").out


def test_there_is_nothing_to_export_from_a_missing_file(wifctl: Runner, tmp_path: Path) -> None:
    ran = wifctl("emulator", "export", "--state", "nowhere.db")
    assert ran.code == 1
    assert "There is no nowhere.db" in ran.err
    assert not (tmp_path / "nowhere.db").exists()
