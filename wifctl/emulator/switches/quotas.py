"""Quotas: calls per project and minute, as documented or as told."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from wifctl.emulator.errors import ApiError, error_info, help_link, invalid, retry_info
from wifctl.emulator.service import Method

DOCUMENTED: Mapping[str, int] = {
    "iam.read": 6000,
    "iam.write": 600,
    "workloadIdentity.read": 600,
    "workloadIdentity.write": 60,
    "iamcredentials.read": 60000,
    "iamcredentials.write": 60000,
    "sts.read": 6000,
    "sts.write": 6000,
    "secretmanager.access": 90000,
    "secretmanager.read": 600,
    "secretmanager.write": 600,
    "artifactregistry.read": 60000,
    "artifactregistry.write": 18000,
    "cloudresourcemanager.read": 2400,
    "cloudresourcemanager.write": 600,
}
"""Default quotas per project per minute (Google's quota pages of each API)."""


class Quotas:
    """Counts calls in minutes of real time; off unless set."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._limits: dict[str, int] = {}
        self._counts: dict[tuple[str, str], int] = {}
        self._minute = -1

    def set(self, settings: str | Mapping[str, Any]) -> None:
        """`"documented"`, or limits by group (`{"workloadIdentity.write": 5}`); `{}` = off."""
        if isinstance(settings, str):
            if settings != "documented":
                raise invalid('quotas: "documented", or a mapping of groups to calls a minute')
            settings = DOCUMENTED
        for group, limit in settings.items():
            if group not in DOCUMENTED or not isinstance(limit, int) or isinstance(limit, bool):
                raise invalid(f"quotas: {group!r} must be one of {', '.join(DOCUMENTED)}")
        self._limits = dict(settings)
        self._counts.clear()

    def count(self, method: Method, service: str, project: str) -> None:
        """Count a call. Raises RESOURCE_EXHAUSTED above the limit."""
        if not self._limits:
            return
        name = group_of(method)
        limit = self._limits.get(name)
        if limit is None:
            return
        now = self._seconds()
        if int(now // 60) != self._minute:
            self._minute = int(now // 60)
            self._counts.clear()
        key = (name, project)
        self._counts[key] = self._counts.get(key, 0) + 1
        if self._counts[key] > limit:
            raise _exceeded(name, limit, service, project, 60 - now % 60)

    def as_json(self) -> dict[str, int]:
        """The limits."""
        return dict(self._limits)


def group_of(method: Method) -> str:
    """The quota a method counts against."""
    api = method.id.partition(".")[0]
    if "workloadIdentityPools" in method.id:
        api = "workloadIdentity"
    if method.id.endswith(".versions.access"):
        return f"{api}.access"
    return f"{api}.{'write' if method.write else 'read'}"


def _exceeded(name: str, limit: int, service: str, project: str, wait: float) -> ApiError:
    metric = f"{service}/{name.partition('.')[2]}_requests"
    limit_name = f"{name.replace('.', '_')}_per_minute_per_project"
    metadata = {
        "consumer": f"projects/{project}",
        "quota_limit": limit_name,
        "quota_limit_value": str(limit),
        "quota_location": "global",
        "quota_metric": metric,
        "service": service,
    }
    return ApiError(
        "RESOURCE_EXHAUSTED",
        f"Quota exceeded for quota metric '{metric}' and limit '{limit_name}' of service "
        f"'{service}' for consumer 'project_number:{project}'.",
        "rateLimitExceeded",
        (
            error_info("RATE_LIMIT_EXCEEDED", "googleapis.com", metadata),
            retry_info(round(wait, 3)),
            help_link("Request a higher quota limit.", "https://cloud.google.com/docs/quotas"),
        ),
    )
