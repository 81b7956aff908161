"""Every kind of provider gives a token on the local target: exchange, google-auth, both halves."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.credentials.certificates import Pair, put_pair
from tests.credentials.test_google_auth import ALLOW, put, token
from tests.gcp.loopback import Answer, Asked, serving
from tests.support.emulator import ACCOUNTS, NUMBER, POOLS, PROJECT, Rest, emulator
from tests.support.saml import SamlContent, SamlIdp
from tests.support.tokens import AwsKey, JwtIssuer, X509Authority
from wifctl.cli.program import run

POOL = f"projects/{NUMBER}/locations/global/workloadIdentityPools/acme"
EMAIL = f"deployer@{PROJECT}.iam.gserviceaccount.com"
AWS = AwsKey()
ENTRA = JwtIssuer("https://sts.windows.net/acme/")
GITHUB = JwtIssuer("https://token.actions.githubusercontent.com")
ADFS = JwtIssuer("https://adfs.example.com/adfs")
IDP = SamlIdp()
ROOT = X509Authority.root()
SAML = "urn:ietf:params:oauth:token-type:saml2"
KINDS = ("github", "entra", "adfs", "amazon", "saml", "x509")


@dataclass(frozen=True)
class Target:
    """The emulator with a provider of each kind, and the sources of their tokens."""

    url: str
    sources: str


def oidc(issuer: JwtIssuer) -> dict[str, Any]:
    return {
        "oidc": {"issuerUri": issuer.issuer, "jwksJson": issuer.jwks_json},
        "attributeMapping": {"google.subject": "assertion.sub"},
        "attributeCondition": "assertion.sub == 'workload'",
    }


PROVIDERS: dict[str, dict[str, Any]] = {
    "github": oidc(GITHUB),
    "entra": oidc(ENTRA),
    "adfs": oidc(ADFS),
    "amazon": {"aws": {"accountId": AWS.account}},
    "saml": {
        "saml": {"idpMetadataXml": IDP.metadata()},
        "attributeMapping": {"google.subject": "assertion.subject"},
    },
    "x509": {
        "x509": {"trustStore": {"trustAnchors": [{"pemCertificate": ROOT.pem}]}},
        "attributeMapping": {"google.subject": "assertion.subject.dn.cn"},
    },
}


def provider(kind: str) -> str:
    return f"{POOL}/providers/{kind}" if len(kind) > 3 else f"{POOL}/providers/{kind}-ca"


def signed(issuer: JwtIssuer, kind: str) -> str:
    audience = f"https://iam.googleapis.com/{provider(kind)}"
    return issuer.sign(issuer.claims(now=datetime.now(UTC) - timedelta(seconds=5), aud=audience))


def sources(asked: Asked) -> Answer:
    """GitHub's, Azure's, AD FS' and AWS' endpoints."""
    path = asked.path.partition("?")[0]
    keys = {"AccessKeyId": AWS.access_key_id, "SecretAccessKey": AWS.secret}
    answers = {
        "/github": lambda: json.dumps({"value": signed(GITHUB, "github")}),
        "/metadata/identity/oauth2/token": lambda: json.dumps(
            {"access_token": signed(ENTRA, "entra")}
        ),
        "/adfs/oauth2/token/": lambda: json.dumps({"access_token": signed(ADFS, "adfs")}),
        "/latest/api/token": lambda: "session",
        "/latest/meta-data/placement/availability-zone": lambda: "eu-west-1a",
        "/latest/meta-data/iam/security-credentials": lambda: "builder",
        "/latest/meta-data/iam/security-credentials/builder": lambda: json.dumps(keys),
    }
    found = answers.get(path)
    return Answer(body=found().encode()) if found else Answer(404)


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    keys = {
        AWS.access_key_id: {
            "secretAccessKey": AWS.secret,
            "account": AWS.account,
            "arn": AWS.arn,
            "userId": AWS.user_id,
        }
    }
    with emulator(projects={PROJECT: NUMBER}, outside={"awsKeys": keys}) as doors:
        api = Rest(doors)
        for service in ("iam", "iamcredentials", "sts", "cloudresourcemanager"):
            api("POST", f"/v1/projects/{PROJECT}/services/{service}.googleapis.com:enable", {})
        assert api("POST", POOLS, {}, workloadIdentityPoolId="acme").code == "OK"
        for kind, body in PROVIDERS.items():
            name = provider(kind).rpartition("/")[2]
            made = api("POST", f"{POOLS}/acme/providers", body, workloadIdentityPoolProviderId=name)
            assert made.code == "OK", made.body
        api("POST", ACCOUNTS, {"accountId": "deployer"})
        member = f"principalSet://iam.googleapis.com/{POOL}/*"
        binding = {"role": "roles/iam.workloadIdentityUser", "members": [member]}
        api("POST", f"{ACCOUNTS}/{EMAIL}:setIamPolicy", {"policy": {"bindings": [binding]}})
        with serving(sources) as server:
            yield Target(doors.rest_url, server.url)


def leaf(folder: Path) -> Pair:
    now = datetime.now(UTC)
    made = ROOT.leaf(not_before=now - timedelta(days=1), not_after=now + timedelta(days=5))
    return put_pair(made, folder, "leaf")


def assertion() -> str:
    audience = f"https://iam.googleapis.com/{provider('saml')}"
    return IDP.token(SamlContent(audiences=[[audience]]), now=datetime.now(UTC))


def flags(kind: str, target: Target, folder: Path) -> tuple[list[str], dict[str, str]]:
    """How `token exchange` is told where the token comes from."""
    match kind:
        case "github":
            return ["--github"], {
                "ACTIONS_ID_TOKEN_REQUEST_URL": f"{target.sources}/github",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
            }
        case "entra":
            return ["--azure", "--metadata-url", target.sources], {}
        case "adfs":
            words = ["--adfs", f"{target.sources}/adfs/oauth2/token/", "--adfs-client", "c"]
            return [*words, "--adfs-resource", "r", "--adfs-secret-env", "S"], {"S": "secret"}
        case "amazon":
            return ["--aws", "--metadata-url", target.sources], {}
        case "saml":
            (folder / "assertion").write_text(assertion())
            return ["--file", f"{folder}/assertion", "--subject-token-type", SAML], {}
        case _:
            pair = leaf(folder)
            return ["--certificate", pair.certificate_path, "--key", pair.key_path], {}


@pytest.mark.parametrize("account", ["", EMAIL])
@pytest.mark.parametrize("kind", KINDS)
def test_exchange_gets_a_token_for_every_kind_of_provider(
    kind: str, account: str, target: Target, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words, environment = flags(kind, target, tmp_path)
    more = ["--service-account", account] if account else []
    command = ["--endpoint", target.url, "token", "exchange", provider(kind), "--output", "json"]
    assert run([*command, *words, *more], environment) == 0, capsys.readouterr().err
    found = json.loads(capsys.readouterr().out)
    assert found["access_token"]
    assert found["service_account"] == (account or None)


@pytest.mark.parametrize("account", ["", EMAIL])
@pytest.mark.parametrize("kind", KINDS)
def test_google_auth_gets_a_token_from_our_file_for_every_kind(
    kind: str, account: str, target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ALLOW, "1")
    given = cred_config(kind, target, tmp_path)
    if account:
        given |= {"service_account": account}
    path = put(tmp_path, target.url, audience=provider(kind), **given)
    text = path.read_text().replace(f"{target.url}/latest", f"{target.sources}/latest")
    path.write_text(text.replace(f"{target.url}/metadata", f"{target.sources}/metadata"))
    assert token(path)


def cred_config(kind: str, target: Target, folder: Path) -> dict[str, str | bool]:
    match kind:
        case "github":
            (folder / "token").write_text(signed(GITHUB, "github"))
            return {"credential_source_file": str(folder / "token")}
        case "entra":
            return {"azure": True}
        case "adfs":
            answer = {"version": 1, "success": True, "id_token": signed(ADFS, "adfs")}
            answer["token_type"] = "urn:ietf:params:oauth:token-type:jwt"
            (folder / "adfs.py").write_text(f"print({json.dumps(answer)!r})")
            return {"executable_command": f"{sys.executable} {folder}/adfs.py"}
        case "amazon":
            return {"aws": True, "enable_imdsv2": True}
        case "saml":
            (folder / "token").write_text(assertion())
            return {"credential_source_file": f"{folder}/token", "subject_token_type": SAML}
        case _:
            pair = leaf(folder)
            return {
                "credential_cert_path": pair.certificate_path,
                "credential_cert_private_key_path": pair.key_path,
                "credential_cert_configuration_output_file": f"{folder}/cert.json",
            }


def test_a_refusal_of_the_local_target_is_explained(
    target: Target, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = GITHUB.claims(now=datetime.now(UTC) - timedelta(seconds=5), aud="elsewhere")
    external = GITHUB.sign(claims)
    words = ["--endpoint", target.url, "token", "exchange", provider("github"), "--env", "T"]
    assert run(words, {"T": external}) == 1
    err = capsys.readouterr().err
    assert "Security Token Service refused with status 400, invalid_grant" in err
    assert external not in err
