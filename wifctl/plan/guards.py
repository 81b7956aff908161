"""Where a plan refuses itself: too much at once, somebody locked out, nothing to point at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wifctl.diagnostics import Diagnostic, Severity
from wifctl.plan.model import Action, Step, Unclaimed
from wifctl.resource import Address

SHARE = 0.3
LEAST = 10


@dataclass(frozen=True, slots=True)
class Allowances:
    """What the user said is meant."""

    lockout: bool = False
    mass_removal: bool = False
    secret_destroy: bool = False


def mass_removal(steps: Iterable[Step], managed: int, allowed: bool) -> Iterable[Diagnostic]:
    """A plan that takes away more than 30 % (and at least 10) of what it manages."""
    removed = sum(_removed(step) for step in steps)
    if allowed or removed < LEAST or removed <= managed * SHARE:
        return
    yield Diagnostic(
        "mass-removal",
        f"the plan takes away {removed} of {managed} objects and members it manages",
        allowed=f"at most {SHARE:.0%} at once",
        fix="review the removals, then pass --allow-mass-removal",
    )


def _removed(step: Step) -> int:
    if step.action is Action.POLICY:
        return sum(member.action is Action.REVOKE for member in step.members)
    if step.action is Action.DISABLE:
        return len(step.changes)
    return int(step.action is Action.DELETE)


def kept_members(kept: Iterable[Unclaimed]) -> Iterable[Diagnostic]:
    """Members authority would remove but for the danger of locking the caller out."""
    for found in kept:
        yield Diagnostic(
            "lockout",
            f"{found.member} keeps {found.role} on {found.target}: removing it could lock "
            "the caller out",
            severity=Severity.WARNING,
            fix="name the member in a manifest, or pass --allow-lockout",
            address=str(found.target),
        )


def secret_destroys(steps: Iterable[Step], allowed: bool) -> Iterable[Diagnostic]:
    """Secrets cannot be undeleted, so destroying them wants a flag of its own."""
    if allowed:
        return
    for step in steps:
        if step.action is Action.DELETE and step.address.kind == "Secret":
            yield Diagnostic(
                "secret-destroy",
                "destroy would delete the secret with all its versions, and nothing undoes that",
                fix="pass --allow-secret-destroy, or keep the document out of this run",
                address=str(step.address),
            )


def missing_target(target: Address, origin: str) -> Diagnostic:
    """A grant on something that neither exists nor is declared."""
    return Diagnostic(
        "missing-target",
        f"{target} does not exist, and no document declares it"
        + (f"; {origin} grants on it" if origin else ""),
        allowed="a target that exists",
        fix="declare it, or mend the reference",
        address=str(target),
    )
