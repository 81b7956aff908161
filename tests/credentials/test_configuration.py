"""Credential configuration files are gcloud's, byte for byte."""

from __future__ import annotations

import os
import shutil
from dataclasses import fields
from pathlib import Path

import click
import pytest

from tests.credentials.cred_config_cases import (
    Case,
    Outcome,
    cases,
    files_in,
    recorded,
    run_all,
    run_gcloud,
)
from wifctl.cli.cred_config import command
from wifctl.cli.program import run
from wifctl.credentials.configuration.files import credential_files, write_file
from wifctl.credentials.configuration.flags import Flags, resolve
from wifctl.diagnostics import Diagnostic, Severity, WifctlError

RECORDED = recorded()


def wifctl(case: Case, folder: Path) -> Outcome:
    """What the whole command line makes of a case."""
    work, config = folder / "work", folder / "config"
    work.mkdir()
    words = ["--chdir", str(work), "cred-config", *case.arguments]
    status = run(words, {"CLOUDSDK_CONFIG": str(config)})
    return Outcome(status, files_in(work, config))


def said(case: Case) -> tuple[str, ...]:
    """What the flags alone give reason to say."""
    try:
        words = command.make_context("cred-config", case.arguments).params
        flags = Flags(**{each.name: words[each.name] for each in fields(Flags)})
        return spoken(resolve(flags).warnings)
    except click.UsageError:
        return ("usage",)
    except WifctlError as error:
        return spoken(error.diagnostics)


def spoken(findings: tuple[Diagnostic, ...]) -> tuple[str, ...]:
    return tuple(f"{d.code.removeprefix('cred-config-')} {d.path}".strip() for d in findings)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_files_are_those_gcloud_was_seen_to_write(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = wifctl(case, tmp_path)
    gcloud = RECORDED[case.name]
    assert dict(found.files) == dict(gcloud.files)
    assert found.status == (0 if gcloud.files else 1)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_what_gcloud_keeps_quiet_about_is_said(case: Case) -> None:
    assert said(case) == case.finds


def test_every_recorded_outcome_has_its_case() -> None:
    names = [case.name for case in cases()]
    assert sorted(names) == sorted(RECORDED)
    assert len(names) == len(set(names)) >= 130


@pytest.fixture
def gcloud() -> tuple[str, dict[str, str]]:
    """The real command, and an environment without settings of its own."""
    found = shutil.which("gcloud")
    if not found:
        pytest.skip("gcloud is not installed")
    foreign = ("CLOUDSDK", "GOOGLE", "PYTHON")
    return found, {k: v for k, v in os.environ.items() if not k.startswith(foreign)}


@pytest.mark.gcloud
def test_gcloud_still_does_what_was_recorded(gcloud: tuple[str, dict[str, str]]) -> None:
    assert run_all(*gcloud) == RECORDED


@pytest.mark.gcloud
@pytest.mark.parametrize("case", cases()[::40], ids=lambda case: case.name)
def test_the_command_itself_does_the_same(case: Case, gcloud: tuple[str, dict[str, str]]) -> None:
    command, environment = gcloud
    assert run_gcloud(command, case, environment) == RECORDED[case.name]


def test_all_refusals_come_at_once() -> None:
    flags = Flags(service_account_token_lifetime_seconds="1s", enable_imdsv2=True)
    with pytest.raises(WifctlError) as caught:
        resolve(flags)
    assert spoken(caught.value.diagnostics) == (
        "refused audience",
        "refused --output-file",
        "refused",
        "refused --service-account-token-lifetime-seconds",
        "refused --service-account-token-lifetime-seconds",
        "refused --enable-imdsv2",
    )
    assert all(d.severity is Severity.ERROR for d in caught.value.diagnostics)


def test_header_values_never_stand_in_a_finding() -> None:
    flags = Flags(
        audience="x",
        output_file="f",
        credential_source_url="https://tokens.example.com",
        credential_source_headers="Authorization=planted\n,planted",
    )
    with pytest.raises(WifctlError) as caught:
        resolve(flags)
    assert "planted" not in str(caught.value)


def test_a_file_with_headers_is_private_and_replaced_in_one_step(tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("before")
    (tmp_path / "out.json").chmod(0o644)
    write(tmp_path, credential_source_url="http://127.0.0.1/", credential_source_headers="a=b")
    assert mode(tmp_path / "out.json") == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_a_file_without_secrets_keeps_the_mode_it_has(tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("before")
    (tmp_path / "out.json").chmod(0o640)
    write(tmp_path, aws=True)
    assert mode(tmp_path / "out.json") == 0o640


def test_a_symbolic_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "out.json").symlink_to("real.json")
    write(tmp_path, aws=True)
    assert (tmp_path / "out.json").is_symlink()
    assert (tmp_path / "real.json").read_text().startswith("{")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WifctlError, match=r"cannot write file/out\.json"):
        write(tmp_path, aws=True, output_file="file/out.json")


def write(folder: Path, **flags: str | bool) -> None:
    given = {"audience": "x", "output_file": "out.json"} | flags
    for file in credential_files(resolve(Flags(**given)), folder):  # type: ignore[arg-type]
        write_file(file, folder)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777
