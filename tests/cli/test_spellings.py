"""Terraform's spellings, and what must stay as it is."""

from __future__ import annotations

import pytest

from wifctl.cli.spellings import normalised


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("-out=plan.json", "--out=plan.json"),
        ("-out plan.json", "--out plan.json"),
        ("-auto-approve", "--auto-approve"),
        ("-json", "--format=json"),
        ("--json", "--format=json"),
        ("-target=Secret/*", "--target=Secret/*"),
        ("-target x -target y", "--target x --target y"),
        ("-var a=b -var-file=v.yaml", "--set a=b --values=v.yaml"),
        ("-chdir=x plan", "--chdir=x plan"),
        ("-input=false", "--no-input"),
        ("-input=true", ""),
        ("-detailed-exitcode -no-color", "--detailed-exitcode --no-color"),
        ("-parallelism=3", "--parallelism=3"),
        ("plan -- -out", "plan -- -out"),
        ("-C x -", "-C x -"),
        ("-oplan.json", "-oplan.json"),
        ("-json=x", "-json=x"),
        ("-outer", "-outer"),
    ],
)
def test_a_spelling_is_understood(given: str, understood: str) -> None:
    assert normalised(given.split()) == understood.split()


def test_empty_arguments_stay() -> None:
    assert normalised(["--set", ""]) == ["--set", ""]
