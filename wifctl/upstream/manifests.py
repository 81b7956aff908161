"""What manifests say of repositories that sign in with a secret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wifctl.diagnostics import Diagnostic, Severity
from wifctl.kinds.repository import NAME, repository_name
from wifctl.kinds.secret import secret_name
from wifctl.names import RepositoryName, SecretName
from wifctl.resource import Resource, State

_FIELD = "upstreamCredentials.passwordSecretVersion"


def declared_consumers(resources: Iterable[Resource], secret: SecretName) -> list[RepositoryName]:
    """The repositories whose documents refer to a secret."""
    return [repository_name(resource.address) for resource in _naming(resources, secret)]


def pinned(resources: Iterable[Resource], secret: SecretName, version: str) -> Iterator[Diagnostic]:
    """Documents that name another version by its number: the next apply would go back to it."""
    for resource in _naming(resources, secret):
        wanted = resource.spec.upstream_credentials.password_secret_version.version
        if wanted not in ("newest", version):
            yield Diagnostic(
                "pinned-version",
                f"the manifest names version {wanted}, and the rotation went to {version}",
                Severity.WARNING,
                position=resource.position_of(f"spec.{_FIELD}.version"),
                path=f"spec.{_FIELD}.version",
                fix="write `version: newest`, lest the next apply goes back",
            )


def _naming(resources: Iterable[Resource], secret: SecretName) -> Iterator[Resource]:
    for resource in resources:
        link = resource.links.get(f"{_FIELD}.secret")
        if resource.address.kind != NAME or resource.lifecycle.state is not State.PRESENT:
            continue
        if link and secret_name(link.address) == secret:
            yield resource
