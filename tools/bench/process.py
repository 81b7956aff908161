"""Programs run and measured: wall time, processor time, memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WIFCTL = (sys.executable, "-c", "from wifctl.cli.main import entry; entry()")


@dataclass(frozen=True, slots=True)
class Run:
    """How one process went."""

    seconds: float
    cpu_seconds: float
    megabytes: float
    """Resident memory at its peak."""
    code: int
    out: str


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end; what it says on the way is kept out of ours."""
    start = time.perf_counter()
    # A file, not a pipe: nobody has to read while it runs.
    with (folder / ".bench-out").open("w+b") as out, (folder / ".bench-err").open("wb") as err:
        given = {**os.environ, **(environment or {})}
        child = subprocess.Popen(command, cwd=folder, stdout=out, stderr=err, env=given)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        out.seek(0)
        text = out.read().decode()
    cpu = usage.ru_utime + usage.ru_stime
    return Run(seconds, cpu, usage.ru_maxrss / 1024, child.returncode, text)


def wifctl(folder: Path, *arguments: str, code: int = 0, **environment: str) -> Run:
    """Run a wifctl command, as its script would. Raises RuntimeError for another exit code."""
    done = run([*WIFCTL, *arguments], folder, environment)
    if done.code != code:
        said = (folder / ".bench-err").read_text()[-2000:]
        raise RuntimeError(f"wifctl {' '.join(arguments)} ended with {done.code}:\n{said}")
    return done


def median(runs: Sequence[Run]) -> Run:
    """The run in the middle, by wall time."""
    return sorted(runs, key=lambda r: r.seconds)[len(runs) // 2]


def baseline(folder: Path, times: int = 15) -> float:
    """Median seconds of a Python that does nothing: what this machine makes of a start."""
    runs = [run([sys.executable, "-c", "pass"], folder) for _ in range(times)]
    return statistics.median(r.seconds for r in runs)
