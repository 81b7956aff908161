"""`wifctl token`: every source runs to a token, and no secret is ever shown."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.credentials.certificates import self_signed
from tests.credentials.cloud import (
    ACCOUNT,
    ADFS_SECRET,
    AWS_SECRET,
    EXTERNAL,
    FEDERATED,
    GITHUB_SECRET,
    PLANTED,
    Cloud,
    cloud,
)
from tests.credentials.fakes import jwt
from tests.gcp.loopback import Answer, Asked, serving
from wifctl.cli.program import run

PROVIDER = "projects/123456789012/locations/global/workloadIdentityPools/acme/providers/github"
DEPLOYER = "deployer@acme-ci.iam.gserviceaccount.com"


@pytest.fixture
def around(caplog: pytest.LogCaptureFixture) -> Iterator[Cloud]:
    caplog.set_level(logging.DEBUG)
    with cloud() as found:
        yield found


def sources(folder: Path, url: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Flags and environment of every kind of source."""
    (folder / "token").write_text(f"{EXTERNAL}\n")
    (folder / "token.json").write_text(json.dumps({"t": EXTERNAL}))
    (folder / "plain.py").write_text(f"print({EXTERNAL!r})")
    answer = {"version": 1, "success": True, "id_token": EXTERNAL}
    answer["token_type"] = "urn:ietf:params:oauth:token-type:jwt"
    (folder / "answer.py").write_text(f"print({json.dumps(answer)!r})")
    pair = self_signed(folder, "leaf")
    adfs = f"--adfs {url}/adfs/oauth2/token/ --adfs-client c --adfs-resource r"
    (folder / "adfs").write_text(ADFS_SECRET)
    github = {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{url}/github",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": GITHUB_SECRET,
    }
    keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": AWS_SECRET}
    return {
        "file": (f"--file {folder}/token", {}),
        "json file": (f"--file {folder}/token.json --json-field t", {}),
        "url": (f"--url {url}/token --header a=b --header-env c=D", {"D": ADFS_SECRET}),
        "variable": ("--env GOOGLE_ID_TOKEN", {"GOOGLE_ID_TOKEN": EXTERNAL}),
        "program": (f"--command {sys.executable}|{folder}/answer.py", {}),
        "plain program": (f"--plain --command {sys.executable}|{folder}/plain.py", {}),
        "github": ("--github", github),
        "azure": (f"--azure --app-id-uri api://acme --metadata-url {url}", {}),
        "aws keys": ("--aws", {**keys, "AWS_REGION": "eu-west-1"}),
        "aws metadata": (f"--aws --metadata-url {url}", {}),
        "aws metadata v1": (f"--aws --imdsv1 --metadata-url {url}/", {}),
        "adfs secret": (f"{adfs} --adfs-secret-env S", {"S": ADFS_SECRET}),
        "adfs secret file": (f"{adfs} --adfs-secret-file {folder}/adfs", {}),
        "certificate": (f"--certificate {pair.certificate_path} --key {pair.key_path}", {}),
    }


NAMES = (
    "file",
    "json file",
    "url",
    "variable",
    "program",
    "plain program",
    "github",
    "azure",
    "aws keys",
    "aws metadata",
    "aws metadata v1",
    "adfs secret",
    "adfs secret file",
    "certificate",
)


def exchange(url: str, flags: str, environment: dict[str, str], *more: str) -> int:
    words = [word.replace("|", " ") for word in flags.split()]
    return run(["--endpoint", url, "token", "exchange", PROVIDER, *words, *more], environment)


def shown(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> tuple[str, str]:
    """What went to stdout, and all else that somebody may read."""
    found = capsys.readouterr()
    return found.out, found.err + caplog.text


@pytest.mark.parametrize("name", NAMES)
def test_every_source_runs_to_a_token(
    name: str,
    around: Cloud,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    flags, environment = sources(tmp_path, around.url)[name]
    assert exchange(around.url, flags, environment) == 0
    out, rest = shown(capsys, caplog)
    assert out == f"{FEDERATED}\n"
    assert [secret for secret in PLANTED if secret in rest] == []
    (form,) = around.subjects
    if name.startswith("aws"):
        assert "sts.eu-west-1.amazonaws.com" in unquote(form["subject_token"])
        assert AWS_SECRET not in unquote(form["subject_token"])
    elif name != "certificate":
        assert form["subject_token"] == EXTERNAL


@pytest.mark.parametrize("name", NAMES)
def test_a_refusal_shows_googles_words_and_no_secret(
    name: str,
    around: Cloud,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    around.refuses = True
    flags, environment = sources(tmp_path, around.url)[name]
    assert exchange(around.url, flags, environment) == 1
    out, rest = shown(capsys, caplog)
    assert out == ""
    assert "invalid_grant: The token" in rest
    assert [secret for secret in PLANTED if secret in rest] == []
    assert around.subjects[0]["subject_token"] not in rest


def test_an_account_is_impersonated_with_delegates_scopes_and_lifetime(
    around: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--service-account", DEPLOYER, "--delegate", "first@example.com"]
    more += ["--scope", "a", "--scope", "b", "--lifetime", "30m", "--output", "json"]
    assert exchange(around.url, "--env T", {"T": EXTERNAL}, *more) == 0
    assert json.loads(capsys.readouterr().out) == {
        "access_token": ACCOUNT,
        "token_type": "Bearer",
        "expires_at": "2035-01-01T00:00:00Z",
        "service_account": DEPLOYER,
    }
    asked = around.server.asked[-1]
    assert json.loads(asked.body) == {
        "delegates": ["projects/-/serviceAccounts/first@example.com"],
        "scope": ["a", "b"],
        "lifetime": "1800s",
    }
    assert around.subjects[0]["scope"] == "https://www.googleapis.com/auth/iam"


def test_export_lines_can_be_evaluated(around: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    assert exchange(around.url, "--env T", {"T": EXTERNAL}, "--output", "env") == 0
    assert capsys.readouterr().out.splitlines() == [
        f"export GOOGLE_OAUTH_ACCESS_TOKEN={FEDERATED}",
        f"export CLOUDSDK_AUTH_ACCESS_TOKEN={FEDERATED}",
    ]


def test_a_credential_configuration_names_everything(
    around: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "token").write_text(EXTERNAL)
    file = str(tmp_path / "out.json")
    words = ["cred-config", PROVIDER, f"--credential-source-file={tmp_path}/token"]
    assert run([*words, f"--service-account={DEPLOYER}", f"--output-file={file}"], {}) == 0
    words = ["--endpoint", around.url, "token", "exchange", "--cred-file", file]
    assert run(words, {}) == 0
    assert capsys.readouterr().out == f"{ACCOUNT}\n"


def test_windows_authentication_reaches_adfs(
    around: Cloud,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from tests.gcp.test_metadata import NtlmDoor

    (tmp_path / "users").write_text(f"ACME:builder:{ADFS_SECRET}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(tmp_path / "users"))
    door = NtlmDoor()

    def adfs(asked: Asked) -> Answer:
        answer = door.respond(asked)
        return (
            Answer(body=json.dumps({"access_token": EXTERNAL}).encode()) if answer.body else answer
        )

    with serving(adfs) as server:
        flags = f"--adfs {server.url}/adfs/oauth2/token/ --adfs-client c --adfs-resource r"
        login = " --adfs-windows --adfs-user ACME\\builder --adfs-password-env PASSWORD"
        assert exchange(around.url, flags + login, {"PASSWORD": ADFS_SECRET}) == 0
    assert capsys.readouterr().out == f"{FEDERATED}\n"
    assert door.users == ["ACME\\builder"]
    assert around.subjects[0]["subject_token"] == EXTERNAL


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
"""


def test_a_refusal_is_explained_from_the_manifests(
    around: Cloud,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "all.yaml").write_text(MANIFEST)
    (tmp_path / "wifctl.yaml").write_text("project: acme-ci\nprojects: {acme-ci: 123456789012}\n")
    around.refuses = True
    token = jwt({"iss": "https://gitlab.com", "sub": "x", "aud": "y", "iat": 1, "exp": 2})
    words = ["--endpoint", around.url, "token", "exchange", "github", "--env", "T"]
    assert run(words, {"T": token}) == 1
    err = capsys.readouterr().err
    assert "https://gitlab.com" in err
    assert "manifests/all.yaml:6" in err
    assert "invalid_grant" in err
    assert token not in err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ([PROVIDER], "where the token comes from"),
        ([PROVIDER, "--github", "--aws"], "one source"),
        (["--github"], "which PROVIDER"),
        (["--cred-file", "x", "--github"], "names the source itself"),
        ([PROVIDER, "--env", "T", "--lifetime", "1s"], "too short"),
        ([PROVIDER, "--adfs", "https://x"], "--adfs-client"),
        ([PROVIDER, "--adfs", "https://x", "--adfs-client", "c", "--adfs-resource", "r"], "one of"),
        ([PROVIDER, "--url", "https://x", "--header", "a"], "NAME=VALUE"),
        (["nobody", "--github"], "WorkloadIdentityPoolProvider 'nobody' is not in the manifests"),
    ],
)
def test_what_cannot_work_is_refused_before_any_request(
    words: list[str], complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "all.yaml").write_text(MANIFEST)
    (tmp_path / "wifctl.yaml").write_text("project: acme-ci\n")
    assert run(["--chdir", str(tmp_path), "token", "exchange", *words], {"T": "x"}) == 1
    assert complaint in capsys.readouterr().err


def test_an_endpoint_elsewhere_gets_no_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert exchange("https://sts.example.com", "--env T", {"T": EXTERNAL}) == 1
    assert "is not on this machine" in capsys.readouterr().err


def test_inspect_shows_claims_and_times_and_no_signature(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    token = jwt({"sub": "a\x1b[31m", "exp": 1_800_000_000})
    assert run(["token", "inspect", "--env", "T"], {"T": token}) == 0
    out = capsys.readouterr().out
    assert "2027-01-15T08:00:00Z" in out
    assert "\x1b" not in out
    assert token.rpartition(".")[2] not in out
    (tmp_path / "t").write_text(token)
    assert run(["token", "inspect", "--file", str(tmp_path / "t"), "--format", "json"], {}) == 0
    assert json.loads(capsys.readouterr().out)["claims"]["exp"] == 1_800_000_000


def test_inspect_does_not_repeat_what_is_no_token(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["token", "inspect", "--env", "T"], {"T": "planted.planted.planted"}) == 1
    assert "planted" not in capsys.readouterr().err


def test_help_never_carries_a_secret_option(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["token", "exchange", "--help"], {}) == 0
    options = {word for word in capsys.readouterr().out.split() if word.startswith("--")}
    assert not options & {"--secret", "--password", "--adfs-secret", "--adfs-password", "--token"}
