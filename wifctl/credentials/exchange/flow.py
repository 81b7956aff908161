"""The whole way: a token from outside, Google's token for it, and a service account's for that."""

from __future__ import annotations

from dataclasses import dataclass

from wifctl.credentials.configuration.model import DEFAULT_UNIVERSE, JWT
from wifctl.credentials.exchange.obtain import Purpose, obtain
from wifctl.credentials.exchange.sources import CertificateToken, TokenSource
from wifctl.credentials.ports import (
    AccessToken,
    ClientCertificate,
    Impersonation,
    SubjectToken,
    Surroundings,
    TokenService,
)

CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"
IAM = "https://www.googleapis.com/auth/iam"
"""All the federated token needs in order to impersonate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One exchange, before it is made."""

    audience: str
    """`//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/…`."""
    source: TokenSource
    token_url: str
    subject_token_type: str = JWT
    scopes: tuple[str, ...] = (CLOUD_PLATFORM,)
    impersonation: Impersonation | None = None

    @property
    def purpose(self) -> Purpose:
        """What the token from outside is for."""
        account = self.impersonation.account if self.impersonation else ""
        return Purpose(self.audience, self.subject_token_type, account)


@dataclass(frozen=True, slots=True)
class TokenHosts:
    """Where Google's two token services are: `https://sts.googleapis.com`, or an emulator."""

    sts: str
    credentials: str

    def impersonation(
        self, account: str, delegates: tuple[str, ...] = (), lifetime_seconds: int = 3600
    ) -> Impersonation:
        """How to become an account, through delegates in order, for 600 to 43,200 seconds."""
        url = f"{self.credentials}/v1/projects/-/serviceAccounts/{account}:generateAccessToken"
        return Impersonation(url, account, delegates, lifetime_seconds)

    @property
    def token_url(self) -> str:
        """Where tokens are exchanged."""
        return f"{self.sts}/v1/token"


def token_hosts(
    endpoint: str = "", universe: str = DEFAULT_UNIVERSE, *, mtls: bool = False
) -> TokenHosts:
    """Google's hosts of a universe, or an emulator's one; `mtls` for certificates."""
    if endpoint:
        return TokenHosts(endpoint.rstrip("/"), endpoint.rstrip("/"))
    domain = f"mtls.{universe}" if mtls else universe
    return TokenHosts(f"https://sts.{domain}", f"https://iamcredentials.{domain}")


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Both ends of an exchange that worked."""

    subject: SubjectToken
    token: AccessToken


def exchange(request: Exchange, around: Surroundings, service: TokenService) -> Exchanged:
    """Make the exchange. Raises TokenUnavailableError before, TokenRefusedError at Google."""
    subject = obtain(request.source, request.purpose, around)
    return Exchanged(subject, redeem(request, subject, service))


def redeem(request: Exchange, subject: SubjectToken, service: TokenService) -> AccessToken:
    """Google's token for one from outside. Raises TokenRefusedError."""
    scopes = (IAM,) if request.impersonation else request.scopes
    federated = service.exchange(
        request.token_url, request.audience, subject, scopes, _certificate(request.source)
    )
    if request.impersonation is None:
        return federated
    return service.impersonate(federated, request.impersonation, request.scopes)


def _certificate(source: TokenSource) -> ClientCertificate | None:
    if isinstance(source, CertificateToken):
        return ClientCertificate(source.certificate, source.key)
    return None
