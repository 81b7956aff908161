"""The budgets of commands: start-up, loading, the local target."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.bench.figures import Figure, median_seconds, timed_run
from tools.bench.manifests import write


def startup() -> Iterator[Figure]:
    """Small commands, which start-up dominates."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), 10)
        yield Figure("wifctl --help", median_seconds(["--help"], folder) * 1000, "ms", 60)
        ten = median_seconds(["validate"], folder) * 1000
        yield Figure("wifctl validate, 10 documents", ten, "ms", 150)


def loading() -> Iterator[Figure]:
    """Ten thousand documents."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), 10_000)
        seconds, memory = timed_run(["validate"], folder)
        yield Figure("wifctl validate, 10,000 documents", seconds, "s", 1.5)
        yield Figure("its memory", memory, "MB", 200)


def local() -> Iterator[Figure]:
    """Five thousand resources on the local target: objects, and as many policies."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), 2_500)
        plan, _ = timed_run(["plan", "--local", "--out", "plan.json"], folder)
        yield Figure("plan of 5,000 resources", plan, "s", 5)
        apply, _ = timed_run(["apply", "--local", "--auto-approve"], folder)
        yield Figure("apply of 5,000 resources", apply, "s", 30)
        again, memory = timed_run(["plan", "--local", "--detailed-exitcode"], folder)
        yield Figure("plan of 5,000 resources, no changes", again, "s", 5)
        yield Figure("memory of the largest, emulator included", memory, "MB", 300)
