"""What a manifest declares, once loaded: addresses, links, values that are known only later."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wifctl.diagnostics import Position

Fields = Mapping[str, Any]
"""Mask path (`oidc.issuerUri`) → normalised JSON value. The one shape both sides of a plan have."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """What one object is called in plans and `--target`: `Kind/project/…/id`.

    `path` is, by kind: (project, pool) · (project, pool, provider) · (project, account id or
    e-mail) · (project[, location], secret) · (project, location, repository) · (project,) for
    services · (project, service) for a service identity · (target kind, *target path) for an
    IAM policy. A project is written by its id wherever the id is known.
    """

    kind: str
    path: tuple[str, ...]

    @property
    def project(self) -> str:
        """The project the object belongs to."""
        return self.path[1] if self.kind == IAM_POLICY else self.path[0]

    @property
    def id(self) -> str:
        """The last part: the resource id."""
        return self.path[-1]

    def __str__(self) -> str:
        return "/".join((self.kind, *self.path))


IAM_POLICY = "IamPolicy"
SECRET_VERSION = "SecretVersion"  # noqa: S105 - a kind, not a password
SERVICE_IDENTITY = "ServiceIdentity"
PROJECT_SERVICES = "ProjectServices"


def policy_address(target: Address) -> Address:
    """The address of the IAM policy attached to an object."""
    return Address(IAM_POLICY, (target.kind, *target.path))


def policy_target(address: Address) -> Address:
    """The object an IAM policy is attached to."""
    return Address(address.path[0], address.path[1:])


def parse_address(text: str) -> Address:
    """The address a string form stands for; nothing is checked."""
    kind, *path = text.split("/")
    return Address(kind, tuple(path))


@dataclass(frozen=True, slots=True)
class Condition:
    """An IAM condition; expression, title and description together are part of a binding's key."""

    expression: str
    title: str = ""
    description: str = ""


class LaterKind(enum.StrEnum):
    """What a plan may have to leave open."""

    PROJECT_NUMBER = "project-number"
    SECRET_VERSION = "secret-version"  # noqa: S105
    UNIQUE_ID = "unique-id"


@dataclass(frozen=True, slots=True, order=True)
class Later:
    """A text with a hole that apply fills: shown as `(known after apply)`.

    `template` holds one `{}` where the value goes; `subject` is the project id or the address
    whose apply brings the value to light.
    """

    kind: LaterKind
    subject: str
    template: str = "{}"

    def fill(self, value: str) -> str:
        """The text once the value is known."""
        return self.template.replace("{}", value, 1)

    def __str__(self) -> str:
        return self.template.replace("{}", "(known after apply)", 1)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a reference leads; `declared` tells objects of these documents from outside ones."""

    address: Address
    declared: bool = True


class State(enum.StrEnum):
    """`lifecycle.state`."""

    PRESENT = "present"
    ABSENT = "absent"


class OnDeleted(enum.StrEnum):
    """`lifecycle.onDeleted`: what to do with a soft-deleted object that is wanted."""

    UNDELETE = "undelete"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The `lifecycle` block of a document."""

    state: State = State.PRESENT
    on_deleted: OnDeleted = OnDeleted.UNDELETE
    prevent_destroy: bool = False


@dataclass(frozen=True, slots=True)
class Resource:
    """One loaded, checked and resolved document (or one a `Stack` expanded to)."""

    address: Address
    name: str
    """`metadata.name`: for references only."""
    spec: Any
    """The kind's spec: a frozen pydantic model."""
    links: Mapping[str, Link] = field(default_factory=dict)
    """Field path below `spec` → where the reference there leads, e.g. `pool`, `members[0].pool`."""
    lifecycle: Lifecycle = Lifecycle()
    position: Position | None = None
    positions: Mapping[str, Position] = field(default_factory=dict)
    """Field path below the document (`spec.oidc.issuerUri`) → where its value stands."""
    unique_id: str = ""
    """`metadata.uniqueId` of a service account."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Field path below `spec` → text of the file a `{file: path}` there names."""

    def position_of(self, path: str) -> Position | None:
        """Where a field stands, or the longest known prefix of it, or the document."""
        while path:
            if path in self.positions:
                return self.positions[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.position


@dataclass(frozen=True, slots=True)
class Projects:
    """Ids and numbers of projects: two spellings of one thing in every comparison."""

    numbers: Mapping[str, str] = field(default_factory=dict)
    """Project id → number."""

    def number(self, project: str) -> str | None:
        """The number of a project given by either spelling, or None when unknown."""
        return project if project.isdigit() else self.numbers.get(project)

    def canonical(self, project: str) -> str:
        """The id where it is known, else the spelling given."""
        if not project.isdigit():
            return project
        return next((i for i, number in self.numbers.items() if number == project), project)

    def with_number(self, project: str, number: str) -> Projects:
        """The same, knowing one more project."""
        return Projects({**self.numbers, project: number})
