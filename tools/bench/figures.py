"""What a measurement says: a figure, its unit and its budget."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

ENTRY = (sys.executable, "-c", "from wifctl.cli.main import entry; entry()")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    what: str
    value: float
    unit: str
    budget: float
    more_is_better: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the budget holds."""
        if self.more_is_better:
            return self.value >= self.budget
        return self.value <= self.budget

    def __str__(self) -> str:
        bound = "at least" if self.more_is_better else "at most"
        mark = "" if self.is_met else "   MISSED"
        value = f"{self.value:>9.3f} {self.unit:<10}"
        return f"{self.what:<48}{value}{bound} {self.budget:g}{mark}"


def median_seconds(arguments: Sequence[str], folder: str, times: int = 11) -> float:
    """The median wall time of a command that ends well."""
    return statistics.median(_timed(arguments, folder) for _ in range(times))


def timed_run(arguments: Sequence[str], folder: str) -> tuple[float, float]:
    """Wall time, and the largest memory of any command so far, in MB."""
    seconds = _timed(arguments, folder)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return seconds, peak / 1024


def _timed(arguments: Sequence[str], folder: str) -> float:
    began = time.perf_counter()
    ended = subprocess.run(
        [*ENTRY, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - began
    if ended.returncode != 0:
        raise SystemExit(f"wifctl {' '.join(arguments)} failed:\n{ended.stderr[-2000:]}")
    return took
