"""Every planner case: the plan text, the calls of its apply, and that nothing is left then."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.plan_case import run_case

CASES = Path(__file__).parents[1] / "cases" / "plan"


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_a_case_plans_and_applies_as_its_files_say(name: str) -> None:
    folder = CASES / name
    outcome = run_case(folder)
    for file, text in (
        ("plan.txt", outcome.plan),
        ("calls.txt", outcome.calls),
        ("again.txt", outcome.again),
    ):
        path = folder / file
        if os.environ.get("WIFCTL_UPDATE"):
            path.unlink(missing_ok=True)
            if text:
                path.write_text(text)
        assert text == (path.read_text() if path.exists() else ""), file
