"""Who may enter and what they reach, as one picture: of the manifests, or of what is live."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

from wifctl.diagnostics import Diagnostic, Position
from wifctl.names import is_project_number
from wifctl.resource import Projects, Resource
from wifctl.trust.grants import Grant, Target
from wifctl.trust.provider import ProviderConfig
from wifctl.trust.reach import World


@dataclass(frozen=True, slots=True)
class KnownProvider:
    """A provider as the trust rules see it, and the documents that declare it and its pool."""

    config: ProviderConfig
    project: str
    """By its id where that is known."""
    name: str
    """`metadata.name`, or the id of one no document declares."""
    document: Resource | None = None
    pool: Resource | None = None

    @property
    def pool_id(self) -> str:
        """The id of its pool."""
        return self.config.parts.pool if self.config.parts else ""

    @property
    def is_numbered(self) -> bool:
        """Whether its name carries the project's number, which audiences and principals need."""
        return bool(self.config.parts and is_project_number(self.config.parts.project))

    def position(self, path: str) -> Position | None:
        """Where a field of the provider stands, e.g. `spec.attributeCondition`."""
        return self.document.position_of(path) if self.document else None


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything known of providers, grants and service accounts."""

    providers: tuple[KnownProvider, ...] = ()
    grants: tuple[Grant, ...] = ()
    accounts: tuple[Target, ...] = ()
    projects: Projects = field(default_factory=Projects)
    notes: tuple[Diagnostic, ...] = ()
    """What could not be read, so that an answer may lack something."""

    def world(self, now: datetime.datetime) -> World:
        """The grants and accounts, at one time."""
        return World(self.grants, self.accounts, now, self.projects.numbers)

    def named(self, reference: str) -> Sequence[KnownProvider]:
        """The providers a reference may mean: name, `project/name`, `pool/id` or the full name."""
        return [known for known in self.providers if reference in _names(known)]


def _names(known: KnownProvider) -> frozenset[str]:
    parts = known.config.parts
    names = {known.name, f"{known.project}/{known.name}", known.config.name, known.config.audience}
    if parts:
        tail = f"locations/global/workloadIdentityPools/{parts.pool}/providers/{parts.provider}"
        names |= {f"{parts.pool}/{parts.provider}", f"projects/{known.project}/{tail}"}
    return frozenset(names)
