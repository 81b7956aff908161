"""A credential configuration as the bytes gcloud writes: same keys, same order, same spacing."""

from __future__ import annotations

import json

from wifctl.credentials.configuration.model import (
    AWS4_REQUEST,
    JWT,
    MTLS,
    AwsSource,
    AzureSource,
    CertificateSource,
    CredentialConfiguration,
    ExecutableSource,
    FileSource,
    Source,
    TokenFormat,
    UrlSource,
)

IMDS = "http://169.254.169.254"
"""The link-local address of the metadata services of AWS and Azure."""
AWS_REGION_URL = f"{IMDS}/latest/meta-data/placement/availability-zone"
AWS_CREDENTIALS_URL = f"{IMDS}/latest/meta-data/iam/security-credentials"
AWS_SESSION_TOKEN_URL = f"{IMDS}/latest/api/token"
AWS_VERIFICATION_URL = (
    "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"
)
AZURE_TOKEN_URL = f"{IMDS}/metadata/identity/oauth2/token?api-version=2018-02-01&resource="

Json = dict[str, object]


def configuration_text(configuration: CredentialConfiguration) -> str:
    """The text of the credential configuration file; it ends without a line feed."""
    return json.dumps(configuration_document(configuration), indent=2)


def certificate_text(source: CertificateSource) -> str:
    """The text of the second file, which tells where certificate and key are."""
    paths = {"cert_path": source.cert_path, "key_path": source.key_path or None}
    return json.dumps({"cert_configs": {"workload": paths}}, indent=2)


def configuration_document(configuration: CredentialConfiguration) -> Json:
    """The `external_account` document in the order in which gcloud lists its keys."""
    sts = service_url("sts", configuration)
    document: Json = {
        "universe_domain": configuration.universe_domain,
        "type": "external_account",
        "audience": f"//iam.googleapis.com/{configuration.provider}",
        "subject_token_type": subject_token_type(configuration),
        "token_url": f"{sts}/v1/token",
        "credential_source": _source(configuration.source, configuration.provider),
    }
    if not configuration.service_account:
        return document | {"token_info_url": f"{sts}/v1/introspect"}
    return document | _impersonation(configuration)


def service_url(service: str, configuration: CredentialConfiguration) -> str:
    """The base URL of `sts` or `iamcredentials`; a certificate goes to the mutual TLS host."""
    mtls = "mtls." if isinstance(configuration.source, CertificateSource) else ""
    return f"https://{service}.{mtls}{configuration.universe_domain}"


def subject_token_type(configuration: CredentialConfiguration) -> str:
    """The token type in force: AWS, Azure and certificates have one of their own."""
    match configuration.source:
        case AwsSource():
            return AWS4_REQUEST
        case AzureSource():
            return JWT
        case CertificateSource():
            return MTLS
        case _:
            return configuration.subject_token_type or JWT


def _impersonation(configuration: CredentialConfiguration) -> Json:
    account = configuration.service_account
    base = service_url("iamcredentials", configuration)
    url = f"{base}/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
    found: Json = {"service_account_impersonation_url": url}
    if configuration.token_lifetime_seconds:
        lifetime = {"token_lifetime_seconds": configuration.token_lifetime_seconds}
        found["service_account_impersonation"] = lifetime
    return found


def _source(source: Source, provider: str) -> Json:
    match source:
        case AwsSource():
            return _aws(source)
        case AzureSource():
            return _azure(source, provider)
        case FileSource():
            return {"file": source.path} | _format(source.format)
        case UrlSource():
            headers: Json = {"headers": dict(source.headers)} if source.headers else {}
            return {"url": source.url} | headers | _format(source.format)
        case ExecutableSource():
            return {"executable": _executable(source)}
        case CertificateSource():
            return {"certificate": _certificate(source)}


def _aws(source: AwsSource) -> Json:
    session: Json = {"imdsv2_session_token_url": AWS_SESSION_TOKEN_URL} if source.imdsv2 else {}
    return {
        "environment_id": "aws1",
        "region_url": AWS_REGION_URL,
        "url": AWS_CREDENTIALS_URL,
        "regional_cred_verification_url": AWS_VERIFICATION_URL,
    } | session


def _azure(source: AzureSource, provider: str) -> Json:
    resource = source.app_id_uri or f"https://iam.googleapis.com/{provider}"
    answer = TokenFormat("json", "access_token")
    headers: Json = {"headers": {"Metadata": "True"}}
    return {"url": AZURE_TOKEN_URL + resource} | headers | _format(answer)


def _executable(source: ExecutableSource) -> Json:
    output: Json = {"output_file": source.output_file} if source.output_file else {}
    return {"command": source.command, "timeout_millis": source.timeout_millis} | output


def _certificate(source: CertificateSource) -> Json:
    found: Json = {"use_default_certificate_config": True}
    if source.configuration_file is not None:
        found = {"certificate_config_location": source.configuration_file}
    if source.trust_chain_path is not None:
        found["trust_chain_path"] = source.trust_chain_path
    return found


def _format(token: TokenFormat | None) -> Json:
    if token is None:
        return {}
    field: Json = {"subject_token_field_name": token.field_name} if token.type == "json" else {}
    return {"format": {"type": token.type} | field}
