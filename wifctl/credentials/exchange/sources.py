"""Where a token from outside comes from. None of these holds a secret, only where one is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wifctl.credentials.configuration.document import (
    AWS_CREDENTIALS_URL,
    AWS_REGION_URL,
    AWS_SESSION_TOKEN_URL,
    AWS_VERIFICATION_URL,
    AZURE_TOKEN_URL,
)
from wifctl.credentials.configuration.model import TokenFormat


@dataclass(frozen=True, slots=True)
class SecretPlace:
    """Where a secret is kept: an environment variable or a file."""

    variable: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class FileToken:
    """A local file."""

    path: str
    format: TokenFormat | None = None


@dataclass(frozen=True, slots=True)
class VariableToken:
    """An environment variable, e.g. the one GitLab's `id_tokens` names."""

    name: str


@dataclass(frozen=True, slots=True)
class UrlToken:
    """A GET request; `secret_headers` are read when it is sent."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret_headers: Mapping[str, SecretPlace] = field(default_factory=dict)
    format: TokenFormat | None = None


def azure_token(resource: str, url: str = AZURE_TOKEN_URL) -> UrlToken:
    """Azure's instance metadata service, asked for an application's tokens."""
    answer = TokenFormat("json", "access_token")
    return UrlToken(url + resource, headers={"Metadata": "True"}, format=answer)


@dataclass(frozen=True, slots=True)
class CommandToken:
    """A program that prints Google's executable JSON, or the bare token when `plain`."""

    command: str
    timeout_seconds: float = 30.0
    output_file: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class AwsToken:
    """AWS credentials of the environment, else of the metadata service, as a signed request.

    Without `session_token_url` the first version of the metadata service is spoken.
    """

    region_url: str = AWS_REGION_URL
    credentials_url: str = AWS_CREDENTIALS_URL
    session_token_url: str = AWS_SESSION_TOKEN_URL
    verification_url: str = AWS_VERIFICATION_URL


@dataclass(frozen=True, slots=True)
class GithubToken:
    """GitHub Actions' token service; `audience` empty means the provider's own URL."""

    audience: str = ""


@dataclass(frozen=True, slots=True)
class AdfsSecret:
    """An AD FS client's shared secret."""

    secret: SecretPlace


@dataclass(frozen=True, slots=True)
class AdfsCertificate:
    """An AD FS client's certificate and key (PEM), which sign an assertion."""

    certificate: str
    key: str


@dataclass(frozen=True, slots=True)
class AdfsWindows:
    """Windows integrated authentication; without a user the one who is logged in."""

    user: str = ""
    password: SecretPlace = field(default_factory=SecretPlace)


@dataclass(frozen=True, slots=True)
class AdfsToken:
    """AD FS, client credentials grant, for one relying party."""

    token_url: str
    client_id: str
    resource: str
    proof: AdfsSecret | AdfsCertificate | AdfsWindows


@dataclass(frozen=True, slots=True)
class CertificateToken:
    """An X.509 certificate presented by mutual TLS, with the chain above it."""

    certificate: str
    key: str
    trust_chain: str = ""


TokenSource = (
    FileToken
    | VariableToken
    | UrlToken
    | CommandToken
    | AwsToken
    | GithubToken
    | AdfsToken
    | CertificateToken
)
