"""What must not stand in any file of the project."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.house.code import ROOT

TEXT = {".py", ".md", ".yaml", ".yml", ".j2", ".toml", ".json", ".sh", ".txt", ""}
GENERATED = ("requirements.lock",)

# Written in pieces, so that this file does not find itself.
UNFINISHED = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error")))
EXCUSED = re.compile("pragma: no " + "cover")
MACHINE = re.compile(r"(?<![\w.:/-])/(?:work|farm|root|home/\w+|Users)/")
PATCHED = re.compile("mock" + r"\.patch|unittest\." + "mock")


@cache
def files() -> tuple[Path, ...]:
    """Every text file Git knows, or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = [ROOT / name for name in listed.stdout.splitlines() if name not in GENERATED]
    return tuple(path for path in found if path.suffix in TEXT and path.is_file())


@pytest.mark.parametrize(
    ("pattern", "what"),
    [(UNFINISHED, "unfinished"), (EXCUSED, "excused"), (MACHINE, "of one machine only")],
)
def test_nothing_is(pattern: re.Pattern[str], what: str) -> None:
    found = [place for path in files() for place in _places(path, pattern)]
    assert not found, f"{what}:\n" + "\n".join(found)


def test_no_test_patches_what_it_tests() -> None:
    tests = [path for path in files() if path.is_relative_to(ROOT / "tests")]
    found = [place for path in tests for place in _places(path, PATCHED)]
    assert not found, "\n".join(found)


def test_the_lock_names_no_index() -> None:
    assert not re.search(
        r"https?://|--find-links|--index", (ROOT / "requirements.lock").read_text()
    )


def _places(path: Path, pattern: re.Pattern[str]) -> list[str]:
    text = path.read_text(encoding="utf-8", errors="replace")
    lines = enumerate(text.splitlines(), 1)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for number, line in lines
        if pattern.search(line)
    ]
