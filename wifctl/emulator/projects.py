"""Which projects exist: id and number are one project in every request."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wifctl.emulator.errors import ApiError, denied
from wifctl.emulator.store import Store
from wifctl.names import PROJECT_ID, is_project_number

KIND = "project"
"""Under which Resource Manager stores what it knows of a project, by `projects/NUMBER`."""


@dataclass(frozen=True, slots=True)
class Project:
    """One project under both its names."""

    id: str
    number: str


class Projects:
    """Declared projects only; or, when none is declared, every valid id with a derived number."""

    def __init__(
        self, declared: Mapping[str, str] | None = None, known: Mapping[str, str] | None = None
    ) -> None:
        """`declared` maps ids to numbers (decimal text); `known` does, and others exist too."""
        self._only_declared = bool(declared)
        self._by_key: dict[str, Project] = {}
        self._store: Store | None = None
        self._told = {**(known or {}), **(declared or {})}
        self.forget()

    def forget(self) -> None:
        """Know no other projects than at the start."""
        self._by_key.clear()
        for project_id, number in self._told.items():
            self._learn(Project(project_id, number))

    def find(self, text: str) -> Project | None:
        """The project behind an id or a number, or None when there is none."""
        known = self._by_key.get(text)
        if known or self._only_declared:
            return known or self._created(text)
        if is_project_number(text):
            return self._learn(Project(f"project-{text}", text))
        if PROJECT_ID.fullmatch(text):
            return self._learn(Project(text, derived_number(text)))
        return None

    def require(self, text: str, permission: str, resource: str = "") -> Project:
        """The project, or IAM's PERMISSION_DENIED: an unknown project is never a 404.

        `resource` is the full name the sentence shows; default Resource Manager's.
        """
        project = self.find(text)
        if project is None:
            raise denied(permission, resource or f"//cloudresourcemanager.googleapis.com/{text}")
        return project

    def known(self) -> tuple[Project, ...]:
        """Every project declared, created or seen so far."""
        everything = (*self._by_key.values(), *self._all_created())
        return tuple({p.number: p for p in everything}.values())

    @property
    def only_declared(self) -> bool:
        """Whether no project exists but those declared, or created here."""
        return self._only_declared

    def suggest(self, project_id: str, number: str) -> None:
        """A number for a project nobody has spoken of yet; known ones keep theirs."""
        named = (project_id, number)
        known = any(name in self._by_key or self._created(name) for name in named)
        if not self._only_declared and not known:
            self._learn(Project(project_id, number))

    def attach(self, store: Store) -> None:
        """Where the projects are that Resource Manager has created, and those of accounts.

        A derived number leads back to its id only once the id was seen: a reopened state has.
        """
        self._store = store
        for _name, account in store.walk("account"):
            self.find(account["projectId"])

    def _created(self, text: str) -> Project | None:
        found = (p for p in self._all_created() if text in (p.id, p.number))
        return next(found, None)

    def _all_created(self) -> Iterator[Project]:
        for name, record in self._store.list(KIND, "projects") if self._store else ():
            yield Project(record["projectId"], name.rpartition("/")[2])

    def _learn(self, project: Project) -> Project:
        self._by_key[project.number] = project
        self._by_key[project.id] = project
        return project


def derived_number(project_id: str) -> str:
    """The number an undeclared project gets: twelve digits, the same in every run."""
    digest = int.from_bytes(hashlib.sha256(project_id.encode()).digest()[:8], "big")
    return str(100_000_000_000 + digest % 900_000_000_000)


def forbidden() -> ApiError:
    """Resource Manager's answer for a project that is unknown or not the caller's."""
    return ApiError("PERMISSION_DENIED", "The caller does not have permission")
