"""The command line as a whole: help, typos, exit codes, bugs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Runner
from wifctl.cli.failures import report
from wifctl.cli.screen import Screen
from wifctl.cli.table import COMMANDS
from wifctl.diagnostics import Diagnostic, WifctlError

ENTRY = (sys.executable, "-c", "from wifctl.cli.main import entry; entry()")
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("WIFCTL")}


def test_help_lists_every_command_with_a_sentence(wifctl: Runner) -> None:
    ran = wifctl("--help")
    assert ran.code == 0
    assert not ran.err
    for name, entry in COMMANDS.items():
        assert re.search(rf"^  {name} +{re.escape(entry.help)}$", ran.out, re.MULTILINE)


def test_no_command_shows_help_on_stderr_and_fails(wifctl: Runner) -> None:
    ran = wifctl()
    assert (ran.code, ran.out) == (1, "")
    assert "Usage: wifctl" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plam"], "There is no command 'plam'. Did you mean 'plan'?"),
        (["zzz"], "There is no command 'zzz'."),
        (["plan", "--otu"], "No such option '--otu'."),
        (["plan", "--format", "xml"], "'xml' is not one of"),
        (["--local", "--endpoint", "http://127.0.0.1:1", "version"], "exclude each other"),
        (["--parallelism", "0", "version"], "0 is not in the range"),
        (["show"], "Missing argument 'PLAN'"),
        (["plan", "-o", "x"], "No such option '-o'"),
        (["--", "-x"], "There is no command '-x'."),
    ],
)
def test_bad_usage_exits_1_and_says_what_to_do(
    wifctl: Runner, arguments: list[str], said: str
) -> None:
    ran = wifctl(*arguments)
    assert (ran.code, ran.out) == (1, "")
    assert said in ran.err
    assert "--help'." in ran.err


def test_version_names_itself_and_its_libraries(wifctl: Runner) -> None:
    assert wifctl("--version").out.startswith("wifctl 0.")
    assert wifctl("-version").out == wifctl("--version").out
    found = wifctl("version", "-json").json
    assert {"wifctl", "python", "google-auth"} <= set(found)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_script_of_a_shell(wifctl: Runner, shell: str) -> None:
    ran = wifctl("completion", shell)
    assert ran.code == 0
    assert "_WIFCTL_COMPLETE" in ran.out


def test_completion_completes_commands_and_options() -> None:
    words = completed("wifctl pl", 1)
    assert "plan" in words
    assert "--detailed-exitcode" in completed("wifctl plan --det", 2)
    assert "reset" in completed("wifctl emulator re", 2)
    completed("wifctl nonsense p", 2)


def completed(words: str, current: int) -> set[str]:
    """What bash would offer."""
    environment = {
        **PLAIN,
        "_WIFCTL_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(current),
    }
    ended = subprocess.run(ENTRY, env=environment, capture_output=True, text=True, check=False)
    assert not ended.stderr
    return {line.partition(",")[2] for line in ended.stdout.splitlines()}


def test_a_bug_leaves_a_report_without_values(capsys: pytest.CaptureFixture[str]) -> None:
    secret = "hunter2"
    arguments = ["plan", "--set", f"password={secret}", f"--out={secret}", secret]
    try:
        raise RuntimeError(f"{secret} is the password")
    except RuntimeError as error:
        code = report(error, arguments, Screen(sys.stdout, sys.stderr))
    said = capsys.readouterr()
    file = Path(said.err.split()[-1])
    written = file.read_text(encoding="utf-8")
    file.unlink()
    assert code == 70
    assert "mistake in wifctl" in said.err
    assert "RuntimeError" in written
    assert "wifctl plan --set … --out …" in written
    assert secret not in said.err + said.out + written


def test_errors_of_tasks_that_ran_together_are_told_together(
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = [WifctlError(Diagnostic("moved", text)) for text in ("first", "second", "first")]
    group = ExceptionGroup("tasks", [known[0], ExceptionGroup("inner", known[1:])])
    code = report(group, [], Screen(sys.stdout, sys.stderr))
    said = capsys.readouterr().err
    assert code == 1
    assert (said.count("first"), said.count("second")) == (1, 1)


def test_a_closed_pipe_ends_quietly() -> None:
    command = f"{sys.executable} -c '{ENTRY[2]}' schema | head -c 1"
    ended = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        env=PLAIN,
        check=False,
    )
    assert (ended.stdout, ended.stderr) == ("{", "")


def test_the_folder_is_left_again(wifctl: Runner, tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    assert wifctl("-C", "inside", "version").code == 0
    assert Path.cwd() == tmp_path
    ran = wifctl("--chdir", "nowhere", "version")
    assert ran.code == 1
    assert "nowhere: No such file or directory" in ran.err


def test_output_survives_a_terminal_that_knows_ascii_only() -> None:
    environment = {**PLAIN, "PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    ended = subprocess.run(
        [*ENTRY, "--help"], env=environment, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
