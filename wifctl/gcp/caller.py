"""One call from start to end: quota, attempts, log. Both transports make their calls through it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from wifctl.api import ApiError
from wifctl.gcp.method import Method
from wifctl.gcp.quota import Quotas
from wifctl.gcp.retry import Patience, Timing, retrying
from wifctl.gcp.target import CallRecord, Hooks, Wait

T = TypeVar("T")

WORTH_TELLING = 2.0
"""Seconds of pause from which on the user hears of it."""
GOOGLE_PATIENCE = Patience()
LOCAL_PATIENCE = Patience(first=0.05, longest=1.0)


@dataclass(frozen=True, slots=True)
class Caller:
    """Paces, repeats and logs calls; knows nothing of transports."""

    quotas: Quotas
    patience: Patience = GOOGLE_PATIENCE
    timing: Timing = field(default_factory=Timing)
    hooks: Hooks = field(default_factory=Hooks)
    quota_project: str = ""
    """The project whose quota is used; empty: that of the resource."""

    async def run(self, method: Method, resource: str, send: Callable[[float], Awaitable[T]]) -> T:
        """The answer of `send(seconds)`, called with its deadline until it gives one."""

        async def attempt() -> T:
            await self._wait_for_quota(method, resource)
            return await self._logged(method, resource, send)

        def on_pause(seconds: float, error: ApiError) -> None:
            self._tell(method, resource, seconds, error.message)

        return await retrying(method, attempt, on_pause, patience=self.patience, timing=self.timing)

    async def _wait_for_quota(self, method: Method, resource: str) -> None:
        limit = method.limit
        seconds = self.quotas.reserve(limit, self.quota_project or project_of(resource))
        if limit is not None and seconds > 0:
            self._tell(method, resource, seconds, f"Google's quota for {limit.name}")
            await self.timing.sleep(seconds)

    async def _logged(
        self, method: Method, resource: str, send: Callable[[float], Awaitable[T]]
    ) -> T:
        started = self.timing.now()
        outcome = "interrupted"
        try:
            answer = await send(method.timeout)
            outcome = "OK"
            return answer
        except ApiError as error:
            outcome = error.status.value
            raise
        finally:
            seconds = self.timing.now() - started
            self.hooks.on_call(CallRecord(method.name, resource, seconds, outcome))

    def _tell(self, method: Method, resource: str, seconds: float, why: str) -> None:
        if seconds >= WORTH_TELLING:
            self.hooks.on_wait(Wait(method.name, resource, seconds, why))


def project_of(resource: str) -> str:
    """The project a resource name starts with."""
    head, _, rest = resource.partition("/")
    return rest.partition("/")[0] if head == "projects" else ""
