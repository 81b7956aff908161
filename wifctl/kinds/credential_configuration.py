"""CredentialConfiguration: a credential configuration file that `wifctl render` writes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Literal

from pydantic import Field

from wifctl.kinds import checks
from wifctl.kinds.base import Kind, Problem
from wifctl.kinds.grants import locate_as
from wifctl.resource import Resource
from wifctl.schema import Reference, Spec

NAME = "CredentialConfiguration"
SOURCES = ("aws", "azure", "file", "url", "executable", "x509")


class AwsSource(Spec):
    """The metadata service of an EC2 instance, or AWS's environment variables."""

    imdsv2: bool = Field(False, description="`true`: ask for a session token first.")


class AzureSource(Spec):
    """The metadata service of an Azure VM."""

    app_id_uri: str | None = Field(None, description="Application ID URI; default: the provider.")


class Format(Spec):
    """How the token stands in the file or answer."""

    type: Literal["text", "json"] = Field("text", description="text or json.")
    field_name: str | None = Field(None, description="The JSON member that holds the token.")


class FileSource(Spec):
    """A file another process keeps fresh."""

    path: str = Field(description="The file's path on the machine that uses it.")
    format: Format | None = Field(None, description="How the token stands in it.")


class UrlSource(Spec):
    """A local HTTP endpoint."""

    url: str = Field(description="Answers GET with the token.")
    headers: dict[str, str] | None = Field(None, description="Headers of the request.")
    format: Format | None = Field(None, description="How the token stands in the answer.")


class ExecutableSource(Spec):
    """A command that prints the token as JSON."""

    command: str = Field(description="The command line.")
    timeout_millis: int | None = Field(None, ge=5000, le=120000, description="5000 to 120000.")
    output_file: str | None = Field(None, description="Where the command caches its answer.")


class X509Source(Spec):
    """A client certificate."""

    cert_path: str = Field(description="PEM file of the certificate.")
    key_path: str | None = Field(None, description="PEM file of its key.")
    trust_chain_path: str | None = Field(None, description="PEM file of intermediates.")
    config_path: str | None = Field(None, description="Where the certificate config is written.")


class CredentialConfigurationSpec(Spec):
    """One file: the provider, where the outside token comes from, and who to become."""

    provider: Annotated[str, Reference(("WorkloadIdentityPoolProvider",))] = Field(
        description="The provider, by name or full resource name."
    )
    service_account: Annotated[str | None, Reference(("ServiceAccount",))] = Field(
        None, description="The account to become; without it, access is direct."
    )
    token_lifetime_seconds: int | None = Field(
        None, ge=600, le=43200, description="600 to 43200; above 3600 needs an organisation policy."
    )
    subject_token_type: str | None = Field(None, description="Default: by the provider's type.")
    aws: AwsSource | None = Field(None, description="AWS.")
    azure: AzureSource | None = Field(None, description="Azure.")
    file: FileSource | None = Field(None, description="A file.")
    url: UrlSource | None = Field(None, description="A URL.")
    executable: ExecutableSource | None = Field(None, description="A command.")
    x509: X509Source | None = Field(None, description="A certificate.")
    output: str | None = Field(
        None, description="File name below the render folder; default: NAME.json."
    )


def _check(resource: Resource) -> Iterable[Problem]:
    spec: CredentialConfigurationSpec = resource.spec
    if sum(getattr(spec, source) is not None for source in SOURCES) != 1:
        yield checks.one_of("spec", SOURCES)
    if spec.token_lifetime_seconds is not None and spec.service_account is None:
        yield Problem(
            "conflicting-fields",
            "spec.tokenLifetimeSeconds",
            "a lifetime without a service account",
            allowed="both, or neither",
            fix="add `serviceAccount`, or remove the lifetime",
        )
    for source in (spec.file, spec.url):
        if (
            source
            and source.format
            and (source.format.type == "json") == (source.format.field_name is None)
        ):
            path = "spec.file.format" if source is spec.file else "spec.url.format"
            yield Problem(
                "conflicting-fields",
                path,
                f"format {source.format.type} and the field name do not fit",
                allowed="type json with fieldName, or type text without",
                fix="say both, or none",
            )


KIND = Kind(
    name=NAME,
    spec=CredentialConfigurationSpec,
    summary="A credential configuration file for Google's client libraries, made by `render`.",
    document="https://google.aip.dev/auth/4117",
    locate=partial(locate_as, NAME),
    check=_check,
    example="""\
apiVersion: wifctl/v1
kind: CredentialConfiguration
metadata: {name: build-server}
spec:
  provider: github-actions
  serviceAccount: deployer
  file: {path: /var/run/token}
""",
)
