"""The emulator's clock: real time plus an offset, or standing still; and Google's timestamps."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Tells the time in UTC. `set` freezes nothing: time goes on from the moment set."""

    def __init__(self) -> None:
        self._offset = timedelta()
        self._last_micros = 0

    def now(self) -> datetime:
        """The present moment, with microseconds, in UTC."""
        return _EPOCH + timedelta(microseconds=time.time_ns() // 1000) + self._offset

    def micros(self) -> int:
        """Microseconds since 1970, strictly increasing: what etags are made of."""
        micros = (self.now() - _EPOCH) // timedelta(microseconds=1)
        self._last_micros = max(micros, self._last_micros + 1)
        return self._last_micros

    def timestamp(self, after: timedelta = timedelta()) -> str:
        """Now, or `after` from now, as `2026-11-21T10:00:00.123456Z`."""
        return format_time(self.now() + after)

    def set(self, moment: datetime) -> None:
        """Move to a moment (UTC); time goes on from there."""
        self._offset += moment - self.now()
        self._last_micros = 0

    def advance(self, by: timedelta) -> None:
        """Move forward."""
        self._offset += by

    def reset(self) -> None:
        """Back to real time."""
        self._offset = timedelta()
        self._last_micros = 0


def format_time(moment: datetime) -> str:
    """RFC 3339 in UTC with a `Z`: no fraction when it is zero, else microseconds."""
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return f"{text.removesuffix('.000000')}Z"


def parse_time(text: str) -> datetime:
    """A proto-JSON timestamp (up to nanoseconds, cut to microseconds). Raises ValueError."""
    head, dot, fraction = text.removesuffix("Z").partition(".")
    if dot and text.endswith("Z"):
        return datetime.fromisoformat(f"{head}.{fraction[:6]:0<6}+00:00")
    return datetime.fromisoformat(text)
