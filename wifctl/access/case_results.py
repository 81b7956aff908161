"""What came of a trust test's case, for the views."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from wifctl.diagnostics import Position


class CaseOutcome(enum.StrEnum):
    """How a case ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """A rule cannot be judged on this machine."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing the case wants otherwise than it is."""

    field: str
    """As the document spells it, e.g. `serviceAccounts`."""
    wanted: str
    found: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case and what came of it."""

    test: str
    case: str
    position: Position | None
    differences: tuple[Difference, ...] = ()
    because: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Rules that cannot be judged here."""
    seconds: float = 0.0

    @property
    def outcome(self) -> CaseOutcome:
        """Failed where something differs, whatever else is unknown."""
        if self.differences:
            return CaseOutcome.FAILED
        return CaseOutcome.UNKNOWN if self.unknown else CaseOutcome.PASSED
