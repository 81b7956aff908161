"""`cred-config`, `workflow`, `client-config`, `doctor`: names from manifests, files where asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.emulator import emulator
from wifctl.cli.program import run

NUMBER = "123456789012"
PROVIDER = f"projects/{NUMBER}/locations/global/workloadIdentityPools/acme/providers/github"
MANIFEST = """\
apiVersion: wifctl/v1
kind: WorkloadIdentityPool
metadata: {name: acme}
spec: {}
---
apiVersion: wifctl/v1
kind: WorkloadIdentityPoolProvider
metadata: {name: github}
spec:
  pool: acme
  oidc: {issuerUri: https://token.actions.githubusercontent.com}
  attributeMapping: {google.subject: assertion.sub}
  attributeCondition: assertion.repository_owner_id == '1342004'
---
apiVersion: wifctl/v1
kind: ServiceAccount
metadata: {name: deployer}
spec: {}
---
apiVersion: wifctl/v1
kind: ArtifactRegistryRepository
metadata: {name: pypi}
spec: {location: europe-west1, format: PYTHON, mode: REMOTE_REPOSITORY, upstream: PYPI}
"""
EMAIL = "deployer@acme-ci.iam.gserviceaccount.com"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "all.yaml").write_text(MANIFEST)
    (tmp_path / "wifctl.yaml").write_text(f"project: acme-ci\nprojects: {{acme-ci: {NUMBER}}}\n")
    return tmp_path


# cred-config


@pytest.mark.parametrize(
    "reference",
    ["github", "acme-ci/github", PROVIDER, PROVIDER.replace(NUMBER, "acme-ci")],
)
def test_a_provider_may_be_named_as_in_manifests(reference: str, folder: Path) -> None:
    words = ["cred-config", "--provider", reference, "--aws", "--output-file=out.json"]
    assert run(words, {}) == 0
    found = json.loads((folder / "out.json").read_text())
    assert found["audience"] == f"//iam.googleapis.com/{PROVIDER}"


def test_the_number_of_a_project_is_asked_live_where_nobody_wrote_it(folder: Path) -> None:
    (folder / "wifctl.yaml").write_text("project: acme-ci\n")
    words = ["cred-config", "--provider", "github", "--aws", "--output-file=out.json"]
    with emulator(projects={"acme-ci": NUMBER}) as doors:
        assert run(["--endpoint", doors.rest_url, *words], {}) == 0
    assert PROVIDER in (folder / "out.json").read_text()


def test_two_names_for_one_provider_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cred-config", PROVIDER, "--provider", "github", "--aws"], {}) == 1
    assert "exclude each other" in capsys.readouterr().err


def test_an_unknown_provider_is_refused_with_those_there_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["cred-config", "--provider", "gitlab", "--aws", "--output-file=o"], {}) == 1
    assert "acme-ci/github" in capsys.readouterr().err
    assert not (folder / "o").exists()


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (["--universe-domain", "example.goog", "cred-config"], {}),
        (["cred-config", "--universe-domain=example.goog"], {}),
        (["cred-config"], {"CLOUDSDK_CORE_UNIVERSE_DOMAIN": "example.goog"}),
        (["cred-config"], {"GOOGLE_CLOUD_UNIVERSE_DOMAIN": "example.goog"}),
    ],
)
def test_the_universe_comes_from_flag_or_environment(
    words: list[str], environment: dict[str, str], folder: Path
) -> None:
    assert run([*words, PROVIDER, "--aws", "--output-file=out.json"], environment) == 0
    assert json.loads((folder / "out.json").read_text())["universe_domain"] == "example.goog"


def test_certificates_that_are_not_there_are_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--credential-cert-path=/c.pem", "--credential-cert-private-key-path=/k.pem"]
    environment = {"CLOUDSDK_CONFIG": str(folder / "gcloud")}
    assert run(["cred-config", PROVIDER, *words, "--output-file=out.json"], environment) == 0
    assert "there is no file /c.pem here" in capsys.readouterr().err
    assert (folder / "gcloud" / "certificate_config.json").exists()


# workflow


def test_a_workflow_goes_to_stdout_or_where_its_system_looks(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["workflow", "github-actions", "--provider", "github", "--service-account", "deployer"]
    assert run(words, {}) == 0
    text = capsys.readouterr().out
    assert PROVIDER in text
    assert EMAIL in text
    assert run([*words, "--out", "."], {}) == 0
    assert (folder / ".github" / "workflows" / "google-cloud.yml").read_text() == text


def test_options_and_commands_reach_the_template(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["workflow", "gitlab-ci", "--provider", "github", "--option", "image=alpine:3"]
    assert run([*words, "--setup", "true", "--run", "make deploy", "--branch", "release"], {}) == 0
    out = capsys.readouterr().out
    assert '"alpine:3"' in out
    assert "make deploy" in out
    assert 'CI_COMMIT_BRANCH == "release"' in out


@pytest.mark.parametrize(
    ("option", "complaint"), [("image", "not NAME=VALUE"), ("colour=red", "no option 'colour'")]
)
def test_an_option_the_system_does_not_know_is_refused(
    option: str, complaint: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["workflow", "gitlab-ci", "--provider", "github", "--option", option], {}) == 1
    assert complaint in capsys.readouterr().err


def test_own_templates_may_have_options_of_their_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "own").mkdir()
    (folder / "own" / "gitlab-ci.yml.j2").write_text("{{ colour }}")
    words = ["workflow", "gitlab-ci", "--provider", "github", "--templates", "own"]
    assert run([*words, "--option", "colour=red"], {}) == 0
    assert capsys.readouterr().out == "red\n"


# client-config


def test_a_repository_may_be_named_as_in_manifests(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["client-config", "pip", "--repository", "pypi"], {}) == 0
    found = capsys.readouterr()
    assert "europe-west1-python.pkg.dev/acme-ci/pypi/simple/" in found.out
    assert "keyring" in found.err


def test_a_token_comes_from_a_variable_and_its_file_is_private(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["client-config", "twine", "--repository", "pypi", "--token-env", "T", "--out", "o"]
    assert run(words, {"T": "planted-token"}) == 0
    assert (folder / "o" / ".pypirc").stat().st_mode & 0o777 == 0o600
    assert "password: planted-token" in (folder / "o" / ".pypirc").read_text()
    found = capsys.readouterr()
    assert "planted" not in found.out + found.err


def test_environment_lines_are_printed_where_a_client_takes_them(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["client-config", "uv", "--repository", "pypi", "--token-env", "T", "--out", "o"]
    assert run(words, {"T": "a token"}) == 0
    assert "export UV_INDEX_PYPI_PASSWORD='a token'" in capsys.readouterr().out.splitlines()


def test_gsutil_needs_only_the_credential_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["client-config", "gsutil", "--cred-file", "/etc/c.json"], {}) == 0
    assert "gs_external_account_file = /etc/c.json" in capsys.readouterr().out
    assert run(["client-config", "gsutil"], {}) == 1
    assert run(["client-config", "pip"], {}) == 1


# doctor


def tool(folder: Path, name: str, says: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\ncat <<'X'\n{says}\nX\n")
    path.chmod(0o700)


def test_doctor_judges_what_is_installed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tool(tmp_path, "gcloud", "Google Cloud SDK 380.0.0\nbq 2.0.74")
    selections = {"registry.terraform.io/hashicorp/google": "3.60.0"}
    tool(tmp_path, "terraform", json.dumps({"provider_selections": selections}))
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    assert run(["doctor", "--format", "json"], environment) == 2
    found = {each["name"]: each["fitness"] for each in json.loads(capsys.readouterr().out)}
    assert found["Python client libraries"] == found["gcloud"] == found["gsutil"] == "fits"
    assert found["bq"] == found["Terraform provider google"] == "too old"
    assert found["Go client libraries"] == "absent"


def test_doctor_is_content_with_nothing_but_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["doctor"], {"PATH": str(tmp_path)}) == 0
    assert "google-auth" in capsys.readouterr().out
