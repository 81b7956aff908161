"""A sign of life while something is read: one line on a terminal, gone when it is done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from wifctl.cli.screen import Screen
from wifctl.render.palette import Palette, Tone

PATIENCE = 1.0
"""Seconds nobody wonders about."""
_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_CLEAR = "\r\x1b[2K"


@asynccontextmanager
async def pulsing(screen: Screen, what: str) -> AsyncIterator[None]:
    """Show that something goes on, for the length of a block."""
    if not screen.is_live:
        yield
        return
    task = asyncio.create_task(_pulse(screen, what))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _pulse(screen: Screen, what: str) -> None:
    palette, began, frame = Palette(screen.err_colour), time.monotonic(), 0
    await asyncio.sleep(PATIENCE)
    try:
        while True:
            text = f"{_FRAMES[frame % len(_FRAMES)]} {what}, {time.monotonic() - began:.0f} s"
            screen.err.write(f"{_CLEAR}{palette(Tone.FAINT, text)}")
            screen.err.flush()
            frame += 1
            await asyncio.sleep(0.125)
    finally:
        screen.err.write(_CLEAR)
        screen.err.flush()
