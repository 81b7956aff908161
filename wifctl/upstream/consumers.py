"""Which live repositories take their upstream password from a secret."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wifctl.api import Api, ApiError, Status
from wifctl.names import RepositoryName, SecretName, SecretVersionName
from wifctl.parallel import each
from wifctl.upstream.configuration import credentials_of


@dataclass(frozen=True, slots=True)
class Consumer:
    """A repository, and the version it names now."""

    name: RepositoryName
    version: str
    """A number, an alias, or `latest`; empty where Google hides it and only a manifest says so."""


@dataclass(frozen=True, slots=True)
class Consumers:
    """All repositories found, and the places nobody may look into."""

    found: tuple[Consumer, ...]
    unseen: tuple[str, ...] = ()
    """Projects whose repositories could not be listed at all."""


async def consumers_of(
    api: Api, secret: SecretName, names: Iterable[RepositoryName], projects: Iterable[str]
) -> Consumers:
    """Those that name a secret: of `names`, which manifests say do, and of all in some projects."""
    unseen: list[str] = []
    declared = frozenset(names)
    wanted = dict.fromkeys(declared)
    for project in dict.fromkeys(projects):
        listed = await _listed(api, project)
        if listed is None:
            unseen.append(project)
        wanted |= dict.fromkeys(listed or ())
    numbers = await _numbers(api, secret.project, [name.project for name in wanted])
    looks = await each(sorted(wanted, key=str), lambda name: _look(api, name), 16)
    found = [look.consumer for look in looks if look.means(secret, numbers, declared)]
    return Consumers(tuple(found), tuple(unseen))


async def named_version(api: Api, name: RepositoryName) -> SecretVersionName | None:
    """The secret version a repository takes its password from."""
    credentials = credentials_of(await api.repositories.get(name))
    return credentials.name if credentials else None


async def _listed(api: Api, project: str) -> list[RepositoryName] | None:
    """The repositories of a project, or None when nobody may list them in any location."""
    try:
        locations = await api.repositories.locations(project)
    except ApiError as error:
        if error.status is Status.PERMISSION_DENIED:
            return [] if error.is_service_disabled else None
        raise
    pages = await each(locations, lambda place: _in_location(api, project, place), 16)
    if pages and all(page is None for page in pages):
        return None
    return [name for page in pages for name in page or ()]


async def _in_location(api: Api, project: str, location: str) -> list[RepositoryName] | None:
    found: list[RepositoryName] = []
    try:
        async for page in api.repositories.list(project, location):
            ids = (str(repository["name"]).rsplit("/", 1)[-1] for repository in page)
            found += [RepositoryName(project, location, repository) for repository in ids]
    except ApiError as error:
        if error.is_service_disabled:
            return []
        if error.status in (Status.PERMISSION_DENIED, Status.NOT_FOUND):
            return None
        raise
    return found


@dataclass(frozen=True, slots=True)
class _Look:
    name: RepositoryName
    version: SecretVersionName | None
    is_there: bool = True

    @property
    def consumer(self) -> Consumer:
        return Consumer(self.name, self.version.version if self.version else "")

    def means(
        self, secret: SecretName, same: Sequence[str], declared: frozenset[RepositoryName]
    ) -> bool:
        if self.version is None:
            return self.is_there and self.name in declared
        found = self.version.secret
        where = (found.secret, found.location) == (secret.secret, secret.location)
        return where and found.project in (secret.project, *same)


async def _look(api: Api, name: RepositoryName) -> _Look:
    try:
        return _Look(name, await named_version(api, name))
    except ApiError as error:
        if error.status is Status.NOT_FOUND:
            return _Look(name, None, is_there=False)
        raise


async def _numbers(api: Api, project: str, others: Sequence[str]) -> Sequence[str]:
    """Id and number of the secret's project; the port is asked only when there is something."""
    return await api.projects.get(project) if others else (project,)
