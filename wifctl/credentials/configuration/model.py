"""What a credential configuration file says: an audience, a token source, an account to become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

DEFAULT_UNIVERSE = "googleapis.com"
DEFAULT_TIMEOUT_MILLIS = 30_000
"""What an executable gets when nobody says otherwise."""

JWT = "urn:ietf:params:oauth:token-type:jwt"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - a type, not a token
SAML2 = "urn:ietf:params:oauth:token-type:saml2"
AWS4_REQUEST = "urn:ietf:params:aws:token-type:aws4_request"
MTLS = "urn:ietf:params:oauth:token-type:mtls"
CHOSEN_TOKEN_TYPES = (JWT, ID_TOKEN, SAML2)
"""The types a file, a URL or a program may give; the other sources have one of their own."""


@dataclass(frozen=True, slots=True)
class TokenFormat:
    """How a file or an answer holds the token: as its whole text, or in one field of a JSON."""

    type: Literal["text", "json"]
    field_name: str = ""


@dataclass(frozen=True, slots=True)
class AwsSource:
    """AWS environment variables or the instance metadata service; version 2 when asked for."""

    imdsv2: bool = False


@dataclass(frozen=True, slots=True)
class AzureSource:
    """Azure's instance metadata service; without an application id the provider is the resource."""

    app_id_uri: str = ""


@dataclass(frozen=True, slots=True)
class FileSource:
    """A token somebody else keeps fresh in a local file."""

    path: str
    format: TokenFormat | None = None


@dataclass(frozen=True, slots=True)
class UrlSource:
    """A token served by a local HTTP server. Headers may be secret."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    format: TokenFormat | None = None


@dataclass(frozen=True, slots=True)
class ExecutableSource:
    """A program that prints the token in Google's JSON; `output_file` is its cache."""

    command: str
    timeout_millis: int = DEFAULT_TIMEOUT_MILLIS
    output_file: str = ""


@dataclass(frozen=True, slots=True)
class CertificateSource:
    """An X.509 client certificate; its paths go into a second file.

    `configuration_file` None means the default place of the second file; `trust_chain_path` None
    means no intermediate certificates.
    """

    cert_path: str
    key_path: str
    configuration_file: str | None = None
    trust_chain_path: str | None = None


Source = AwsSource | AzureSource | FileSource | UrlSource | ExecutableSource | CertificateSource


@dataclass(frozen=True, slots=True)
class CredentialConfiguration:
    """One file, before it is bytes.

    `provider` is the provider's full resource name without `//iam.googleapis.com/`;
    `token_lifetime_seconds` counts only together with a service account.
    """

    provider: str
    source: Source
    service_account: str = ""
    token_lifetime_seconds: int | float | None = None
    subject_token_type: str = ""
    universe_domain: str = DEFAULT_UNIVERSE
