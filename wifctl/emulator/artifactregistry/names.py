"""Names of repositories: any project form in, the very form of the request out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wifctl.emulator.errors import denied, invalid
from wifctl.emulator.locations import ARTIFACT_REGISTRY, no_location
from wifctl.emulator.projects import Project
from wifctl.emulator.service import Context

_HOST = "//artifactregistry.googleapis.com/"
_PLACE = re.compile(r"projects/([^/]+)/locations/([^/]+)")
_REPOSITORY = re.compile(r"(projects/[^/]+/locations/[^/]+)/repositories/([^/]+)")
_REPOSITORY_ID = re.compile(r"[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?|(?:(?:us|eu|asia)\.)?gcr\.io")
"""A choice, from what the console asks for; no document states the rule. `gcr.io` repositories are
those that take over from Container Registry."""


@dataclass(frozen=True, slots=True)
class Place:
    """A project's location."""

    project: Project
    location: str
    requested: str
    """As the caller spelled it."""

    @property
    def canonical(self) -> str:
        """With the project number."""
        return f"projects/{self.project.number}/locations/{self.location}"


@dataclass(frozen=True, slots=True)
class Name:
    """A repository, existing or not."""

    place: Place
    repository: str

    @property
    def canonical(self) -> str:
        """The name under which it is stored."""
        return f"{self.place.canonical}/repositories/{self.repository}"

    def __str__(self) -> str:
        return f"{self.place.requested}/repositories/{self.repository}"


def place_of(context: Context, parent: str, permission: str) -> Place:
    """The project and location of a parent; raises when either does not exist."""
    found = _PLACE.fullmatch(parent)
    if not found:
        raise invalid("Request contains an invalid argument.")
    project = context.projects.require(found[1], permission, f"{_HOST}{parent}")
    if found[2] not in ARTIFACT_REGISTRY:
        raise no_location(found[2])
    return Place(project, found[2], parent)


def name_of(context: Context, name: str, permission: str) -> Name:
    """The parts of a repository's name."""
    found = _REPOSITORY.fullmatch(name)
    if not found:
        raise invalid("Request contains an invalid argument.")
    project = found[1].split("/")[1]
    if context.projects.find(project) is None:
        raise denied(permission, f"{_HOST}{name}")
    return Name(place_of(context, found[1], permission), found[2])


def check_id(repository_id: str) -> None:
    """Refuse an id that no repository can have."""
    if not _REPOSITORY_ID.fullmatch(repository_id):
        raise invalid(
            f'Invalid repository id "{repository_id}": it must start with a lowercase letter, may '
            "hold lowercase letters, digits and hyphens, cannot end with a hyphen, and is at most "
            "63 characters long."
        )
