"""Latency: how long calls of a method take before they start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wifctl.emulator.errors import invalid
from wifctl.emulator.switches.settings import matches


class Latency:
    """Milliseconds by method pattern; the first pattern that matches counts."""

    def __init__(self) -> None:
        self._milliseconds: dict[str, float] = {}
        self._known: dict[str, float] = {}

    def set(self, settings: Mapping[str, Any]) -> None:
        """Replace all: `{"secretmanager.*": 120, "*": 50}`."""
        for pattern, value in settings.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise invalid(f"latency {pattern}: {value!r} is not a number of milliseconds")
        self._milliseconds = dict(settings)
        self._known = {}

    def seconds(self, method_id: str) -> float:
        """How long to wait before a call of a method."""
        if not self._milliseconds:
            return 0.0
        if method_id not in self._known:
            found = (v for p, v in self._milliseconds.items() if matches(p, method_id))
            self._known[method_id] = next(found, 0.0) / 1000
        return self._known[method_id]

    def as_json(self) -> dict[str, float]:
        """The settings."""
        return dict(self._milliseconds)
