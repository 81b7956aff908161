"""What happens while a plan is applied, as data: the executor tells, the command line shows."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from wifctl.api import ApiError
from wifctl.diagnostics import Diagnostic


class Outcome(enum.StrEnum):
    """How a step ended."""

    DONE = "done"
    ALREADY = "already so"
    FAILED = "failed"
    SKIPPED = "skipped"
    """A step it needs failed; said once, with the cause."""
    NOT_STARTED = "not started"
    """The run was interrupted before."""


@dataclass(frozen=True, slots=True)
class Started:
    """A step begins."""

    key: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step waits for Google to catch up with an earlier one."""

    key: str
    why: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Finished:
    """A step ended; `cause` is the key of the failed step that a skipped one needed."""

    key: str
    outcome: Outcome
    seconds: float = 0.0
    error: ApiError | Diagnostic | None = None
    cause: str = ""
    detail: str = ""
    """What came out of it, e.g. `version 3`."""


Event = Started | Waiting | Finished
Listener = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Result:
    """The whole run."""

    finished: tuple[Finished, ...]
    interrupted: bool = False

    def count(self, outcome: Outcome) -> int:
        """How many steps ended in one way."""
        return sum(f.outcome is outcome for f in self.finished)

    @property
    def is_complete(self) -> bool:
        """Whether every step is done or was already so."""
        return all(f.outcome in (Outcome.DONE, Outcome.ALREADY) for f in self.finished)
