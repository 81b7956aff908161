"""Programs run without a shell, alone and in time."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from wifctl.credentials.commands import SystemCommands
from wifctl.credentials.failures import TokenUnavailableError

RUN = SystemCommands().run


def python(code: str, **environment: str) -> tuple[list[str], dict[str, str]]:
    return [sys.executable, "-c", code], environment


def test_a_program_gets_its_environment_and_nothing_else() -> None:
    words, environment = python("import os; print(os.environ['A'], 'HOME' in os.environ)", A="b")
    result = RUN(words, environment, 20)
    assert (result.status, result.output) == (0, b"b False\n")


def test_no_shell_reads_the_words() -> None:
    words, _ = python("import sys; print(sys.argv[1])")
    assert RUN([*words, "$(id); `id`"], {}, 20).output == b"$(id); `id`\n"


def test_status_is_kept_and_stderr_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    words, environment = python("import sys; print('planted', file=sys.stderr); sys.exit(3)")
    assert RUN(words, environment, 20).status == 3
    assert capfd.readouterr().err == ""


def test_a_program_gets_no_input() -> None:
    words, environment = python("import sys; print(repr(sys.stdin.read()))")
    assert RUN(words, environment, 20).output == b"''\n"


def test_a_late_program_is_ended_with_all_it_started(tmp_path: Path) -> None:
    code = f"""
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
open({str(tmp_path / "pid")!r}, 'w').write(str(child.pid))
time.sleep(60)
"""
    begun = time.monotonic()
    assert RUN(*python(code), 2).status is None
    assert time.monotonic() - begun < 20
    pid = int((tmp_path / "pid").read_text())
    for _ in range(100):
        if not _alive(pid):
            return
        time.sleep(0.05)
    pytest.fail("the child lives on")


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.parametrize("words", [["/nowhere/planted"], ["a\0b"]])
def test_a_program_that_is_not_there_is_said(words: list[str]) -> None:
    with pytest.raises(TokenUnavailableError, match="cannot run the command"):
        RUN(words, {}, 1)
