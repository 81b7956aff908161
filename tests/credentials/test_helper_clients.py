"""google-auth and gcloud use `wifctl token helper` as their executable source."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.auth.exceptions import RefreshError

from tests.credentials.cloud import ACCOUNT as ACCOUNT_TOKEN
from tests.credentials.cloud import ADFS_SECRET, EXTERNAL, FEDERATED, PLANTED, Cloud, cloud
from tests.credentials.test_google_auth import ALLOW, DEPLOYER, put, token

ROOT = Path(__file__).parents[2]
ENTRY = f"#!{sys.executable}\nfrom wifctl.cli.main import entry\nentry()\n"


@pytest.fixture
def helper(tmp_path: Path) -> str:
    """The command as a configuration names it: gcloud splits it at blanks and knows no quotes."""
    script = tmp_path / "wifctl"
    script.write_text(ENTRY)
    script.chmod(0o700)
    return f"{script} token helper"


@pytest.fixture
def adfs(helper: str, around: Cloud) -> str:
    flags = "--adfs-client c --adfs-resource r --adfs-secret-env ADFS_SECRET"
    return f"{helper} --adfs {around.url}/adfs/oauth2/token/ {flags}"


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    monkeypatch.setenv(ALLOW, "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("ADFS_SECRET", ADFS_SECRET)
    with cloud() as found:
        yield found


def asked_adfs(around: Cloud) -> int:
    return sum(asked.path.startswith("/adfs") for asked in around.server.asked)


@pytest.mark.parametrize("account", ["", DEPLOYER])
def test_google_auth_gets_an_adfs_token(
    account: str, adfs: str, around: Cloud, tmp_path: Path
) -> None:
    impersonation = {"service_account": account} if account else {}
    path = put(tmp_path, around.url, executable_command=adfs, **impersonation)
    assert token(path) == (ACCOUNT_TOKEN if account else FEDERATED)
    assert around.subjects[0]["subject_token"] == EXTERNAL


def test_the_output_file_spares_the_source_until_the_token_ends(
    adfs: str, around: Cloud, tmp_path: Path
) -> None:
    cache = tmp_path / "cache.json"
    flags = {"executable_command": adfs, "executable_output_file": str(cache)}
    path = put(tmp_path, around.url, **flags)
    assert token(path) == token(path) == FEDERATED
    assert asked_adfs(around) == 1
    assert cache.stat().st_mode & 0o777 == 0o600
    kept = json.loads(cache.read_text())
    cache.write_text(json.dumps(kept | {"expiration_time": int(time.time()) - 1}))
    assert token(path) == FEDERATED
    assert asked_adfs(around) == 2


def test_an_assertion_is_handed_over(helper: str, around: Cloud, tmp_path: Path) -> None:
    (tmp_path / "assertion").write_text(EXTERNAL)
    saml = "urn:ietf:params:oauth:token-type:saml2"
    command = f"{helper} --file {tmp_path / 'assertion'}"
    path = put(tmp_path, around.url, executable_command=command, subject_token_type=saml)
    assert token(path) == FEDERATED
    assert around.subjects[0]["subject_token_type"] == saml


def test_google_auth_hears_why_there_is_no_token(
    adfs: str, around: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ADFS_SECRET")
    path = put(tmp_path, around.url, executable_command=adfs)
    with pytest.raises(RefreshError, match="the client secret is empty") as caught:
        token(path)
    assert '"success": false' in str(caught.value)


def test_nothing_but_json_is_printed_whatever_goes_wrong(helper: str, around: Cloud) -> None:
    for flags in ("", "--file /nowhere", "--file /a --url http://b", "--url http://example.com"):
        done = subprocess.run(
            shlex.split(f"{helper} {flags}"), capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert json.loads(done.stdout)["success"] is False
        assert done.stderr == ""


@pytest.mark.gcloud
def test_gcloud_logs_in_and_gets_tokens(adfs: str, around: Cloud, tmp_path: Path) -> None:
    gcloud = shutil.which("gcloud")
    if not gcloud:
        pytest.skip("gcloud is not installed")
    cache = tmp_path / "cache.json"
    flags = {
        "executable_command": adfs,
        "executable_output_file": str(cache),
        "service_account": DEPLOYER,
    }
    path = put(tmp_path, around.url, **flags)
    clean = {k: v for k, v in os.environ.items() if not k.startswith("CLOUDSDK")}
    environment = clean | {
        "CLOUDSDK_CONFIG": str(tmp_path / "gcloud"),
        "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "CLOUDSDK_CORE_DISABLE_FILE_LOGGING": "true",
        "CLOUDSDK_CORE_CHECK_GCE_METADATA": "false",
        "CLOUDSDK_CORE_PROJECT": "acme-ci",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [gcloud, "auth", *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    done = run("login", f"--cred-file={path}")
    assert done.returncode == 0, done.stderr
    printed = run("print-access-token")
    assert printed.stdout.strip() == ACCOUNT_TOKEN, printed.stderr
    assert asked_adfs(around) == 1
    cache.unlink()
    # Another configuration: this one keeps the account's token until it ends.
    environment |= {"ADFS_SECRET": "", "CLOUDSDK_CONFIG": str(tmp_path / "another")}
    run("login", f"--cred-file={path}")
    refused = run("print-access-token")
    assert refused.returncode != 0
    assert "the client secret is empty" in refused.stderr
    leaks = [each for each in PLANTED if each in refused.stderr + done.stderr + done.stdout]
    assert leaks == []
