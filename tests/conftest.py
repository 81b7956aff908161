"""Fixtures of all tests: the command line in this process, and golden files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.runner import Ran, run_wifctl

Runner = Callable[..., Ran]


@pytest.fixture
def wifctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Runs a command line in an empty folder: `wifctl("plan", "--local").code`."""
    monkeypatch.chdir(tmp_path)
    return run_wifctl


@pytest.fixture
def golden() -> Callable[[Path, str], None]:
    """Compares a text with a file; with WIFCTL_UPDATE set it writes the file instead."""

    def compare(path: Path, text: str) -> None:
        if os.environ.get("WIFCTL_UPDATE"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8"), f"{path.name} differs"

    return compare
