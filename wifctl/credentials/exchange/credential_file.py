"""A credential configuration file, gcloud's or wifctl's, as an exchange to make."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from wifctl.credentials.configuration.model import TokenFormat
from wifctl.credentials.exchange.flow import Exchange
from wifctl.credentials.exchange.plain import read_text
from wifctl.credentials.exchange.sources import (
    AwsToken,
    CertificateToken,
    CommandToken,
    FileToken,
    TokenSource,
    UrlToken,
)
from wifctl.credentials.executable import ALLOW
from wifctl.credentials.ports import Impersonation
from wifctl.diagnostics import Diagnostic, WifctlError

Json = Mapping[str, object]
_ACCOUNT = re.compile(r"/serviceAccounts/([^/:]+):generateAccessToken$")


@dataclass(frozen=True, slots=True)
class FileContext:
    """What reading a file needs to know besides its text."""

    path: str
    environment: Mapping[str, str]
    gcloud_folder: Path
    """Where the second file of a certificate is by default."""


def read_credential_file(context: FileContext) -> Exchange:
    """The exchange a file describes. Raises WifctlError; nothing of the file is quoted."""
    document = _object(context.path, "the credential configuration")
    if document.get("type") != "external_account":
        raise _faulty(context, "is no credential configuration of type external_account")
    source = document.get("credential_source")
    if not isinstance(source, dict):
        raise _faulty(context, "has no credential_source")
    return Exchange(
        audience=_text(document, "audience", context),
        source=_source(source, context),
        token_url=_text(document, "token_url", context),
        subject_token_type=_text(document, "subject_token_type", context),
        impersonation=_impersonation(document, context),
    )


def _impersonation(document: Json, context: FileContext) -> Impersonation | None:
    if "service_account_impersonation_url" not in document:
        return None
    url = _text(document, "service_account_impersonation_url", context)
    found = _ACCOUNT.search(url)
    if not found:
        raise _faulty(context, "impersonates at an address that names no account")
    options = document.get("service_account_impersonation")
    lifetime = options.get("token_lifetime_seconds") if isinstance(options, dict) else None
    seconds = int(lifetime) if isinstance(lifetime, int | float) else 3600
    return Impersonation(url, unquote(found[1]), lifetime_seconds=seconds)


def _source(source: Json, context: FileContext) -> TokenSource:
    if "environment_id" in source:
        return _aws(source, context)
    if "file" in source:
        return FileToken(_text(source, "file", context), _format(source, context))
    if "url" in source:
        headers = source.get("headers") or {}
        if not isinstance(headers, dict):
            raise _faulty(context, "has headers that are no object")
        named = {str(name): str(value) for name, value in headers.items()}
        return UrlToken(_text(source, "url", context), named, format=_format(source, context))
    if isinstance(executable := source.get("executable"), dict):
        return _command(executable, context)
    if isinstance(certificate := source.get("certificate"), dict):
        return _certificate(certificate, context)
    raise _faulty(context, "has a credential_source of no known kind")


def _aws(source: Json, context: FileContext) -> AwsToken:
    if source["environment_id"] != "aws1":
        raise _faulty(context, "is for a version of AWS that is not known")
    return AwsToken(
        str(source.get("region_url") or ""),
        str(source.get("url") or ""),
        str(source.get("imdsv2_session_token_url") or ""),
        _text(source, "regional_cred_verification_url", context),
    )


def _command(executable: Json, context: FileContext) -> CommandToken:
    if context.environment.get(ALLOW) != "1":
        text = f"{context.path} runs a program, which is not allowed"
        raise WifctlError(Diagnostic("executable-not-allowed", text, fix=f"set {ALLOW}=1"))
    millis = executable.get("timeout_millis")
    seconds = millis / 1000 if isinstance(millis, int | float) else 30.0
    output = str(executable.get("output_file") or "")
    return CommandToken(_text(executable, "command", context), seconds, output)


def _certificate(certificate: Json, context: FileContext) -> CertificateToken:
    place = certificate.get("certificate_config_location")
    path = str(place or context.gcloud_folder / "certificate_config.json")
    found: object = _object(path, "the certificate configuration")
    for name in ("cert_configs", "workload"):
        found = found.get(name) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        raise _faulty(context, "names a certificate configuration without a workload")
    return CertificateToken(
        _text(found, "cert_path", context),
        _text(found, "key_path", context),
        str(certificate.get("trust_chain_path") or ""),
    )


def _format(source: Json, context: FileContext) -> TokenFormat | None:
    found = source.get("format")
    if not isinstance(found, dict) or found.get("type", "text") == "text":
        return None
    if found["type"] != "json":
        raise _faulty(context, "has a format that is neither text nor json")
    return TokenFormat("json", _text(found, "subject_token_field_name", context))


def _text(document: Json, name: str, context: FileContext) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise _faulty(context, f"has no {name}")
    return value


def _object(path: str, what: str) -> Json:
    try:
        found = json.loads(read_text(path, what))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise WifctlError(Diagnostic("credential-file", f"{path} holds no JSON object"))
    return found


def _faulty(context: FileContext, message: str) -> WifctlError:
    return WifctlError(Diagnostic("credential-file", f"{context.path} {message}"))
