"""What a live repository says of its upstream."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wifctl.api import Json
from wifctl.names import RepositoryName, SecretVersionName, parse_name

PYPI = "PYPI"
_BLOCKS = ("pythonRepository", "commonRepository")
PASSWORD_PATH = (
    "remoteRepositoryConfig.upstreamCredentials.usernamePasswordCredentials.passwordSecretVersion"  # noqa: S105
)
"""The mask of the one field a rotation changes."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """How a repository signs in upstream; empty where it does not."""

    user: str
    version: str
    """`projects/P/secrets/S/versions/V` as it stands there."""

    @property
    def name(self) -> SecretVersionName | None:
        """The version's parts, or None when it is named wrongly."""
        found = parse_name(self.version)
        return found if isinstance(found, SecretVersionName) else None


def upstream_of(repository: Json) -> str:
    """The upstream's URI, or the name of another repository."""
    remote = repository.get("remoteRepositoryConfig", {})
    for block in _BLOCKS:
        found = remote.get(block, {})
        uri = found.get("uri") or found.get("customRepository", {}).get("uri")
        if uri:
            return str(uri)
    return PYPI


def upstream_repository(repository: Json) -> RepositoryName | None:
    """The repository that is the upstream, where it is one of Artifact Registry."""
    found = parse_name(upstream_of(repository))
    return found if isinstance(found, RepositoryName) else None


def credentials_of(repository: Json) -> Credentials | None:
    """The upstream credentials, or None without."""
    remote = repository.get("remoteRepositoryConfig", {})
    pair = remote.get("upstreamCredentials", {}).get("usernamePasswordCredentials", {})
    version, user = pair.get("passwordSecretVersion", ""), pair.get("username", "")
    return Credentials(user, version) if version or user else None


def members_of(repository: Json) -> Sequence[str]:
    """The repositories a virtual one serves, highest priority first."""
    policies = repository.get("virtualRepositoryConfig", {}).get("upstreamPolicies", [])
    ordered = sorted(policies, key=lambda policy: -int(policy.get("priority", 0)))
    return [str(policy.get("repository", "")) for policy in ordered]


def with_password(version: str) -> Json:
    """The body of the patch that repoints a repository."""
    pair = {"passwordSecretVersion": version}
    credentials = {"usernamePasswordCredentials": pair}
    return {"remoteRepositoryConfig": {"upstreamCredentials": credentials}}
