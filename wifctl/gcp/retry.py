"""The one retry loop, for gRPC and REST alike: full jitter, RetryInfo obeyed, idempotence known."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from wifctl.api import ApiError, Status
from wifctl.gcp.method import Method, Repeat

T = TypeVar("T")

TRANSIENT = frozenset({Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED, Status.INTERNAL})
"""Answers after which the same call may well succeed."""
_RATE_REASONS = frozenset({"", "RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"})

_BUSY = "activation or deactivation is in progress"
"""Service Usage, about a change of the same project that is under way."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Clock, sleep and dice, so that a test needs no waiting."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    random: Callable[[], float] = random.random
    """A number in [0, 1)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one call is worth repeating."""

    first: float = 0.5
    """Seconds: the longest first pause; each further one may be twice as long."""
    longest: float = 30.0
    attempts: int = 6
    """Attempts spent on transient errors; being told to slow down costs none."""
    total: float = 300.0
    """Seconds after the first attempt within which the last one must start."""


@dataclass(slots=True)
class _Loop:
    """The memory of one call's attempts."""

    method: Method
    patience: Patience
    timing: Timing
    started: float
    failures: int = 0
    slowdowns: int = 0
    ambiguous: bool = field(default=False)

    def pause(self, error: ApiError) -> float | None:
        """Seconds until the next attempt, or None when there must be none."""
        self.ambiguous |= error.effect_unknown
        error.effect_unknown = self.ambiguous and self.method.repeat is not Repeat.READ
        if not may_repeat(self.method, error):
            return None
        if error.status is Status.RESOURCE_EXHAUSTED:
            self.slowdowns += 1
            seconds = self._jitter(2 * self.patience.first, self.slowdowns)
        else:
            self.failures += 1
            if self.failures >= self.patience.attempts:
                return None
            seconds = self._jitter(self.patience.first, self.failures)
        seconds += error.retry_after or 0.0
        late = self.timing.now() + seconds - self.started > self.patience.total
        return None if late else seconds

    def _jitter(self, first: float, nth: int) -> float:
        ceiling = min(self.patience.longest, first * 2.0 ** (nth - 1))
        return self.timing.random() * ceiling


def may_repeat(method: Method, error: ApiError) -> bool:
    """Whether sending the call again after this answer is safe and makes sense."""
    if not error.retryable:
        return False
    if error.status is Status.RESOURCE_EXHAUSTED:
        return True
    if error.status is Status.ABORTED:
        return method.repeat in (Repeat.READ, Repeat.IDEMPOTENT)
    return method.repeat is not Repeat.ONCE or not error.effect_unknown


def is_retryable(status: Status, reason: str, message: str) -> bool:
    """Whether an answer is of the passing kind; a limit on a count is not."""
    if status is Status.RESOURCE_EXHAUSTED:
        return reason in _RATE_REASONS and "maximum number" not in message.lower()
    if status is Status.FAILED_PRECONDITION:
        return _BUSY in message
    return status in TRANSIENT or status is Status.ABORTED


async def retrying(
    method: Method,
    attempt: Callable[[], Awaitable[T]],
    on_pause: Callable[[float, ApiError], None],
    *,
    patience: Patience,
    timing: Timing,
) -> T:
    """The first good answer, or the last `ApiError`.

    A write's error carries `effect_unknown` as soon as the answer to any of its attempts was lost.
    """
    loop = _Loop(method, patience, timing, timing.now())
    while True:
        try:
            return await attempt()
        except ApiError as error:
            seconds = loop.pause(error)
            if seconds is None:
                raise
            on_pause(seconds, error)
        await timing.sleep(seconds)
