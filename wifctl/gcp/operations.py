"""Long-running operations: own polling, one shape for REST and gRPC."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wifctl.api import ApiError, Json, Status
from wifctl.gcp.errors import api_error, from_code
from wifctl.gcp.messages import to_json
from wifctl.gcp.method import Method
from wifctl.gcp.retry import Timing


@dataclass(frozen=True, slots=True)
class Pace:
    """How often an operation is looked at; all in seconds."""

    first: float = 1.0
    factor: float = 1.5
    longest: float = 5.0
    total: float = 600.0


LOCAL_PACE = Pace(first=0.02, longest=0.05, total=60.0)


@dataclass(frozen=True, slots=True)
class Operation:
    """`google.longrunning.Operation`, as far as wifctl looks at it."""

    name: str
    done: bool
    response: Json = field(default_factory=dict)
    error: Mapping[str, Any] | None = None

    @classmethod
    def of_json(cls, body: Json) -> Operation:
        """An operation as REST spells it."""
        error = body.get("error")
        return cls(
            str(body.get("name", "")),
            bool(body.get("done", False)),
            body.get("response") or {},
            error if isinstance(error, Mapping) else None,
        )

    @classmethod
    def of_message(cls, message: Any) -> Operation:
        """An operation as gRPC brings it. The response is left out: nobody reads it there."""
        error = to_json(message.error) if message.HasField("error") else None
        return cls(message.name, message.done, {}, error)


@dataclass(frozen=True, slots=True)
class Operations:
    """Waits for operations."""

    timing: Timing
    pace: Pace = Pace()

    async def finish(
        self,
        operation: Operation,
        look: Callable[[str], Awaitable[Operation]],
        method: Method,
        resource: str,
    ) -> Json:
        """The response of an operation once it is done; its failure is an `ApiError`."""
        started = self.timing.now()
        seconds = self.pace.first
        while not operation.done:
            if self.timing.now() - started > self.pace.total:
                raise _unfinished(method, resource, self.pace.total)
            await self.timing.sleep(seconds)
            seconds = min(self.pace.longest, seconds * self.pace.factor)
            operation = await look(operation.name)
        if operation.error is not None:
            raise _failed(operation.error, method, resource)
        return operation.response


def _failed(error: Mapping[str, Any], method: Method, resource: str) -> ApiError:
    message = str(error.get("message") or "the operation failed without saying why")
    details = error.get("details") or ()
    return from_code(int(error.get("code", 2)), message, details, method.name, resource)


def _unfinished(method: Method, resource: str, seconds: float) -> ApiError:
    text = f"the operation was not finished after {seconds:g} s; it may still succeed"
    return api_error(Status.DEADLINE_EXCEEDED, text, call=method.name, resource=resource)
