"""Files of every kind are loaded by google-auth, and run to a token."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

import google.auth
import google.auth.transport.requests
import pytest
from google.auth.exceptions import GoogleAuthError

from tests.credentials.certificates import self_signed
from tests.credentials.cloud import ACCOUNT, EXTERNAL, FEDERATED, Cloud, cloud
from tests.credentials.cred_config_cases import recorded
from wifctl.credentials.configuration.files import credential_files, write_file
from wifctl.credentials.configuration.flags import Flags, resolve

PROVIDER = "projects/123456789012/locations/global/workloadIdentityPools/acme/providers/ci"
DEPLOYER = "deployer@acme-ci.iam.gserviceaccount.com"
ALLOW = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES"


@pytest.fixture
def around() -> Iterator[Cloud]:
    with cloud() as found:
        yield found


def load(path: Path) -> google.auth.credentials.Credentials:
    # Without scopes: with them the library looks a project up, far from loopback.
    credentials, _ = google.auth.load_credentials_from_file(str(path))  # type: ignore[no-untyped-call]
    return credentials.with_scopes(["https://www.googleapis.com/auth/cloud-platform"])


def token(path: Path) -> str:
    credentials = load(path)
    credentials.refresh(google.auth.transport.requests.Request())  # type: ignore[no-untyped-call]
    return str(credentials.token)


UNREADABLE = {"aws token type for a file", "certificate with empty second file"}
"""Nonsense gcloud writes and google-auth refuses; wifctl warns about both."""


def test_every_file_gcloud_writes_is_loaded(tmp_path: Path) -> None:
    broken = set()
    for name, outcome in recorded().items():
        text = outcome.files.get("out.json", "")
        if '"type": "external_account"' not in text:
            continue
        path = tmp_path / "out.json"
        path.write_text(text)
        try:
            google.auth.load_credentials_from_file(str(path))  # type: ignore[no-untyped-call]
        except GoogleAuthError:
            broken.add(name)
    assert broken == UNREADABLE


def put(folder: Path, url: str, **flags: str | bool) -> Path:
    """Write a file as ever, then point its addresses to loopback, as no flag can."""
    given: Mapping[str, str | bool] = {"audience": PROVIDER, "output_file": "out.json"}
    resolved = resolve(Flags(**{**given, **flags}))  # type: ignore[arg-type]
    for file in credential_files(resolved, folder):
        write_file(file, folder)
    path = folder / "out.json"
    text = path.read_text()
    for host in ("sts", "sts.mtls", "iamcredentials", "iamcredentials.mtls"):
        text = text.replace(f"https://{host}.googleapis.com", url)
    path.write_text(text.replace("http://169.254.169.254", url))
    return path


def kinds(folder: Path, url: str) -> dict[str, dict[str, str | bool]]:
    (folder / "token").write_text(EXTERNAL)
    (folder / "token.json").write_text(json.dumps({"t": EXTERNAL}))
    pair = self_signed(folder, "leaf")
    answer = {"version": 1, "success": True, "expiration_time": 2_000_000_000}
    saml = "urn:ietf:params:oauth:token-type:saml2"
    (folder / "saml.py").write_text(
        f"print({json.dumps(answer | {'token_type': saml, 'saml_response': EXTERNAL})!r})"
    )
    json_format: dict[str, str | bool] = {
        "credential_source_type": "json",
        "credential_source_field_name": "t",
    }
    return {
        "file": {"credential_source_file": str(folder / "token")},
        "json file": {"credential_source_file": str(folder / "token.json")} | json_format,
        "url": {"credential_source_url": f"{url}/token", "credential_source_headers": "a=b"},
        "azure": {"azure": True},
        "aws": {"aws": True},
        "aws v2": {"aws": True, "enable_imdsv2": True},
        "saml executable": {
            "executable_command": f"{sys.executable} {folder / 'saml.py'}",
            "subject_token_type": saml,
        },
        "x509": {
            "credential_cert_path": pair.certificate_path,
            "credential_cert_private_key_path": pair.key_path,
            "credential_cert_configuration_output_file": str(folder / "cert.json"),
        },
    }


KINDS = ("file", "json file", "url", "azure", "aws", "aws v2", "saml executable", "x509")


@pytest.mark.parametrize("account", ["", DEPLOYER])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_runs_to_a_token(
    kind: str, account: str, around: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ALLOW, "1")
    flags = kinds(tmp_path, around.url)[kind]
    path = put(tmp_path, around.url, **flags, **({"service_account": account} if account else {}))
    assert token(path) == (ACCOUNT if account else FEDERATED)
    (form,) = around.subjects
    assert form["audience"] == f"//iam.googleapis.com/{PROVIDER}"
    if kind.startswith("aws"):
        assert "sts.eu-west-1.amazonaws.com" in unquote(form["subject_token"])
    elif kind != "x509":
        assert form["subject_token"] == EXTERNAL
