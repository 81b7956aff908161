"""How a workload comes by its token: each kind of credential source, ready to be used."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.saml import SamlContent
from tests.trust.e2e.sources import (
    AWS_ROLE,
    AWS_SESSION,
    AWS_ZONE,
    Route,
    aws_metadata,
    guarded,
    text,
)
from tests.trust.e2e.world import AWS_KEY, IDP, ROOT, TENANT, id_token, provider_name

JWT = "urn:ietf:params:oauth:token-type:jwt"
SAML2 = "urn:ietf:params:oauth:token-type:saml2"
AWS4 = "urn:ietf:params:aws:token-type:aws4_request"
MTLS = "urn:ietf:params:oauth:token-type:mtls"
VERIFY = "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"
AWS_SECRETS = {
    "id": AWS_KEY.access_key_id,
    "secret": AWS_KEY.secret,
    "token": AWS_KEY.session_token,
}


@dataclass(frozen=True)
class Workload:
    """A credential source, the provider it is for, and what it needs around it."""

    provider: str
    token_type: str
    source: Mapping[str, Any]
    """`{url}` stands for the server of `routes`."""
    routes: Mapping[str, Route] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)

    def document(self, url: str, base: str, account: str = "") -> dict[str, Any]:
        """The credential configuration file; `url` is the emulator's, `base` the source's."""
        source = json.loads(json.dumps(self.source).replace("{url}", base))
        impersonation = f"{url}/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
        return {
            "type": "external_account",
            "audience": f"//iam.googleapis.com/{provider_name(self.provider)}",
            "subject_token_type": self.token_type,
            "token_url": f"{url}/v1/token",
            "token_info_url": f"{url}/v1/introspect",
            "credential_source": source,
            **({"service_account_impersonation_url": impersonation} if account else {}),
        }


def file_text(folder: Path) -> Workload:
    (folder / "token").write_text(id_token())
    return Workload("oidc", JWT, {"file": str(folder / "token")})


def file_json(folder: Path) -> Workload:
    (folder / "token.json").write_text(json.dumps({"id_token": id_token()}))
    form = {"type": "json", "subject_token_field_name": "id_token"}
    return Workload("oidc", JWT, {"file": str(folder / "token.json"), "format": form})


def url_text(_folder: Path) -> Workload:
    source = {"url": "{url}/token", "headers": {"X-Workload": "ci"}}
    return Workload("oidc", JWT, source, {"/token": guarded("x-workload", "ci", id_token())})


def azure(_folder: Path) -> Workload:
    path = "/metadata/identity/oauth2/token"
    now = datetime.now(UTC)
    claims = TENANT.claims(now=now, aud="api://keyless", oid="6f8d", tid="8f14e45f")
    answer = json.dumps({"access_token": TENANT.sign(claims), "token_type": "Bearer"})
    source = {
        "url": f"{{url}}{path}?api-version=2018-02-01&resource=api://keyless",
        "headers": {"Metadata": "True"},
        "format": {"type": "json", "subject_token_field_name": "access_token"},
    }
    return Workload("azure", JWT, source, {path: guarded("metadata", "True", answer)})


def executable(folder: Path) -> Workload:
    return _executable(folder, "oidc", JWT, id_token=id_token())


def executable_saml(folder: Path) -> Workload:
    return _executable(folder, "saml", SAML2, saml_response=_saml_response())


def file_saml(folder: Path) -> Workload:
    (folder / "response").write_text(_saml_response())
    return Workload("saml", SAML2, {"file": str(folder / "response")})


def aws_environment(_folder: Path) -> Workload:
    environ = {
        "AWS_ACCESS_KEY_ID": AWS_KEY.access_key_id,
        "AWS_SECRET_ACCESS_KEY": AWS_KEY.secret,
        "AWS_SESSION_TOKEN": AWS_KEY.session_token,
        "AWS_REGION": "eu-west-1",
    }
    source = {"environment_id": "aws1", "regional_cred_verification_url": VERIFY}
    return Workload("awsx", AWS4, source, environ=environ)


def aws_imdsv1(_folder: Path) -> Workload:
    return _aws_metadata(session=False)


def aws_imdsv2(_folder: Path) -> Workload:
    return _aws_metadata(session=True)


def x509(folder: Path) -> Workload:
    now = datetime.now(UTC).replace(microsecond=0)
    leaf = ROOT.leaf(not_before=now - timedelta(days=1), not_after=now + timedelta(days=30))
    (folder / "leaf.pem").write_text(leaf.pem)
    (folder / "leaf.key").write_text(leaf.key_pem)
    paths = {"cert_path": str(folder / "leaf.pem"), "key_path": str(folder / "leaf.key")}
    config = folder / "certificate_config.json"
    config.write_text(json.dumps({"cert_configs": {"workload": paths}}))
    source = {"certificate": {"certificate_config_location": str(config)}}
    return Workload("x509", MTLS, source)


KINDS: tuple[Callable[[Path], Workload], ...] = (
    file_text,
    file_json,
    url_text,
    azure,
    executable,
    file_saml,
    executable_saml,
    aws_environment,
    aws_imdsv1,
    aws_imdsv2,
    x509,
)


def _executable(folder: Path, provider: str, token_type: str, **token: str) -> Workload:
    answer = {
        "version": 1,
        "success": True,
        "token_type": token_type,
        "expiration_time": int(time.time()) + 3000,
        **token,
    }
    (folder / "answer.json").write_text(json.dumps(answer))
    script = folder / "source.py"
    script.write_text(f"print(open({str(folder / 'answer.json')!r}).read())")
    command = f"{sys.executable} {script}"
    source = {"executable": {"command": command, "timeout_millis": 30000}}
    environ = {"GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES": "1"}
    return Workload(provider, token_type, source, environ=environ)


def _saml_response() -> str:
    audience = f"https://iam.googleapis.com/{provider_name('saml')}"
    content = SamlContent(audiences=((audience,),))
    return IDP.token(content, now=datetime.now(UTC).replace(microsecond=0))


def _aws_metadata(*, session: bool) -> Workload:
    source = {
        "environment_id": "aws1",
        "region_url": f"{{url}}{AWS_ZONE}",
        "url": f"{{url}}{AWS_ROLE}",
        "regional_cred_verification_url": VERIFY,
    }
    if session:
        source["imdsv2_session_token_url"] = f"{{url}}{AWS_SESSION}"
    routes = {**aws_metadata(AWS_SECRETS, session=session), "/": text("")}
    return Workload("awsx", AWS4, source, routes)
