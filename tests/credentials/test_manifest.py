"""A `CredentialConfiguration` document gives the file the flags would give."""

from __future__ import annotations

from pathlib import Path

import pytest

from wifctl.credentials.configuration.document import certificate_text, configuration_text
from wifctl.credentials.configuration.flags import Flags, Resolved, resolve
from wifctl.credentials.configuration.manifest import resolve_document
from wifctl.credentials.configuration.model import CertificateSource
from wifctl.diagnostics import WifctlError, failures
from wifctl.manifest.load import load
from wifctl.manifest.options import Loaded, LoadOptions

PROVIDER = "projects/123456789012/locations/global/workloadIdentityPools/github/providers/github-ci"
HEAD = """\
apiVersion: wifctl/v1
kind: WorkloadIdentityPool
metadata: {name: github}
spec: {}
---
apiVersion: wifctl/v1
kind: WorkloadIdentityPoolProvider
metadata: {name: github-ci}
spec:
  pool: github
  aws: {accountId: "123456789012"}
---
apiVersion: wifctl/v1
kind: ServiceAccount
metadata: {name: deployer}
spec: {}
---
apiVersion: wifctl/v1
kind: CredentialConfiguration
metadata: {name: build-server}
spec:
  provider: github-ci
"""
SETTINGS = "project: acme-ci\nprojects: {acme-ci: 123456789012}\n"


def loaded(folder: Path, spec: str, settings: str = SETTINGS) -> Loaded:
    (folder / "wifctl.yaml").write_text(settings)
    (folder / "all.yaml").write_text(f"{HEAD}  {spec}\n")
    found = load([folder / "all.yaml"], LoadOptions(folder=folder))
    assert failures(found.diagnostics) == ()
    return found


def resolved(folder: Path, spec: str, settings: str = SETTINGS) -> Resolved:
    found = loaded(folder, spec, settings)
    (document,) = [r for r in found.resources if r.address.kind == "CredentialConfiguration"]
    return resolve_document(document, found.settings.projects)


CASES: list[tuple[str, dict[str, str | bool]]] = [
    ("aws: {}", {"aws": True}),
    ("aws: {imdsv2: true}", {"aws": True, "enable_imdsv2": True}),
    ("azure: {}", {"azure": True}),
    ("azure: {appIdUri: api://acme}", {"azure": True, "app_id_uri": "api://acme"}),
    ("file: {path: /t}", {"credential_source_file": "/t"}),
    (
        "file: {path: /t, format: {type: text}}",
        {"credential_source_file": "/t", "credential_source_type": "text"},
    ),
    (
        """file: {path: /t, format: {type: json, fieldName: f}}
  subjectTokenType: urn:ietf:params:oauth:token-type:saml2""",
        {
            "credential_source_file": "/t",
            "credential_source_type": "json",
            "credential_source_field_name": "f",
            "subject_token_type": "urn:ietf:params:oauth:token-type:saml2",
        },
    ),
    (
        'url: {url: "https://tokens.example.com", headers: {b: c, a: "d,e"}}',
        {
            "credential_source_url": "https://tokens.example.com",
            "credential_source_headers": "^;^b=c;a=d,e",
        },
    ),
    (
        "executable: {command: /opt/x, timeoutMillis: 6000, outputFile: /c}",
        {
            "executable_command": "/opt/x",
            "executable_timeout_millis": "6000",
            "executable_output_file": "/c",
        },
    ),
    ("executable: {command: /opt/x}", {"executable_command": "/opt/x"}),
    (
        "x509: {certPath: /c, keyPath: /k, trustChainPath: /t, configPath: /f}",
        {
            "credential_cert_path": "/c",
            "credential_cert_private_key_path": "/k",
            "credential_cert_trust_chain_path": "/t",
            "credential_cert_configuration_output_file": "/f",
        },
    ),
    (
        "aws: {}\n  serviceAccount: deployer\n  tokenLifetimeSeconds: 900",
        {
            "aws": True,
            "service_account": "deployer@acme-ci.iam.gserviceaccount.com",
            "service_account_token_lifetime_seconds": "900",
        },
    ),
]


@pytest.mark.parametrize(("spec", "flags"), CASES)
def test_documents_and_flags_give_the_same_bytes(
    spec: str, flags: dict[str, str | bool], tmp_path: Path
) -> None:
    given: dict[str, str | bool] = {"audience": PROVIDER, "output_file": "build-server.json"}
    by_flags = resolve(Flags(**given, **flags))  # type: ignore[arg-type]
    by_document = resolved(tmp_path, spec)
    assert configuration_text(by_document.configuration) == configuration_text(
        by_flags.configuration
    )
    assert by_document.output_file == "build-server.json"
    source = by_document.configuration.source
    if isinstance(source, CertificateSource):
        assert isinstance(by_flags.configuration.source, CertificateSource)
        assert certificate_text(source) == certificate_text(by_flags.configuration.source)


def test_an_account_of_elsewhere_is_named_by_its_email(tmp_path: Path) -> None:
    email = "elsewhere@other-project.iam.gserviceaccount.com"
    found = resolved(tmp_path, f"aws: {{}}\n  serviceAccount: {email}")
    assert found.configuration.service_account == email


def test_doubts_stand_at_their_line(tmp_path: Path) -> None:
    found = resolved(tmp_path, "file: {path: token.txt}\n  output: out/x.json")
    (finding,) = found.warnings
    assert finding.path == "spec.file.path"
    assert finding.position is not None
    assert (finding.position.line, finding.position.column) == (23, 16)
    assert found.output_file == "out/x.json"


def test_a_token_type_the_source_overrides_is_said(tmp_path: Path) -> None:
    (finding,) = resolved(tmp_path, "aws: {}\n  subjectTokenType: x").warnings[-1:]
    assert (finding.code, finding.path) == ("cred-config-dropped", "spec.subjectTokenType")


def test_without_the_project_number_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(WifctlError, match="number of project acme-ci") as caught:
        resolved(tmp_path, "aws: {}", "project: acme-ci\n")
    assert "projects: {acme-ci: NUMBER}" in caught.value.diagnostics[0].fix
