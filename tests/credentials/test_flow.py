"""An exchange goes from the outside token to Google's, and on to a service account's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.credentials.certificates import self_signed
from tests.credentials.fakes import AUDIENCE, NOW, FakeService, surroundings
from wifctl.credentials.configuration.files import credential_files, write_file
from wifctl.credentials.configuration.flags import Flags, resolve
from wifctl.credentials.configuration.model import JWT, MTLS, TokenFormat
from wifctl.credentials.exchange.credential_file import FileContext, read_credential_file
from wifctl.credentials.exchange.flow import CLOUD_PLATFORM, IAM, Exchange, exchange, token_hosts
from wifctl.credentials.exchange.sources import (
    AwsToken,
    CertificateToken,
    CommandToken,
    FileToken,
    UrlToken,
    VariableToken,
    azure_token,
)
from wifctl.credentials.failures import TokenRefusedError, TokenUnavailableError
from wifctl.credentials.ports import AccessToken, ClientCertificate, SubjectToken
from wifctl.diagnostics import WifctlError

ACCOUNT = "deployer@acme-ci.iam.gserviceaccount.com"
HOSTS = token_hosts()
PLAIN = Exchange(audience=AUDIENCE, source=VariableToken("TOKEN"), token_url=HOSTS.token_url)
AROUND = surroundings(environment={"TOKEN": "opaque"})


def test_without_an_account_the_federated_token_is_the_result() -> None:
    service = FakeService()
    found = exchange(replace(PLAIN, scopes=("a", "b")), AROUND, service)
    assert found.token == AccessToken("federated", NOW + 3600)
    subject = SubjectToken("opaque", JWT)
    assert service.calls == [
        ("exchange", "https://sts.googleapis.com/v1/token", AUDIENCE, subject, ("a", "b"), None)
    ]


def test_with_an_account_the_federated_token_may_only_impersonate() -> None:
    service = FakeService()
    target = HOSTS.impersonation(ACCOUNT, ("first@example.com",), 1800)
    found = exchange(replace(PLAIN, impersonation=target), AROUND, service)
    assert (found.token.value, found.token.account) == ("impersonated", ACCOUNT)
    first, second = service.calls
    assert first[4] == (IAM,)
    assert second[2:] == (target, (CLOUD_PLATFORM,))
    assert target.url == (
        f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{ACCOUNT}"
        ":generateAccessToken"
    )


def test_a_certificate_is_presented_to_the_token_service(tmp_path: Path) -> None:
    pair = self_signed(tmp_path, "leaf")
    service = FakeService()
    source = CertificateToken(pair.certificate_path, pair.key_path)
    exchange(replace(PLAIN, source=source), AROUND, service)
    assert service.calls[0][5] == ClientCertificate(pair.certificate_path, pair.key_path)


def test_nothing_is_sent_when_there_is_no_token() -> None:
    service = FakeService()
    with pytest.raises(TokenUnavailableError):
        exchange(PLAIN, surroundings(), service)
    assert service.calls == []


def test_a_refusal_keeps_googles_words() -> None:
    with pytest.raises(TokenRefusedError) as caught:
        exchange(PLAIN, AROUND, FakeService(refuses=True))
    assert (caught.value.error, caught.value.description) == ("invalid_grant", "no")


def test_hosts_follow_endpoint_universe_and_certificate() -> None:
    assert token_hosts("http://127.0.0.1:9/").token_url == "http://127.0.0.1:9/v1/token"
    assert token_hosts(universe="example.goog").sts == "https://sts.example.goog"
    assert token_hosts(mtls=True).credentials == "https://iamcredentials.mtls.googleapis.com"


# Credential configuration files

FILES: list[tuple[dict[str, str | bool], object]] = [
    ({"credential_source_file": "/t"}, FileToken("/t")),
    (
        {
            "credential_source_file": "/t",
            "credential_source_type": "json",
            "credential_source_field_name": "f",
        },
        FileToken("/t", TokenFormat("json", "f")),
    ),
    (
        {"credential_source_url": "https://x/", "credential_source_headers": "a=b"},
        UrlToken("https://x/", {"a": "b"}),
    ),
    (
        {
            "executable_command": "/opt/x",
            "executable_timeout_millis": "7s",
            "executable_output_file": "/c",
        },
        CommandToken("/opt/x", 7.0, "/c"),
    ),
    ({"aws": True, "enable_imdsv2": True}, AwsToken()),
    ({"aws": True}, AwsToken(session_token_url="")),
    ({"azure": True, "app_id_uri": "api://acme"}, azure_token("api://acme")),
    (
        {
            "credential_cert_path": "/leaf.pem",
            "credential_cert_private_key_path": "/leaf.key",
            "credential_cert_trust_chain_path": "/chain.pem",
        },
        CertificateToken("/leaf.pem", "/leaf.key", "/chain.pem"),
    ),
]


def context(folder: Path, **environment: str) -> FileContext:
    allowed = {"GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES": "1"} | environment
    return FileContext(str(folder / "out.json"), allowed, folder)


@pytest.mark.parametrize(("flags", "source"), FILES)
def test_every_file_we_write_is_read_back(
    flags: dict[str, str | bool], source: object, tmp_path: Path
) -> None:
    given = {"audience": AUDIENCE.removeprefix("//iam.googleapis.com/"), "output_file": "out.json"}
    account = {
        "service_account": ACCOUNT,
        "service_account_token_lifetime_seconds": "30m",
    }
    resolved = resolve(Flags(**given, **account, **flags))  # type: ignore[arg-type]
    for file in credential_files(resolved, tmp_path):
        write_file(file, tmp_path)
    found = read_credential_file(context(tmp_path))
    is_certificate = isinstance(source, CertificateToken)
    hosts = token_hosts(mtls=is_certificate)
    assert found.source == source
    assert found.audience == AUDIENCE
    assert found.token_url == hosts.token_url
    assert found.impersonation == hosts.impersonation(ACCOUNT, (), 1800)
    assert (found.subject_token_type == MTLS) == is_certificate


def test_a_program_runs_only_where_that_is_allowed(tmp_path: Path) -> None:
    document = {
        "type": "external_account",
        "audience": AUDIENCE,
        "token_url": "https://sts.googleapis.com/v1/token",
        "subject_token_type": JWT,
        "credential_source": {"executable": {"command": "/opt/x"}},
    }
    (tmp_path / "out.json").write_text(json.dumps(document))
    assert read_credential_file(context(tmp_path)).source == CommandToken("/opt/x")
    with pytest.raises(WifctlError) as caught:
        read_credential_file(FileContext(str(tmp_path / "out.json"), {}, tmp_path))
    assert "ALLOW_EXECUTABLES=1" in caught.value.diagnostics[0].fix


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"type": "service_account", "private_key": "planted"}, "no credential configuration"),
        ({"credential_source": None}, "no credential_source"),
        ({"credential_source": {"planted": 1}}, "of no known kind"),
        ({"credential_source": {"environment_id": "aws2"}}, "version of AWS"),
        ({"credential_source": {"environment_id": "aws1"}}, "no regional_cred_verification_url"),
        ({"credential_source": {"file": "/t", "format": {"type": "xml"}}}, "neither text nor json"),
        ({"credential_source": {"file": "/t", "format": {"type": "json"}}}, "field_name"),
        ({"credential_source": {"url": "https://x", "headers": ["planted"]}}, "no object"),
        ({"credential_source": {"certificate": {}}}, "cannot read the certificate configuration"),
        ({"audience": 1}, "has no audience"),
        ({"token_url": ""}, "has no token_url"),
        ({"service_account_impersonation_url": "https://x/planted"}, "names no account"),
    ],
)
def test_a_faulty_file_is_refused_and_not_quoted(
    change: dict[str, object], complaint: str, tmp_path: Path
) -> None:
    document: dict[str, object] = {
        "type": "external_account",
        "audience": AUDIENCE,
        "token_url": "https://sts.googleapis.com/v1/token",
        "subject_token_type": JWT,
        "credential_source": {"file": "/t"},
    }
    (tmp_path / "out.json").write_text(json.dumps(document | change))
    with pytest.raises(WifctlError, match=complaint) as caught:
        read_credential_file(context(tmp_path))
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "[]", "planted", "[" * 99_999])
def test_a_file_without_an_object_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text(content)
    with pytest.raises(WifctlError, match="holds no JSON object"):
        read_credential_file(context(tmp_path))
