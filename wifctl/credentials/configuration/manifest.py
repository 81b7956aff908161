"""A `CredentialConfiguration` document as the configuration it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from wifctl.credentials.configuration.doubts import doubts
from wifctl.credentials.configuration.flags import Resolved
from wifctl.credentials.configuration.model import (
    DEFAULT_TIMEOUT_MILLIS,
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
from wifctl.diagnostics import Diagnostic, Severity, WifctlError
from wifctl.kinds.credential_configuration import CredentialConfigurationSpec, Format
from wifctl.names import ProviderName, service_account_email
from wifctl.resource import Address, Projects, Resource

_PATHS = {
    "audience": "spec.provider",
    "--service-account": "spec.serviceAccount",
    "--service-account-token-lifetime-seconds": "spec.tokenLifetimeSeconds",
    "--subject-token-type": "spec.subjectTokenType",
    "--app-id-uri": "spec.azure.appIdUri",
    "--credential-source-file": "spec.file.path",
    "--credential-source-url": "spec.url.url",
    "--credential-source-headers": "spec.url.headers",
    "--executable-command": "spec.executable.command",
    "--executable-output-file": "spec.executable.outputFile",
    "--credential-cert-path": "spec.x509.certPath",
    "--credential-cert-private-key-path": "spec.x509.keyPath",
    "--credential-cert-trust-chain-path": "spec.x509.trustChainPath",
    "--credential-cert-configuration-output-file": "spec.x509.configPath",
}
"""Where a document says what a flag says."""


def resolve_document(resource: Resource, projects: Projects) -> Resolved:
    """The configuration of a checked document, with findings at its lines.

    Raises WifctlError when the number of the provider's project is not known.
    """
    spec: CredentialConfigurationSpec = resource.spec
    configuration = CredentialConfiguration(
        provider=str(provider_of(resource.links["provider"].address, projects, resource)),
        source=source_of(spec),
        service_account=_email(resource),
        token_lifetime_seconds=spec.token_lifetime_seconds,
        subject_token_type=spec.subject_token_type or "",
    )
    warnings = (_placed(each, resource) for each in doubts(configuration))
    output = spec.output or f"{resource.name}.json"
    return Resolved(configuration, output, (*warnings, *_dropped(spec, resource)))


def provider_of(address: Address, projects: Projects, resource: Resource) -> ProviderName:
    """A provider's full name with the project number. Raises WifctlError without one."""
    project, pool, provider = address.path
    number = projects.number(project)
    if number is None:
        raise WifctlError(
            Diagnostic(
                "project-number-unknown",
                f"the number of project {project} is not known",
                position=resource.position_of("spec.provider"),
                path="spec.provider",
                fix=f"add it to wifctl.yaml: `projects: {{{project}: NUMBER}}`",
            )
        )
    return ProviderName(number, pool, provider)


def source_of(spec: CredentialConfigurationSpec) -> Source:
    """The one source a checked spec names."""
    if spec.aws:
        return AwsSource(spec.aws.imdsv2)
    if spec.azure:
        return AzureSource(spec.azure.app_id_uri or "")
    if spec.file:
        return FileSource(spec.file.path, _format(spec.file.format))
    if spec.url:
        headers: Mapping[str, str] = spec.url.headers or {}
        return UrlSource(spec.url.url, headers, _format(spec.url.format))
    if spec.executable:
        millis = spec.executable.timeout_millis or DEFAULT_TIMEOUT_MILLIS
        return ExecutableSource(spec.executable.command, millis, spec.executable.output_file or "")
    return _certificate(spec)


def _certificate(spec: CredentialConfigurationSpec) -> CertificateSource:
    if not spec.x509:
        raise ValueError("the spec was not checked: it names no source")
    found = spec.x509
    return CertificateSource(
        found.cert_path, found.key_path or "", found.config_path, found.trust_chain_path
    )


def _format(form: Format | None) -> TokenFormat | None:
    return None if form is None else TokenFormat(form.type, form.field_name or "")


def _email(resource: Resource) -> str:
    link = resource.links.get("serviceAccount")
    if link is None:
        return ""
    project, account = link.address.path
    return account if "@" in account else service_account_email(project, account)


def _placed(finding: Diagnostic, resource: Resource) -> Diagnostic:
    path = _PATHS.get(finding.path, "spec")
    return replace(finding, path=path, position=resource.position_of(path))


def _dropped(spec: CredentialConfigurationSpec, resource: Resource) -> Iterator[Diagnostic]:
    if spec.subject_token_type and (spec.aws or spec.azure or spec.x509):
        path = "spec.subjectTokenType"
        yield Diagnostic(
            "cred-config-dropped",
            "has no effect: this source has a token type of its own",
            Severity.WARNING,
            position=resource.position_of(path),
            path=path,
        )
