"""Full resource names → addresses, and which kind of document declares what."""

from __future__ import annotations

from wifctl.names import (
    PoolName,
    ProjectName,
    ProviderName,
    RepositoryName,
    ResourceName,
    SecretName,
    SecretVersionName,
    ServiceAccountName,
    ServiceName,
    parse_name,
    parse_service_account_email,
)
from wifctl.resource import SECRET_VERSION, Address, Projects

_PREFIXES = ("projects/", "//", "https://", "http://")


def is_full_name(text: str) -> bool:
    """Whether a reference is meant as a full resource name or an e-mail, right or wrong."""
    return text.startswith(_PREFIXES) or "@" in text


def address_of(text: str, projects: Projects) -> Address | None:
    """The address of a full resource name or service account e-mail; None when it is neither."""
    if "@" in text and "/" not in text:
        account = parse_service_account_email(text.lower())
        if account is None:
            return Address("ServiceAccount", ("-", text.lower()))
        return _address(account, projects)
    name = parse_name(text)
    return None if name is None else _address(name, projects)


def _address(name: ResourceName, projects: Projects) -> Address:
    match name:
        case PoolName(project, pool):
            found = "WorkloadIdentityPool", (project, pool)
        case ProviderName(project, pool, provider):
            return Address(
                "WorkloadIdentityPoolProvider", (projects.canonical(project), pool, provider)
            )
        case ServiceAccountName():
            return _account(name, projects)
        case SecretName():
            return _secret(name, projects)
        case SecretVersionName(secret, version):
            parent = _secret(secret, projects)
            return Address(SECRET_VERSION, (*parent.path, version))
        case RepositoryName(project, location, repository):
            project = projects.canonical(project)
            return Address("ArtifactRegistryRepository", (project, location, repository))
        case ServiceName(project, service):
            found = "ServiceIdentity", (project, service)
        case ProjectName(project):
            return Address("Project", (projects.canonical(project),))
    kind, (project, last) = found
    return Address(kind, (projects.canonical(project), last))


def _secret(name: SecretName, projects: Projects) -> Address:
    where = (name.location,) if name.location else ()
    return Address("Secret", (projects.canonical(name.project), *where, name.secret))


def _account(name: ServiceAccountName, projects: Projects) -> Address:
    """By account id where the e-mail is a user-managed one, else by the e-mail."""
    parsed = parse_service_account_email(name.email)
    if parsed is None:
        return Address("ServiceAccount", (projects.canonical(name.project), name.email))
    account_id = name.email.partition("@")[0]
    return Address("ServiceAccount", (projects.canonical(parsed.project), account_id))
