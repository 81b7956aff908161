"""Who holds which role on what: IAM bindings, flat, as the trust engine reads them."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from wifctl.api import Binding
from wifctl.resource import Condition


class TargetKind(enum.StrEnum):
    """What a policy hangs on, as far as reaching it differs."""

    SERVICE_ACCOUNT = "service-account"
    PROJECT = "project"
    SECRET = "secret"  # noqa: S105 - a kind, not a password
    REPOSITORY = "repository"
    POOL = "pool"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """A resource with an IAM policy."""

    kind: TargetKind
    name: str
    """The full resource name; a service account's ends with its e-mail."""
    disabled: bool = False
    """Service accounts: a disabled one cannot be impersonated."""

    @property
    def email(self) -> str:
        """A service account's e-mail, "" for anything else."""
        return self.name.rpartition("/")[2] if self.kind is TargetKind.SERVICE_ACCOUNT else ""

    @property
    def project(self) -> str:
        """The project in the name, by id or number as it is written there; "" without one."""
        parts = self.name.split("/")
        return parts[1] if len(parts) > 1 and parts[0] == "projects" else ""


@dataclass(frozen=True, slots=True)
class Grant:
    """One member of one role on one target."""

    target: Target
    role: str
    member: str
    condition: Condition | None = None
    source: str = ""
    """Where it is written, e.g. `manifests/ci.yaml:12:9`; "" for live ones."""


def grants_of(target: Target, bindings: Iterable[Binding], source: str = "") -> tuple[Grant, ...]:
    """A policy's bindings as single grants."""
    return tuple(
        Grant(target, binding.role, member, binding.condition, source)
        for binding in bindings
        for member in binding.members
    )
