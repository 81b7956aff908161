"""Resource names of Google's APIs: text ↔ parts. Field rules live with the kinds, not here."""

from __future__ import annotations

import re
from dataclasses import dataclass

PROJECT_ID = re.compile(r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")
"""Resource Manager: 6 to 30 characters; a domain-scoped id carries `example.com:` in front."""
PROJECT_NUMBER = re.compile(r"[0-9]{5,20}")

_SEGMENT = r"[^/]+"


def is_project_number(text: str) -> bool:
    """Whether a project is named by its number rather than its id."""
    return PROJECT_NUMBER.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class ProjectName:
    """`projects/PROJECT`, by id or by number."""

    project: str

    def __str__(self) -> str:
        return f"projects/{self.project}"


@dataclass(frozen=True, slots=True)
class PoolName:
    """`projects/P/locations/global/workloadIdentityPools/POOL`; `global` is the only location."""

    project: str
    pool: str

    def __str__(self) -> str:
        return f"projects/{self.project}/locations/global/workloadIdentityPools/{self.pool}"


@dataclass(frozen=True, slots=True)
class ProviderName:
    """`…/workloadIdentityPools/POOL/providers/PROVIDER`."""

    project: str
    pool: str
    provider: str

    @property
    def parent(self) -> PoolName:
        """The pool that holds the provider."""
        return PoolName(self.project, self.pool)

    @property
    def audience(self) -> str:
        """The STS audience, which Google accepts only with the project *number*."""
        return f"//iam.googleapis.com/{self}"

    def __str__(self) -> str:
        return f"{self.parent}/providers/{self.provider}"


@dataclass(frozen=True, slots=True)
class ServiceAccountName:
    """`projects/P/serviceAccounts/EMAIL`; P may be `-` when only the e-mail is known."""

    project: str
    email: str

    @classmethod
    def of(cls, project: str, account_id: str) -> ServiceAccountName:
        """The name of an account by its id; a domain-scoped project turns its domain around."""
        return cls(project, service_account_email(project, account_id))

    def __str__(self) -> str:
        return f"projects/{self.project}/serviceAccounts/{self.email}"


@dataclass(frozen=True, slots=True)
class SecretName:
    """`projects/P/secrets/S`, or `projects/P/locations/L/secrets/S` for a regional secret."""

    project: str
    secret: str
    location: str = ""

    def __str__(self) -> str:
        where = f"/locations/{self.location}" if self.location else ""
        return f"projects/{self.project}{where}/secrets/{self.secret}"


@dataclass(frozen=True, slots=True)
class SecretVersionName:
    """`…/secrets/S/versions/V`; V is a number, an alias or `latest`."""

    secret: SecretName
    version: str

    def __str__(self) -> str:
        return f"{self.secret}/versions/{self.version}"


@dataclass(frozen=True, slots=True)
class RepositoryName:
    """`projects/P/locations/L/repositories/R`."""

    project: str
    location: str
    repository: str

    def __str__(self) -> str:
        return f"projects/{self.project}/locations/{self.location}/repositories/{self.repository}"


@dataclass(frozen=True, slots=True)
class ServiceName:
    """`projects/P/services/S`, e.g. `projects/acme/services/iam.googleapis.com`."""

    project: str
    service: str

    def __str__(self) -> str:
        return f"projects/{self.project}/services/{self.service}"


ResourceName = (
    ProjectName
    | PoolName
    | ProviderName
    | ServiceAccountName
    | SecretName
    | SecretVersionName
    | RepositoryName
    | ServiceName
)

_POOL = re.compile(
    rf"projects/({_SEGMENT})/locations/global/workloadIdentityPools/({_SEGMENT})"
    rf"(?:/providers/({_SEGMENT}))?"
)
_ACCOUNT = re.compile(rf"projects/({_SEGMENT})/serviceAccounts/({_SEGMENT})")
_SECRET = re.compile(
    rf"projects/({_SEGMENT})(?:/locations/({_SEGMENT}))?/secrets/({_SEGMENT})"
    rf"(?:/versions/({_SEGMENT}))?"
)
_REPOSITORY = re.compile(rf"projects/({_SEGMENT})/locations/({_SEGMENT})/repositories/({_SEGMENT})")
_SERVICE = re.compile(rf"projects/({_SEGMENT})/services/({_SEGMENT})")
_PROJECT = re.compile(rf"projects/({_SEGMENT})")
_HOST = re.compile(r"(?:https?:)?//[a-z0-9.-]+/(?:v\d\w*/)?")


def parse_name(text: str) -> ResourceName | None:
    """The parts of a full resource name, or None when the text is none.

    The `//service.googleapis.com/` prefix of Cloud Asset names and the `https://…/v1/` of a
    self link are taken off first.
    """
    text = _HOST.sub("", text, count=1)
    if found := _POOL.fullmatch(text):
        project, pool, provider = found.groups()
        return ProviderName(project, pool, provider) if provider else PoolName(project, pool)
    if found := _ACCOUNT.fullmatch(text):
        return ServiceAccountName(*found.groups())
    if found := _SECRET.fullmatch(text):
        project, location, secret, version = found.groups()
        name = SecretName(project, secret, location or "")
        return SecretVersionName(name, version) if version else name
    if found := _REPOSITORY.fullmatch(text):
        return RepositoryName(*found.groups())
    if found := _SERVICE.fullmatch(text):
        return ServiceName(*found.groups())
    if found := _PROJECT.fullmatch(text):
        return ProjectName(found[1])
    return None


def service_account_email(project: str, account_id: str) -> str:
    """The e-mail Google gives an account: `ID@PROJECT.iam.gserviceaccount.com`."""
    domain, _, scoped = project.rpartition(":")
    host = f"{scoped}.{domain}" if domain else project
    return f"{account_id}@{host}.iam.gserviceaccount.com"


_EMAIL = re.compile(r"([^@/]+)@([a-z0-9-]+)(?:\.([a-z0-9.-]+))?\.iam\.gserviceaccount\.com")


def parse_service_account_email(email: str) -> ServiceAccountName | None:
    """The account behind a user-managed e-mail, or None (default accounts, agents, others)."""
    found = _EMAIL.fullmatch(email)
    if not found or found[2].startswith("gcp-sa-"):
        return None
    project = f"{found[3]}:{found[2]}" if found[3] else found[2]
    return ServiceAccountName(project, email)
