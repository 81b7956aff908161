"""A terminal for tests: a command on a pseudo terminal, read and answered like a person would."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENTRY = (sys.executable, "-c", "from wifctl.cli.main import entry; entry()")
SECONDS = 60.0


class Terminal:
    """One command and the person in front of it."""

    def __init__(self, process: subprocess.Popen[bytes], handle: int) -> None:
        self._process = process
        self._handle = handle
        self.shown = ""

    def wait_for(self, text: str) -> None:
        """Read until a text has appeared."""
        end = time.monotonic() + SECONDS
        while text not in self.plain:
            assert time.monotonic() < end, f"{text!r} never came:\n{self.plain}"
            if not self._read():
                raise AssertionError(f"ended without {text!r}:\n{self.plain}")

    def type(self, text: str) -> None:
        """Press keys; Ctrl-D is `\\x04`."""
        os.write(self._handle, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def ended(self) -> int:
        """The exit code, once everything was read."""
        while self._read():
            pass
        return self._process.wait(SECONDS)

    @property
    def plain(self) -> str:
        """What was shown, without colours and cursor movements."""
        return re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", self.shown).replace("\r\n", "\n")

    def _read(self) -> bool:
        ready, _, _ = select.select([self._handle], [], [], SECONDS)
        try:
            data = os.read(self._handle, 65536) if ready else b""
        except OSError:  # Linux says so when the other side is closed
            return False
        self.shown += data.decode("utf-8", "replace")
        return bool(data)


@contextmanager
def terminal(folder: Path, *arguments: str, **environment: str) -> Iterator[Terminal]:
    """A command with a terminal for all three streams."""
    ours, theirs = pty.openpty()
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("WIFCTL", "NO_COLOR", "CI"))}
    process = subprocess.Popen(
        [*ENTRY, *arguments],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**clean, "TERM": "xterm-256color", "COLUMNS": "100", **environment},
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(ours)
