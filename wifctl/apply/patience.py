"""Waiting for Google to catch up: a dependent call is repeated on the precise answer it gives.

Never a blind sleep: what is not on this list fails at once.
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from wifctl.api import ApiError, Status
from wifctl.kinds.members import account_email
from wifctl.plan.model import Action, Step
from wifctl.resource import Address

T = TypeVar("T")
_AGENT = re.compile(r"service-[0-9]+@")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, and how often. All in seconds."""

    first: float = 0.5
    most: float = 10.0
    growth: float = 1.6
    deadline: float = 420.0
    """IAM changes can take seven minutes (Google's page on access change propagation)."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    now: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = field(default=lambda: random.uniform(0.8, 1.2))  # noqa: S311


LOCAL = Patience(first=0.02, most=0.5, deadline=30.0)
"""For the local target, which catches up in milliseconds."""


class Done:
    """What this run has brought about so far, or has seen: the only things worth waiting for."""

    def __init__(self, seen: Iterable[Address] = ()) -> None:
        self.addresses: dict[Address, Action] = {}
        self._seen = frozenset(seen)

    def add(self, step: Step) -> None:
        """A step is done. A second write of something new does not make it less new."""
        self.addresses.setdefault(step.address, step.action)

    def there(self, kind: str) -> Iterable[Address]:
        """Objects of one kind that exist: created or brought back just now, or read before."""
        fresh = (Action.CREATE, Action.UNDELETE)
        made = {address for address, action in self.addresses.items() if action in fresh}
        return (address for address in made | self._seen if address.kind == kind)

    def enabled(self) -> bool:
        """Whether services were enabled."""
        return Action.ENABLE in self.addresses.values()

    def granted(self) -> bool:
        """Whether access was granted."""
        return Action.POLICY in self.addresses.values()


def worth_waiting(error: ApiError, step: Step, done: Done) -> str:
    """Why the call may succeed in a while, or an empty text."""
    message = error.message.lower()
    if error.is_service_disabled and done.enabled():
        return "the service was just enabled"
    if _unknown_member(message) and _is_there(message, done):
        return "the account was just created"
    if "identity pool does not exist" in message and _pool_is_there(message, done):
        return "the pool was just created"
    if error.status is Status.NOT_FOUND and _waits_for_itself(step, done):
        return "it was just created"
    if error.status is Status.NOT_FOUND and _is_read_back(error, step):
        return "it exists already, and does not show yet"
    if done.granted() and _reads_a_secret(step) and _lacks_access(error, message):
        return "access was just granted"
    return ""


def is_conflict(error: ApiError) -> bool:
    """Whether an etag may have moved, by somebody's hand or by a write whose answer was lost.

    Secret Manager's code for it is not documented: ABORTED or FAILED_PRECONDITION.
    """
    return error.status in (Status.ABORTED, Status.FAILED_PRECONDITION)


def _unknown_member(message: str) -> bool:
    return "service account" in message and "does not exist" in message


def _is_there(message: str, done: Done) -> bool:
    """Whether the account Google does not know yet is one that exists, and no slip of the pen."""
    if any(account_email(address) in message for address in done.there("ServiceAccount")):
        return True
    agents = any(done.there("ServiceIdentity"))
    return agents and _AGENT.search(message) is not None


def _pool_is_there(message: str, done: Done) -> bool:
    return any(address.id in message for address in done.there("WorkloadIdentityPool"))


def _is_read_back(error: ApiError, step: Step) -> bool:
    """Whether it is the look at an object whose create was refused because it is there."""
    return step.action is Action.CREATE and error.call.endswith(".get")


def _waits_for_itself(step: Step, done: Done) -> bool:
    """A policy, version or provider of something this run made."""
    if step.action is Action.POLICY:
        return Address(step.address.path[0], step.address.path[1:]) in done.addresses
    parents = (
        Address("Secret", step.address.path),
        Address("WorkloadIdentityPool", step.address.path[:-1]),
        step.address,
    )
    return any(parent in done.addresses for parent in parents)


def _reads_a_secret(step: Step) -> bool:
    """Only a repository acts on access that an earlier step granted."""
    return step.address.kind == "ArtifactRegistryRepository"


def _lacks_access(error: ApiError, message: str) -> bool:
    if error.status is Status.PERMISSION_DENIED:
        return "secretmanager.versions.access" in message
    refused = error.status in (Status.INVALID_ARGUMENT, Status.FAILED_PRECONDITION)
    return refused and ("validate remote upstream" in message or "secret" in message)


async def patiently(
    call: Callable[[], Awaitable[T]],
    why: Callable[[ApiError], str],
    patience: Patience,
    tell: Callable[[str, float], None],
) -> T:
    """The result of `call`, repeated while `why` names a reason and the deadline allows."""
    started = patience.now()
    pause = patience.first
    while True:
        try:
            return await call()
        except ApiError as error:
            reason = why(error)
            waited = patience.now() - started
            if not reason or waited + pause > patience.deadline:
                raise
            tell(reason, waited)
        await patience.sleep(pause * patience.jitter())
        pause = min(pause * patience.growth, patience.most)
