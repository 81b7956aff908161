"""What was asked and answered, newest last; reads like a conversation."""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from wifctl.emulator.clock import format_time
from wifctl.emulator.errors import Json

KEPT = 100_000
"""How many calls are remembered."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call. Never holds a payload or a token."""

    method: str
    """The discovery id, or the HTTP verb and path where no method was found."""
    resource: str
    caller: str
    status: str
    """`OK` or the canonical name of the refusal."""
    door: str
    """`rest` or `grpc`."""
    at: datetime
    """By the emulator's clock, UTC."""
    message: str = ""

    def __str__(self) -> str:
        who = self.caller or "anonymous"
        answer = f"{self.status} {self.message}".rstrip()
        return (
            f"{format_time(self.at)} {self.door} {who}: {self.method} {self.resource} -> {answer}"
        )

    def as_json(self) -> Json:
        """For the control endpoint."""
        return {**asdict(self), "at": format_time(self.at)}


class RequestLog:
    """The last calls, and a listener who hears each as it ends."""

    def __init__(self, listener: Callable[[str], None] | None = None) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self._listener = listener

    def add(self, call: Call) -> None:
        """Remember a call and tell the listener."""
        self._calls.append(call)
        if self._listener:
            self._listener(str(call))

    def calls(self) -> tuple[Call, ...]:
        """All calls remembered, oldest first."""
        return tuple(self._calls)

    def clear(self) -> None:
        """Forget all."""
        self._calls.clear()


def described(error: Exception) -> str:
    """A bug of the emulator in one line: what was raised where. Its text may hold a payload."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"
    return f"{type(error).__name__} at {where}"
