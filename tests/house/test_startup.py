"""What a command loads before it needs it: nothing heavy."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.house.code import ROOT

HEAVY = (
    "cryptography",
    "google.api_core",
    "google.auth",
    "google.cloud",
    "grpc",
    "jinja2",
    "jwt",
    "lxml",
    "requests",
    "rich",
    "signxml",
    "uvicorn",
)
PROGRAM = """
import sys
from wifctl.cli.program import run
code = run(sys.argv[1:], {})
print("\\n".join(sorted(sys.modules)), file=sys.stderr)
sys.exit(code)
"""


def loaded(*arguments: str) -> set[str]:
    """The modules in memory when a command has ended well."""
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("WIFCTL")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-2000:] + ended.stdout
    return set(ended.stderr.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("plan", "--help"),
        ("version",),
        ("schema", "Secret"),
        ("validate", "manifests/github-actions"),
    ],
    ids=" ".join,
)
def test_a_command_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    modules = loaded(*arguments)
    assert not [name for name in modules if name.startswith(HEAVY)]


def test_help_loads_no_command() -> None:
    commands = {name for name in loaded("--help") if name.startswith("wifctl.")}
    assert not commands & {"wifctl.cli.plan", "wifctl.cli.apply", "wifctl.resource", "wifctl.api"}


def test_validate_imports_only_the_kinds_that_are_named() -> None:
    modules = loaded("validate", "manifests/github-actions")
    assert "wifctl.kinds.pool" in modules
    assert "wifctl.kinds.repository" not in modules
