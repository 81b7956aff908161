"""What a sweep could not read, told once for each kind and not once for each object."""

from __future__ import annotations

from dataclasses import dataclass, field

from wifctl.api import ApiError, Status
from wifctl.diagnostics import Diagnostic, Severity

_PASSED_OVER = frozenset({Status.PERMISSION_DENIED, Status.NOT_FOUND, Status.FAILED_PRECONDITION})
WORDS = {
    "Project": "projects",
    "WorkloadIdentityPool": "pools",
    "WorkloadIdentityPoolProvider": "providers",
    "ServiceAccount": "service accounts",
    "Secret": "secrets",
    "ArtifactRegistryRepository": "repositories",
}
"""Kinds of objects in the plural, as sentences name them."""


@dataclass(slots=True)
class Missed:
    """Collects refusals of reads; other errors are raised."""

    _first: dict[str, ApiError] = field(default_factory=dict)
    _count: dict[str, int] = field(default_factory=dict)

    def add(self, error: ApiError, what: str) -> None:
        """Remember that something was not read. Raises the error when it is no refusal."""
        if error.status not in _PASSED_OVER:
            raise error
        self._first.setdefault(what, error)
        self._count[what] = self._count.get(what, 0) + 1

    def notes(self) -> tuple[Diagnostic, ...]:
        """One note for each kind of thing."""
        return tuple(self._note(what) for what in sorted(self._first))

    def _note(self, what: str) -> Diagnostic:
        times = f" ({self._count[what]} times)" if self._count[what] > 1 else ""
        message = f"{what} could not be read{times}, so the answer may lack something"
        return Diagnostic("not-read", f"{message}: {self._first[what].message}", Severity.NOTE)
