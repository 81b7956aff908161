"""What a kind is: its spec, where its objects live, how they are read and written.

A kind speaks Google's REST JSON: `body` makes it from a spec, `read` returns it, writes send it.
Comparing, ordering and refusing are the planner's; positions are the loader's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wifctl.diagnostics import Severity
from wifctl.kinds.forms import MemberForm
from wifctl.resource import Address, Condition, Fields, Later, Projects, Resource
from wifctl.schema import FieldRule, Spec, field_rules

if TYPE_CHECKING:
    from wifctl.api import Api, Json

    Reader = Callable[[Api, Address], Awaitable[Json]]
    Lister = Callable[[Api, Address], AsyncIterator[tuple[Address, Json]]]
    Writer = Callable[[Api, "Write"], Awaitable[Json | None]]


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding of a kind about one spec; the loader adds file, line and column."""

    code: str
    path: str
    """Below the document: `spec.oidc.issuerUri`, `metadata.id`."""
    message: str
    allowed: str = ""
    fix: str = ""
    severity: Severity = Severity.ERROR
    offset: tuple[int, int] = (0, 0)
    """Lines and columns into the text of the value, for expressions."""


Lookup = Callable[[Address], Any]
"""Address → the spec of the document that declares it, or None."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a kind may use to say where an object lives."""

    id: str
    """`metadata.id`, or the name."""
    project: str
    """Canonical: the id where it is known."""
    location: str
    """`spec.location`, else the default location of `wifctl.yaml`; empty when neither is given."""
    spec: Any
    parent: Address | None = None
    """Where the reference at `Kind.parent` leads."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What planning learned that specs do not say."""

    projects: Projects = field(default_factory=Projects)
    newest: Mapping[Address, str | Later] = field(default_factory=dict)
    """Secret → number of its highest enabled version, or that it is known after apply."""
    later_projects: frozenset[str] = frozenset()
    """Projects whose number can only be asked after this plan enabled Resource Manager."""


@dataclass(frozen=True, slots=True)
class Write:
    """One write, as the executor hands it to a kind."""

    address: Address
    body: Json
    """Google's REST JSON of the desired fields, nothing left open."""
    mask: tuple[str, ...] = ()
    """Changed paths, for an update."""
    live: Json = field(default_factory=dict)
    """The object as read, for etags and unique ids."""
    spec: Any = None
    payload: Callable[[], bytes] | None = None
    """The secret payload of a version, fetched as late as possible."""


def no_problems(resource: Resource) -> Iterable[Problem]:
    """For kinds whose fields need no check beyond their types."""
    del resource
    return ()


def no_problems_among(resource: Resource, spec_at: Lookup) -> Iterable[Problem]:
    """For kinds that need not look at other documents."""
    del resource, spec_at
    return ()


def same_json(json: Json) -> Json:
    """For kinds whose live JSON needs no reshaping before it is compared."""
    return json


def as_desired(desired: Fields, live: Fields) -> Fields:
    """For kinds whose fields Google never moves on by itself."""
    del live
    return desired


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """How objects of a kind are read, compared and written."""

    body: Callable[[Resource, Facts], Json]
    """The desired object in Google's REST JSON; values may hold `Later`."""
    read: Reader
    list: Lister | None = None
    """All objects of the collection an address belongs to, where one call gives many."""
    create: Writer
    update: Writer
    delete: Writer
    undelete: Writer | None = None
    compared: Callable[[Json], Json] = same_json
    """Live or desired JSON → the JSON that is compared (virtual fields, server spellings)."""
    settle: Callable[[Fields, Fields], Fields] = as_desired
    """(desired, live) → desired, where the live value is one the desired one leads to by itself."""
    virtual: tuple[FieldRule, ...] = ()
    """Rules of fields `compared` adds; they are never sent."""
    has_etag: bool = False
    """Whether writes are guarded by the etag in `Write.live`; others are re-checked by a read."""


@dataclass(frozen=True, slots=True)
class GrantEntry:
    """One role on one target for some members, as a document asks for it."""

    target: Address
    role: str
    members: tuple[tuple[str, MemberForm], ...]
    """(path below `spec`, form)."""
    path: str
    """Where the entry stands below `spec`; empty for the whole document."""
    condition: Condition | None = None
    authoritative: bool = False


def no_grants(resource: Resource) -> Iterable[GrantEntry]:
    """For kinds that grant nothing."""
    del resource
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of document: everything the other layers ask about it."""

    name: str
    spec: type[Spec]
    summary: str
    """One sentence for the reference page."""
    document: str = ""
    """Google's page about the resource."""
    locate: Callable[[Identity], Address]
    check: Callable[[Resource], Iterable[Problem]] = no_problems
    """Everything Google would refuse that types alone cannot say."""
    check_among: Callable[[Resource, Lookup], Iterable[Problem]] = no_problems_among
    """What only shows beside the documents this one refers to."""
    grants: Callable[[Resource], Iterable[GrantEntry]] = no_grants
    remote: Remote | None = None
    """None for kinds that only grant, or that plan ignores."""
    parent: str = ""
    """The field path below `spec` whose reference is the parent, e.g. `pool`."""
    needs_location: bool = False
    service: str = ""
    """The API that must be enabled, e.g. `iam.googleapis.com`."""
    example: str = ""
    """One short document for the reference page."""

    @property
    def rules(self) -> Mapping[str, FieldRule]:
        """Mask path → rule, virtual fields included."""
        virtual = self.remote.virtual if self.remote else ()
        return {**field_rules(self.spec), **{rule.path: rule for rule in virtual}}


def nested(fields: Fields) -> dict[str, Any]:
    """Mask paths → Google's nested JSON."""
    body: dict[str, Any] = {}
    for path, value in fields.items():
        *parents, leaf = path.split(".")
        block = body
        for parent in parents:
            block = block.setdefault(parent, {})
        block[leaf] = value
    return body
