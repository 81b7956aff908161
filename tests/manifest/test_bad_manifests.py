"""Every bad manifest is refused with positions and fixes, and never with a traceback."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.support.bad_cases import BadCase, cases, text_of
from wifctl.diagnostics import Severity

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_bad_manifest_gives_the_findings_beside_it(case: BadCase) -> None:
    found = text_of(case.load().diagnostics)
    if os.environ.get("WIFCTL_UPDATE"):
        case.wanted.write_text(found)
    assert found == case.wanted.read_text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_finding_has_a_position_and_says_what_to_do(case: BadCase) -> None:
    diagnostics = case.load().diagnostics
    assert diagnostics
    for found in diagnostics:
        assert found.position is not None, found
        assert found.fix or found.severity is Severity.NOTE, found


def test_there_are_enough_cases_of_every_class() -> None:
    classes = Counter(case.name.partition("/")[0] for case in CASES)
    assert len(CASES) >= 90
    assert min(classes.values()) >= 3, classes
