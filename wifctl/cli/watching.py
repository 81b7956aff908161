"""Progress of an apply on stderr: redrawn on a terminal, a line for each end elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from wifctl.cli.screen import Screen
from wifctl.plan.model import Plan
from wifctl.progress import Event, Finished, Listener, Started, Waiting
from wifctl.render.palette import Palette
from wifctl.render.progress import bar_text, doing_text, event_line, steps_by_key

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

SHORT_WAIT = 5.0
"""Seconds of waiting that nobody needs to hear of."""
SHOWN = 5
"""Steps in flight that are named below the bar."""


@contextmanager
def watched(screen: Screen, plan: Plan) -> Iterator[Listener]:
    """Somebody who hears what happens and shows it."""
    if screen.is_live:
        with _live(screen, plan) as listener:
            yield listener
    else:
        yield _lines(screen, plan)


def _lines(screen: Screen, plan: Plan) -> Listener:
    steps, palette, patience = steps_by_key(plan), Palette(screen.err_colour), _Patience()

    def listen(event: Event) -> None:
        if isinstance(event, Waiting) and not patience.is_worth_a_line(event):
            return
        if text := event_line(event, steps, palette):
            screen.say(text)

    return listen


class _Patience:
    """Which waits are told: the first after five seconds, then each that doubled."""

    def __init__(self) -> None:
        self._next: dict[str, float] = {}

    def is_worth_a_line(self, event: Waiting) -> bool:
        if event.seconds < self._next.get(event.key, SHORT_WAIT):
            return False
        self._next[event.key] = 2 * max(event.seconds, SHORT_WAIT)
        return True


@contextmanager
def _live(screen: Screen, plan: Plan) -> Iterator[Listener]:
    from rich.console import Console
    from rich.live import Live

    console = Console(file=screen.err, highlight=False, markup=False, emoji=False)
    board = _Board(screen, plan)
    with Live(
        console=console,
        get_renderable=board.drawn,
        transient=True,
        refresh_per_second=8,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as live:
        yield lambda event: board.listen(event, live)


class _Board:
    """A bar for the whole, a few steps in flight below it; what ended scrolls away above."""

    def __init__(self, screen: Screen, plan: Plan) -> None:
        self._palette = Palette(screen.err_colour)
        self._steps = steps_by_key(plan)
        self._running: dict[str, str] = {}
        self._ended = 0

    def listen(self, event: Event, live: Live) -> None:
        """Take one event in."""
        from rich.text import Text

        match event:
            case Started():
                self._running[event.key] = doing_text(self._steps[event.key])
            case Waiting() if event.key in self._running:
                self._running[event.key] = event_line(event, self._steps)
            case Finished():
                self._ended += 1
                self._running.pop(event.key, None)
                text = event_line(event, self._steps, self._palette)
                live.console.print(Text.from_ansi(text), soft_wrap=True)
            case _:
                pass

    def drawn(self) -> Text:
        """What stands at the bottom of the screen right now."""
        from rich.text import Text

        running = list(self._running.values())
        lines = [bar_text(self._ended, len(self._steps)), *(f"  {r}" for r in running[:SHOWN])]
        if len(running) > SHOWN:
            lines.append(f"  and {len(running) - SHOWN} more at work")
        return Text("\n".join(lines), no_wrap=True, overflow="ellipsis")
