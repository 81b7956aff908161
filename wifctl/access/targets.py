"""What a target of a grant may be called on the command line."""

from __future__ import annotations

from wifctl.names import (
    PoolName,
    ProjectName,
    RepositoryName,
    SecretName,
    ServiceAccountName,
    parse_name,
)
from wifctl.resource import Address
from wifctl.trust.grants import Target


def names_of(target: Target) -> tuple[str, ...]:
    """The full name, a plan's address, the e-mail of an account, and the bare id."""
    address = address_of(target)
    found = (target.name, str(address) if address else "", target.email, _id(target, address))
    return tuple(name for name in found if name)


def address_of(target: Target) -> Address | None:
    """The address plans print; None for what has none."""
    match parse_name(target.name):
        case ServiceAccountName(project=project, email=email):
            return Address("ServiceAccount", (project, email.partition("@")[0]))
        case SecretName(project=project, secret=secret, location=location):
            path = (project, location, secret) if location else (project, secret)
            return Address("Secret", path)
        case RepositoryName(project=project, location=location, repository=repository):
            return Address("ArtifactRegistryRepository", (project, location, repository))
        case PoolName(project=project, pool=pool):
            return Address("WorkloadIdentityPool", (project, pool))
        case ProjectName(project=project):
            return Address("Project", (project,))
        case _:
            return None


def _id(target: Target, address: Address | None) -> str:
    return address.id if address else target.name.rpartition("/")[2]
