"""Faults: calls of a method that fail on purpose, before or after they took effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from wifctl.emulator.errors import (
    ApiError,
    ConnectionDrop,
    error_info,
    help_link,
    invalid,
    retry_info,
)
from wifctl.emulator.switches.settings import matches, only, take

KINDS = ("409", "412", "429", "500", "503", "504", "UNAVAILABLE", "reset", "operation")
"""What can happen. `reset` cuts the connection; `operation` lets the operation fail."""


@dataclass(frozen=True, slots=True)
class Fault:
    """From the `call`-th call of a matching method on, `times` calls fail (0 = all)."""

    fault: str
    method: str = "*"
    call: int = 1
    times: int = 1
    after: bool = False
    """Whether the call takes effect before it fails."""
    retryDelay: float = 1.0  # noqa: N815 - a JSON name
    """Seconds a 429 asks the client to wait."""
    message: str = ""

    def error(self, project: str) -> ApiError | ConnectionDrop:
        """What the caller gets."""
        if self.fault == "reset":
            return ConnectionDrop()
        if self.fault == "429":
            return _exhausted(project, self.retryDelay, self.message)
        status, text, http = _ANSWERS[self.fault]
        return ApiError(status, self.message or text, http=http)


class Faults:
    """All faults with the number of calls each has seen."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._seen: list[int] = []

    def set(self, settings: Sequence[Mapping[str, Any]]) -> None:
        """Replace all, counting calls from now."""
        self._faults = [_read(item) for item in settings]
        self._seen = [0] * len(self._faults)

    def due(self, method_id: str) -> Fault | None:
        """The fault that strikes this call; counts the call."""
        struck = None
        for i, fault in enumerate(self._faults):
            if not matches(fault.method, method_id):
                continue
            self._seen[i] += 1
            last = fault.call + fault.times - 1
            if self._seen[i] >= fault.call and (not fault.times or self._seen[i] <= last):
                struck = struck or fault
        return struck

    def as_json(self) -> list[dict[str, Any]]:
        """The settings."""
        return [asdict(fault) for fault in self._faults]


_ANSWERS = {
    "409": ("ABORTED", "The operation was aborted.", 0),
    "412": ("FAILED_PRECONDITION", "Precondition check failed.", 412),
    "500": ("INTERNAL", "Internal error encountered.", 0),
    "503": ("UNAVAILABLE", "The service is currently unavailable.", 0),
    "504": ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete.", 0),
    "UNAVAILABLE": ("UNAVAILABLE", "The service is currently unavailable.", 0),
    "operation": ("INTERNAL", "The operation failed.", 0),
}


def _read(item: Mapping[str, Any]) -> Fault:
    only(item, "faults", "fault", "method", "call", "times", "after", "retryDelay", "message")
    kind = str(item.get("fault", ""))
    if kind not in KINDS:
        raise invalid(f"faults: unknown fault {kind!r}; known: {', '.join(KINDS)}")
    return Fault(
        kind,
        take(item, "method", str, "*"),
        take(item, "call", int, 1),
        take(item, "times", int, 1),
        take(item, "after", bool, False),
        take(item, "retryDelay", float, 1.0),
        take(item, "message", str, ""),
    )


def _exhausted(project: str, delay: float, message: str) -> ApiError:
    metadata = {"consumer": f"projects/{project}", "quota_limit": "faults"}
    return ApiError(
        "RESOURCE_EXHAUSTED",
        message or "Quota exceeded for this request.",
        "rateLimitExceeded",
        (
            error_info("RATE_LIMIT_EXCEEDED", "googleapis.com", metadata),
            retry_info(delay),
            help_link("Request a higher quota limit.", "https://cloud.google.com/docs/quotas"),
        ),
    )
