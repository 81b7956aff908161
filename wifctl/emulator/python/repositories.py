"""Python repositories of every mode: what a project has, and the bytes of one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from wifctl.emulator.artifactregistry import state
from wifctl.emulator.artifactregistry.names import Name, name_of
from wifctl.emulator.errors import ApiError, Json, invalid, not_found
from wifctl.emulator.python import agent, files, remote
from wifctl.emulator.python.remote import Answers
from wifctl.emulator.service import Context

STANDARD, REMOTE, VIRTUAL = "STANDARD_REPOSITORY", "REMOTE_REPOSITORY", "VIRTUAL_REPOSITORY"
DEPTH = 8
"""How many virtual repositories may stand behind one another."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository a request is about, with what upstreams have answered so far."""

    context: Context
    name: Name
    stored: Json
    answers: Answers
    depth: int = DEPTH

    @property
    def mode(self) -> str:
        """Standard, remote or virtual."""
        return str(self.stored["mode"])

    @property
    def remote(self) -> Json:
        """The configuration of a remote repository."""
        found: Json = self.stored.get("remoteRepositoryConfig", {})
        return found


def open_repository(
    context: Context, name: str, answers: Answers, depth: int = DEPTH
) -> Repository:
    """An existing Python repository. Raises NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT."""
    found = name_of(context, name, agent.DOWNLOAD)
    stored = context.store.get(state.KIND, found.canonical)
    if stored is None:
        raise not_found(f"Repository {name} does not exist.")
    if stored["format"] != "PYTHON":
        raise invalid(f"Repository {name} has the format {stored['format']}, not PYTHON.")
    return Repository(context, found, stored, answers, depth)


def listing(repository: Repository, project: str) -> dict[str, Json]:
    """The files of a project by name; empty where there is no such project."""
    context, name = repository.context, repository.name
    if repository.mode == REMOTE:
        return remote.listing(context, name, repository.remote, project, repository.answers)
    if repository.mode == VIRTUAL:
        return {
            filename: entry
            for group in reversed(_serving(repository, project))
            for filename, entry in listing(group, project).items()
        }
    return files.stored(context.store, name.canonical, project)


def content(repository: Repository, project: str, filename: str) -> bytes:
    """The bytes of a file. Raises NOT_FOUND, or what keeps an upstream from giving it."""
    return _read(repository, project, filename, remote.content, "sha256")


def metadata(repository: Repository, project: str, filename: str) -> bytes:
    """The metadata file that belongs to a wheel. Raises NOT_FOUND."""
    return _read(repository, project, filename, remote.metadata, "metadata")


def projects(repository: Repository) -> list[str]:
    """What a repository holds; of a remote one, what was fetched through it."""
    if repository.mode == VIRTUAL:
        return sorted({p for _, child in _children(repository) for p in projects(child)})
    return files.projects(repository.context.store, repository.name.canonical)


_FromRemote = Callable[[Context, Name, Json, str, str, Answers], bytes]


def _read(repository: Repository, project: str, filename: str, ask: _FromRemote, key: str) -> bytes:
    context, name = repository.context, repository.name
    if repository.mode == REMOTE:
        return ask(context, name, repository.remote, project, filename, repository.answers)
    if repository.mode == VIRTUAL:
        for child in _serving(repository, project):
            if filename in listing(child, project):
                return _read(child, project, filename, ask, key)
        raise not_found()
    digest = files.stored(context.store, name.canonical, project).get(filename, {}).get(key)
    if not digest:
        raise not_found()
    return files.blob(context.store, digest)


def _serving(repository: Repository, project: str) -> list[Repository]:
    """The upstream repositories that serve a project: those of the highest priority that know it.

    Whole projects, not single versions, are decided on: "in more than one upstream repository"
    says no more, and only so does a private package win over a public one with a higher version.
    An upstream that fails fails the request, lest a lower one step in for it.
    """
    for _, group in groupby(_children(repository), key=lambda found: found[0]):
        serving = [child for _, child in group if listing(child, project)]
        if serving:
            return serving
    return []


def _children(repository: Repository) -> Iterator[tuple[int, Repository]]:
    """Upstream repositories with their priorities, the highest first."""
    if not repository.depth:
        raise invalid("Virtual repositories refer to each other in a circle.")
    config = repository.stored.get("virtualRepositoryConfig", {})
    policies = config.get("upstreamPolicies", [])
    for policy in sorted(policies, key=lambda p: -int(p.get("priority", 0))):
        yield int(policy.get("priority", 0)), _child(repository, policy["repository"])


def _child(repository: Repository, upstream: str) -> Repository:
    context = repository.context
    try:
        found = open_repository(context, upstream, repository.answers, repository.depth - 1)
    except ApiError as error:
        why = f"(the upstream policy names {upstream}: {error.message})"
        raise ApiError(error.status, error.message, remark=why) from None
    agent.require_reader(context, repository.name.place.project, found.name)
    return found
