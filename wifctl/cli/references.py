"""Providers and accounts on the command line: a name in the manifests, or a full name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wifctl.cli.loading import sound_manifests
from wifctl.cli.session import Session
from wifctl.cli.target import opened, with_api
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.manifest.load import load
from wifctl.manifest.options import Loaded, LoadOptions
from wifctl.names import (
    ProviderName,
    RepositoryName,
    SecretName,
    is_project_number,
    parse_name,
    service_account_email,
)
from wifctl.resource import Projects, Resource

PROVIDER = "WorkloadIdentityPoolProvider"
ACCOUNT = "ServiceAccount"
SECRET = "Secret"  # noqa: S105 - a kind
REPOSITORY = "ArtifactRegistryRepository"


@dataclass(slots=True)
class References:
    """Looks names up; the manifests are read once, and only when a name needs them."""

    session: Session
    paths: Sequence[str] = ()
    _loaded: Loaded | None = field(default=None, init=False)

    @property
    def loaded(self) -> Loaded:
        """The manifests. Raises WifctlError when they are faulty."""
        if self._loaded is None:
            self._loaded = sound_manifests(self.session, self.paths)
        return self._loaded

    def provider(self, reference: str) -> ProviderName:
        """A provider with its project's number: `name`, `project/name` or the full name."""
        name = parse_name(reference)
        if not isinstance(name, ProviderName):
            project, pool, provider = self._declared(PROVIDER, reference).address.path
            name = ProviderName(project, pool, provider)
        if is_project_number(name.project):
            return name
        return ProviderName(self._number(name.project), name.pool, name.provider)

    def account(self, reference: str) -> str:
        """The e-mail of an account: `name`, `project/name` or the e-mail itself."""
        if not reference or "@" in reference:
            return reference
        project, account = self._declared(ACCOUNT, reference).address.path
        return account if "@" in account else service_account_email(project, account)

    def repository(self, reference: str) -> RepositoryName:
        """An Artifact Registry repository: `name`, `project/name` or the full name."""
        name = parse_name(reference)
        if isinstance(name, RepositoryName):
            return name
        project, location, repository = self._declared(REPOSITORY, reference).address.path
        return RepositoryName(project, location, repository)

    def secret(self, reference: str) -> SecretName:
        """A secret: `name`, `project/name` or the full name."""
        name = parse_name(reference)
        if isinstance(name, SecretName):
            return name
        project, *place, secret = self._declared(SECRET, reference).address.path
        return SecretName(project, secret, *place)

    @property
    def numbers(self) -> Mapping[str, str]:
        """Project ids and numbers of `wifctl.yaml`, the manifests being read or not."""
        known = self._loaded.settings.projects if self._loaded else self._settled()
        return known.numbers

    def _declared(self, kind: str, reference: str) -> Resource:
        project, _, name = reference.rpartition("/")
        same = [r for r in self.loaded.resources if r.address.kind == kind]
        found = [r for r in same if r.name == name and project in ("", r.address.project)]
        if len(found) == 1:
            return found[0]
        wrong = "is not the only one" if found else "is not in the manifests"
        text = f"{kind} {reference!r} {wrong}"
        known = ", ".join(f"{r.address.project}/{r.name}" for r in found or same)
        raise WifctlError(Diagnostic("unknown-reference", text, allowed=known or "a full name"))

    def _number(self, project: str) -> str:
        known = self._loaded.settings.projects if self._loaded else self._settled()
        found = known.number(project)
        if found:
            return found
        with opened(self.session, known.numbers) as target:
            _, number = with_api(target, lambda api: api.projects.get(project))
        return number

    def _settled(self) -> Projects:
        """The projects of `wifctl.yaml`, without the manifests being there."""
        options = LoadOptions(environment=self.session.environment)
        return load((), options).settings.projects
