"""Google's documented quotas, kept on this side so that a big run is paced instead of refused."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `calls` in any `seconds`, per project."""

    name: str
    calls: int
    seconds: float = 60.0


IAM_READ = Limit("IAM reads", 6_000)
IAM_WRITE = Limit("IAM writes", 600)
POOL_READ = Limit("workload identity pool reads", 600)
POOL_WRITE = Limit("workload identity pool writes", 60)
SECRET_READ = Limit("Secret Manager reads", 600)
SECRET_WRITE = Limit("Secret Manager writes", 600)
SECRET_ACCESS = Limit("Secret Manager accesses", 90_000)
REGISTRY_READ = Limit("Artifact Registry requests", 60_000)
REGISTRY_WRITE = Limit("Artifact Registry writes", 18_000)
REGISTRY_REPOSITORY = Limit("Artifact Registry repository creations and deletions", 1, 2.0)
PROJECT_READ = Limit("Resource Manager reads", 2_400)


@dataclass(slots=True)
class Quotas:
    """When the next call of a limit may start: no window of a limit ever holds more than it allows.

    A slot is reserved the moment it is asked for, so waiters are served in order and need no lock.
    """

    now: Callable[[], float]
    enabled: bool = True
    _taken: dict[tuple[Limit, str], deque[float]] = field(default_factory=dict)

    def reserve(self, limit: Limit | None, project: str) -> float:
        """Seconds to wait before the call, 0 when it may start at once."""
        if limit is None or not self.enabled:
            return 0.0
        taken = self._taken.setdefault((limit, project), deque(maxlen=limit.calls))
        now = self.now()
        full = len(taken) == limit.calls
        start = max(now, taken[0] + limit.seconds) if full else now
        taken.append(start)
        return start - now
