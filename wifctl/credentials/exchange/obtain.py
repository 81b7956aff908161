"""From a source to the token from outside, whatever the source."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wifctl.credentials.configuration.model import AWS4_REQUEST, JWT, MTLS
from wifctl.credentials.exchange.adfs import adfs_token
from wifctl.credentials.exchange.aws import aws_token
from wifctl.credentials.exchange.certificate import certificate_token
from wifctl.credentials.exchange.command import command_token
from wifctl.credentials.exchange.plain import file_token, variable_token
from wifctl.credentials.exchange.sources import (
    AdfsToken,
    AwsToken,
    CertificateToken,
    CommandToken,
    FileToken,
    GithubToken,
    TokenSource,
    UrlToken,
    VariableToken,
)
from wifctl.credentials.exchange.web import github_token, url_token
from wifctl.credentials.expiry import expiry_of
from wifctl.credentials.ports import SubjectToken, Surroundings


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a token is for: the provider, the kind of token, the account to become."""

    audience: str
    """`//iam.googleapis.com/projects/…`."""
    token_type: str = JWT
    account: str = ""

    @property
    def token_audience(self) -> str:
        """What an issuer that lets the workload choose is asked for: Google's default."""
        return f"https:{self.audience}"


def obtain(source: TokenSource, purpose: Purpose, around: Surroundings) -> SubjectToken:
    """The token from outside, with its end where it says so. Raises TokenUnavailableError."""
    found = _obtain(source, purpose, around)
    if found.expires_at is not None:
        return found
    return replace(found, expires_at=expiry_of(found.value, found.type))


def _obtain(source: TokenSource, purpose: Purpose, around: Surroundings) -> SubjectToken:
    kind = purpose.token_type
    match source:
        case FileToken():
            return SubjectToken(file_token(source), kind)
        case VariableToken():
            return SubjectToken(variable_token(source, around.environment), kind)
        case UrlToken():
            return SubjectToken(url_token(source, around), kind)
        case CommandToken():
            return command_token(source, purpose.audience, kind, purpose.account, around)
        case AwsToken():
            return SubjectToken(aws_token(source, purpose.audience, around), AWS4_REQUEST)
        case GithubToken():
            return SubjectToken(github_token(source, purpose.token_audience, around), kind)
        case AdfsToken():
            return adfs_token(source, kind, around)
        case CertificateToken():
            return SubjectToken(certificate_token(source), MTLS)
