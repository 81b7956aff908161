"""A pytest plugin for `make check`: where gcloud is installed, its tests run or the run fails."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field

import pytest


@dataclass
class _Seen:
    skipped: list[str] = field(default_factory=list)
    ran: int = 0


_SEEN = _Seen()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count what ran and what was skipped; with workers this is heard by the controller."""
    if report.skipped:
        _SEEN.skipped.append(report.nodeid)
    elif report.when == "call":
        _SEEN.ran += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that left gcloud out although it is there."""
    is_worker = hasattr(session.config, "workerinput")
    if not is_worker and shutil.which("gcloud") and (_SEEN.skipped or not _SEEN.ran):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which way it was."""
    if not shutil.which("gcloud"):
        terminalreporter.write_line("gcloud is not installed: what needs it was skipped")
    elif _SEEN.skipped or not _SEEN.ran:
        what = ", ".join(_SEEN.skipped) or "everything"
        terminalreporter.write_line(f"gcloud is installed, and yet was skipped: {what}")
