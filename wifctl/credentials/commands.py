"""Running a token program: without a shell, with an environment of its own, for a limited time."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from wifctl.credentials.failures import unavailable
from wifctl.credentials.ports import CommandResult


@dataclass(frozen=True, slots=True)
class SystemCommands:
    """Programs of this machine. Their stderr is dropped: it may hold what nobody should log."""

    def run(
        self, words: Sequence[str], environment: Mapping[str, str], timeout_seconds: float
    ) -> CommandResult:
        """Run a program; out of time, it and all it started are ended."""
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own program, no shell
                list(words),
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else "it holds a zero byte"
            raise unavailable(f"cannot run the command: {said}") from None
        with process:
            try:
                output, _ = process.communicate(timeout=timeout_seconds)
            except subprocess.TimeoutExpired:
                _end(process)
                return CommandResult(None)
        return CommandResult(process.returncode, output)


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
