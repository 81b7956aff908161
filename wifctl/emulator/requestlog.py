"""What was asked and answered, newest last; reads like a conversation."""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from wifctl.emulator.clock import format_time
from wifctl.emulator.errors import Json

KEPT = 30_000
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
    details: str = ""
    """What the request says besides its resource: ids, masks, pages (`secretId=token`)."""

    def __str__(self) -> str:
        question = " ".join(filter(None, (self.method, self.resource, self.details)))
        answer = f"{self.status}: {self.message}" if self.message else self.status
        who = self.caller or "anonymous"
        return _one_line(f"{_clock_face(self.at)} {self.door}  {who} → {question} ← {answer}")

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

    def remark(self, text: str, at: datetime) -> None:
        """Tell the listener what was done to the emulator itself; it is no call."""
        if self._listener:
            self._listener(f"{_clock_face(at)} ----  {text}")

    def calls(self) -> tuple[Call, ...]:
        """All calls remembered, oldest first."""
        return tuple(self._calls)

    def clear(self) -> None:
        """Forget all."""
        self._calls.clear()


def details_of(request: Json) -> str:
    """The ids, masks, filters and pages of a request; nothing that may hold a payload."""
    return " ".join(f"{key}={_brief(value)}" for key, value in request.items() if _is_told(key))


def _is_told(key: str) -> bool:
    return key.endswith("Id") or key in _TOLD


_TOLD = frozenset(
    ("updateMask", "filter", "query", "pageSize", "pageToken", "showDeleted", "serviceIds", "scope")
)


def _brief(value: object) -> str:
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= _BRIEF else f"{text[: _BRIEF - 1]}…"


_BRIEF = 120


def _one_line(text: str) -> str:
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def _clock_face(at: datetime) -> str:
    return at.strftime("%H:%M:%S.") + f"{at.microsecond // 1000:03}"


def described(error: Exception) -> str:
    """A bug of the emulator in one line: what was raised where. Its text may hold a payload."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"
    return f"{type(error).__name__} at {where}"
