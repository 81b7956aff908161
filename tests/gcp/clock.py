"""A clock that only moves when somebody sleeps."""

from __future__ import annotations

import asyncio

from wifctl.gcp.retry import Timing


class Clock:
    """Time without waiting; `dice` is what every throw of the dice gives."""

    def __init__(self, dice: float = 0.5) -> None:
        self.time = 1_000.0
        self.dice = dice
        self.slept: list[float] = []

    @property
    def timing(self) -> Timing:
        """The port."""
        return Timing(lambda: self.time, self.sleep, lambda: self.dice)

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)
