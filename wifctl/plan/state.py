"""What was read: the live side of a plan, before it is brought into one shape with the desired."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from wifctl.api import Json, LivePolicy
from wifctl.diagnostics import Diagnostic
from wifctl.resource import Address, Projects


class Presence(enum.StrEnum):
    """Whether an object is there."""

    ABSENT = "absent"
    PRESENT = "present"
    SOFT_DELETED = "soft-deleted"
    UNREAD = "unread"
    """Its service is off, and this plan enables it."""


@dataclass(frozen=True, slots=True)
class LiveObject:
    """One object as read."""

    presence: Presence
    json: Json = field(default_factory=dict)


ABSENT = LiveObject(Presence.ABSENT)
UNREAD = LiveObject(Presence.UNREAD)


class Payload(enum.StrEnum):
    """How a desired payload compares with the newest enabled version."""

    SAME = "same"
    DIFFERENT = "different"
    UNKNOWN = "unknown"
    """The plan lacks the source or the permission: decided at apply."""


@dataclass(frozen=True, slots=True)
class LiveState:
    """Everything one plan read."""

    objects: Mapping[Address, LiveObject] = field(default_factory=dict)
    policies: Mapping[Address, LivePolicy | None] = field(default_factory=dict)
    """Target → its policy; None where the target is not there or could not be read yet."""
    payloads: Mapping[Address, Payload] = field(default_factory=dict)
    """Secret version address → how the payload compares, for `when: changed`."""
    siblings: Mapping[Address, Mapping[Address, LiveObject]] = field(default_factory=dict)
    """Pool → all its live providers, where somebody asks for them."""
    projects: Projects = field(default_factory=Projects)
    later_projects: frozenset[str] = frozenset()
    caller: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()

    def object(self, address: Address) -> LiveObject:
        """One object; what nobody read counts as absent."""
        return self.objects.get(address, ABSENT)
