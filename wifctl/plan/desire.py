"""The desired side: documents regrouped into objects, grants per target, payloads and services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wifctl.kinds.base import Facts, Kind
from wifctl.kinds.body import explicit_nulls
from wifctl.kinds.members import member_text
from wifctl.kinds.registry import kind as kind_of
from wifctl.plan.normal import normal_fields, raw_fields
from wifctl.resource import SECRET_VERSION, Address, Condition, Fields, Later, Resource, State
from wifctl.schema import Carry


@dataclass(frozen=True, slots=True)
class Desired:
    """One object a document wants, in the shape that is compared and in the shape that is sent."""

    resource: Resource
    kind: Kind
    fields: Fields
    raw: Fields
    nulls: frozenset[str] = frozenset()

    @property
    def address(self) -> Address:
        """Where the object lives."""
        return self.resource.address


@dataclass(frozen=True, slots=True)
class Grant:
    """One member that is to have, or to lose, one role on one target."""

    target: Address
    role: str
    member: str | Later
    condition: Condition | None = None
    origin: str = ""
    wanted: bool = True
    """False where the document is absent."""


@dataclass(frozen=True, slots=True)
class TargetGrants:
    """All grants of all documents on one target."""

    target: Address
    grants: tuple[Grant, ...] = ()
    authoritative: frozenset[str] = frozenset()
    """Roles of which no manifest-less member stays, under any condition."""
    links: frozenset[Address] = frozenset()
    """Objects the members stand for."""
    agents: Mapping[str | Later, Address] = field(default_factory=dict)
    """Member → service identity, for members that are service agents."""

    @property
    def is_wanted(self) -> bool:
        """Whether a document that is present grants here."""
        return any(grant.wanted for grant in self.grants)


@dataclass(frozen=True, slots=True)
class DesiredState:
    """Everything the documents want, ready to be compared."""

    objects: tuple[Desired, ...] = ()
    absent: tuple[Resource, ...] = ()
    targets: Mapping[Address, TargetGrants] = field(default_factory=dict)
    versions: tuple[Resource, ...] = ()
    """Secrets that say where their payload comes from."""


def desire(resources: Iterable[Resource], facts: Facts) -> DesiredState:
    """Regroup loaded documents; nothing is compared yet."""
    loaded = tuple(resources)
    present = [r for r in loaded if r.lifecycle.state is State.PRESENT]
    absent = [r for r in loaded if r.lifecycle.state is State.ABSENT]
    return DesiredState(
        tuple(_object(resource, facts) for resource in present if _remote(resource)),
        tuple(resource for resource in absent if _remote(resource)),
        targets_of(loaded, facts),
        tuple(r for r in present if getattr(r.spec, "version", None) is not None),
    )


def version_address(secret: Address) -> Address:
    """The address of a secret's payload."""
    return Address(SECRET_VERSION, secret.path)


def _remote(resource: Resource) -> bool:
    return kind_of(resource.address.kind).remote is not None


def _object(resource: Resource, facts: Facts) -> Desired:
    kind = kind_of(resource.address.kind)
    assert kind.remote is not None
    body = kind.remote.body(resource, facts)
    fields, raw = normal_fields(kind, body, facts.projects), raw_fields(kind, body)
    nulls = explicit_nulls(resource.spec) | _explicit_defaults(kind, fields, raw)
    return Desired(resource, kind, fields, raw, nulls)


def _explicit_defaults(kind: Kind, fields: Fields, raw: Fields) -> frozenset[str]:
    """Carried values that are given, and are the default: `disabled: false` is no omission."""
    rules = kind.rules
    return frozenset(p for p in raw if rules[p].carry is Carry.VALUE and p not in fields)


def targets_of(resources: Iterable[Resource], facts: Facts) -> dict[Address, TargetGrants]:
    """All grants of all documents, by what they are granted on."""
    found: dict[Address, _Builder] = {}
    for resource in resources:
        kind = kind_of(resource.address.kind)
        for entry in kind.grants(resource):
            target = canonical_target(entry.target, facts)
            builder = found.setdefault(target, _Builder(target))
            builder.add(resource, entry, facts)
    return {target: builder.build() for target, builder in found.items()}


def canonical_target(target: Address, facts: Facts) -> Address:
    """A target with its project spelled by id where that is known."""
    return Address(target.kind, (facts.projects.canonical(target.path[0]), *target.path[1:]))


class _Builder:
    """Collects the grants of one target."""

    def __init__(self, target: Address) -> None:
        self.target = target
        self.grants: dict[tuple[Any, ...], Grant] = {}
        self.authoritative: set[str] = set()
        self.links: set[Address] = set()
        self.agents: dict[str | Later, Address] = {}

    def add(self, resource: Resource, entry: Any, facts: Facts) -> None:
        wanted = resource.lifecycle.state is State.PRESENT
        if entry.authoritative and wanted:
            self.authoritative.add(entry.role)
        for path, form in entry.members:
            project = resource.address.project
            member = member_text(form, path, resource.links, project, facts)
            origin = str(resource.position_of(f"spec.{path}") or "")
            grant = Grant(self.target, entry.role, member, entry.condition, origin, wanted)
            self._keep(grant)
            if wanted:
                self._link(resource, path)
            if form.service_agent is not None:
                project = facts.projects.canonical(form.project or resource.address.project)
                self.agents[member] = agent_address(project, form.service_agent)

    def _keep(self, grant: Grant) -> None:
        """A member one document wants stays, whatever an absent document says of it."""
        key = (grant.role, grant.condition, grant.member)
        if key not in self.grants or (grant.wanted and not self.grants[key].wanted):
            self.grants[key] = grant

    def _link(self, resource: Resource, path: str) -> None:
        for field_name in ("pool", "serviceAccount"):
            link = resource.links.get(f"{path}.{field_name}")
            if link is not None:
                self.links.add(link.address)

    def build(self) -> TargetGrants:
        return TargetGrants(
            self.target,
            tuple(self.grants.values()),
            frozenset(self.authoritative),
            frozenset(self.links),
            self.agents,
        )


def agent_address(project: str, service: str) -> Address:
    """The address of a service agent, by its service's full name."""
    name = service if "." in service else f"{service}.googleapis.com"
    return Address("ServiceIdentity", (project, name))
