"""A plan as data: frozen, comparable, serialisable. Views render it, the executor walks it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wifctl.diagnostics import Diagnostic
from wifctl.resource import Address, Condition, Fields, Later


class Action(enum.StrEnum):
    """What a step or a member change does."""

    ENABLE = "enable"
    DISABLE = "disable"
    CREATE = "create"
    UNDELETE = "undelete"
    UPDATE = "update"
    POLICY = "policy"
    """The one write of an IAM policy; its lines are grants and revokes."""
    DELETE = "delete"
    GRANT = "grant"
    REVOKE = "revoke"

    @property
    def glyph(self) -> str:
        """The sign shown to the user."""
        return _GLYPHS[self]

    @property
    def removes(self) -> bool:
        """Whether something is taken away."""
        return self in (Action.DELETE, Action.REVOKE, Action.DISABLE)


_GLYPHS = {
    Action.ENABLE: "+",
    Action.DISABLE: "-",
    Action.CREATE: "+",
    Action.UNDELETE: "^",
    Action.UPDATE: "~",
    Action.POLICY: "~",
    Action.DELETE: "-",
    Action.GRANT: "+",
    Action.REVOKE: "-",
}


class Reason(enum.StrEnum):
    """Why. Its text is what a user reads behind the address."""

    MISSING = "does not exist"
    DIFFERS = "differs from the manifest"
    SOFT_DELETED = "was deleted and can still be brought back"
    ACCOUNT_DELETED = "was deleted; its unique id is known"
    NOW_THERE = "Google takes these fields once it exists"
    READY = "its providers are repaired"
    ABSENT = "the manifest says `state: absent`"
    NOT_NAMED = "no manifest names it, and the parent is authoritative"
    NO_LONGER_NAMED = "the manifests named it before and do not any more"
    DESTROYED = "destroy was asked for"
    NO_VERSION = "the secret has no version yet"
    PAYLOAD_DIFFERS = "the newest enabled version holds another payload"
    PAYLOAD_UNDECIDED = "decided at apply"
    SERVICE_OFF = "the service is not enabled"
    SERVICE_ON = "the manifest wants the service off"
    AGENT_NEEDED = "a grant names the agent, which may not exist yet"
    UNREAD = "its service is off until this plan enables it"
    NOT_GRANTED = "the manifest asks for it"
    ROLE_AUTHORITATIVE = "no manifest names the member, and the role is authoritative"
    ACCOUNT_GONE = "the account was deleted; its successor is granted instead"


@dataclass(frozen=True, slots=True)
class Change:
    """One field: live → desired; None means unset, which is Google's default."""

    path: str
    live: Any
    desired: Any
    observable: bool = True
    """False for a field Google never returns."""
    gains_access: bool = False
    """True where the change lets somebody in, e.g. `disabled: true → false`."""


@dataclass(frozen=True, slots=True)
class MemberChange:
    """One member gaining or losing one role."""

    action: Action
    role: str
    member: str | Later
    reason: Reason
    condition: Condition | None = None
    origin: str = ""
    """`file:line:col` of the document that asks for it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One unit of work: at most one object written once."""

    address: Address
    action: Action
    reason: Reason
    changes: tuple[Change, ...] = ()
    members: tuple[MemberChange, ...] = ()
    """Lines of a POLICY step, in the order they are shown."""
    fields: Fields = field(default_factory=dict)
    """What a create sends, or the changed fields of an update; may hold `Later`."""
    needs: tuple[str, ...] = ()
    """Keys of steps that must be done before."""
    notes: tuple[str, ...] = ()
    """Sentences a reviewer must not miss."""
    origin: str = ""
    """`file:line:col` of the document."""
    part: str = ""
    """Tells two steps on one address apart, e.g. `enable` for a pool enabled last."""
    undecided: bool = False
    """`? version if different`: not counted as a change."""

    @property
    def roles(self) -> frozenset[str]:
        """The roles a POLICY step touches."""
        return frozenset(member.role for member in self.members)

    @property
    def key(self) -> str:
        """Unique in a plan."""
        return f"{self.address}#{self.part}" if self.part else str(self.address)


@dataclass(frozen=True, slots=True, order=True)
class Unclaimed:
    """A live member of a role that was read and that no manifest names."""

    target: Address
    role: str
    member: str
    condition_title: str = ""
    condition_expression: str = ""

    @property
    def is_federated(self) -> bool:
        """Whether somebody from outside Google has the access."""
        return self.member.startswith(("principal:", "principalSet:"))


@dataclass(frozen=True, slots=True)
class Summary:
    """How many objects and members a plan touches."""

    create: int = 0
    update: int = 0
    delete: int = 0
    undelete: int = 0
    enable: int = 0
    disable: int = 0
    grant: int = 0
    revoke: int = 0
    undecided: int = 0

    @property
    def changes(self) -> int:
        """What `--detailed-exitcode` counts; undecided steps do not."""
        return (
            self.create
            + self.update
            + self.delete
            + self.undelete
            + self.enable
            + self.disable
            + self.grant
            + self.revoke
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps in a workable order, what stays, and what stands out."""

    steps: tuple[Step, ...] = ()
    unchanged: tuple[Address, ...] = ()
    unclaimed: tuple[Unclaimed, ...] = ()
    """Federated members first."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Refusals (errors) and warnings; a plan with an error cannot be applied."""
    unread: tuple[Address, ...] = ()
    """Objects whose service this plan enables first."""
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    """Address → SHA-256 of the compared fields, of everything a step touches or uses."""
    bystanders: Mapping[str, str] = field(default_factory=dict)
    """Address of a policy that is written → SHA-256 of the roles the plan leaves alone in it."""
    target: str = ""
    """`https://googleapis.com`, or the door of a local target."""
    manifest_digest: str = ""

    @property
    def summary(self) -> Summary:
        """The counts of the last line."""
        counts: dict[str, int] = {}
        for step in self.steps:
            for name, number in _counted(step):
                counts[name] = counts.get(name, 0) + number
        return Summary(**counts)

    @property
    def is_empty(self) -> bool:
        """Whether live already is what is desired, as far as a plan can tell."""
        return self.summary.changes == 0


def _counted(step: Step) -> list[tuple[str, int]]:
    if step.undecided:
        return [("undecided", 1)]
    match step.action:
        case Action.POLICY:
            grants = sum(m.action is Action.GRANT for m in step.members)
            return [("grant", grants), ("revoke", len(step.members) - grants)]
        case Action.ENABLE | Action.DISABLE:
            return [(step.action.value, len(step.changes))]
        case _:
            return [(step.action.value, 1)]
