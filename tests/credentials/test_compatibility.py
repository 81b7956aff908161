"""The guide's least versions, against what is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from wifctl.credentials.compatibility import REQUIREMENTS, Fitness, compare

OAUTH2 = "golang.org/x/oauth2"


@pytest.mark.parametrize(
    ("package", "installed", "fitness"),
    [
        ("google-auth", "1.27.0", Fitness.FITS),
        ("google-auth", "1.26.9", Fitness.TOO_OLD),
        ("google-auth", "2.0", Fitness.FITS),
        ("google-auth", "1.27.0rc1", Fitness.TOO_OLD),
        ("google-auth", "1.27.0.post1", Fitness.FITS),
        ("google-auth", "10.1.0", Fitness.FITS),
        ("google-auth", "", Fitness.ABSENT),
        ("google-auth", "unknown", Fitness.UNREADABLE),
        ("google-auth", "1.27.0 or so", Fitness.UNREADABLE),
        ("google-auth-library", "v7.0.2", Fitness.FITS),
        ("google-auth-library", "7.0.2-beta.1", Fitness.TOO_OLD),
        (OAUTH2, "v0.0.0-20210218202405-ba52d332ba99", Fitness.FITS),
        (OAUTH2, "v0.0.0-20210218202404-ba52d332ba99", Fitness.TOO_OLD),
        (OAUTH2, "v0.0.0-20220309155454-6242fa91716a", Fitness.FITS),
        (OAUTH2, "v0.30.0", Fitness.FITS),
        ("hashicorp/google", "3.60.99", Fitness.TOO_OLD),
    ],
)
def test_installed_versions_are_judged(package: str, installed: str, fitness: Fitness) -> None:
    (found,) = [
        each for each in compare({package: installed}) if each.requirement.package == package
    ]
    assert found.fitness is fitness


def test_one_sdk_may_fit_one_tool_and_not_another() -> None:
    found = {c.requirement.name: c.fitness for c in compare({"Google Cloud SDK": "380.0.0"})}
    assert found["gcloud"] is found["gsutil"] is Fitness.FITS
    assert found["bq"] is Fitness.TOO_OLD


def test_every_tool_of_the_guide_is_listed_once() -> None:
    assert [each.least for each in REQUIREMENTS] == [
        "1.36.0",
        "0.0.0-20210218202405-ba52d332ba99",
        "0.24.0",
        "7.0.2",
        "1.27.0",
        "363.0.0",
        "390.0.0",
        "379.0.0",
        "3.61.0",
    ]
    assert all(c.fitness is Fitness.ABSENT for c in compare({}))


def test_the_documented_table_is_this_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "credentials.md").read_text()
    for each in REQUIREMENTS:
        assert f"| {each.name} | {each.package} {each.least} |" in page
        assert not each.shown_by or f"| `{each.shown_by}` |" in page
