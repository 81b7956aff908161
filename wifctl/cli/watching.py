"""Progress of an apply on stderr: redrawn on a terminal, a line for each end elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from wifctl.cli.screen import Screen
from wifctl.plan.model import Plan
from wifctl.progress import Event, Finished, Listener, Started, Waiting
from wifctl.render.palette import Palette
from wifctl.render.progress import doing_text, event_line, steps_by_key

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SHORT_WAIT = 5.0
"""Seconds of waiting that nobody needs to hear of."""


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
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    console = Console(file=screen.err, highlight=False, markup=False, emoji=False)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(24),
        MofNCompleteColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Live(progress, screen, plan).listen


class _Live:
    """One bar for the whole and a line for each step in flight; what ended scrolls away above."""

    def __init__(self, progress: Progress, screen: Screen, plan: Plan) -> None:
        self._progress = progress
        self._palette = Palette(screen.err_colour)
        self._steps = steps_by_key(plan)
        self._all = progress.add_task("Applying", total=len(plan.steps))
        self._running: dict[str, TaskID] = {}

    def listen(self, event: Event) -> None:
        """Draw one event."""
        from rich.text import Text

        text = event_line(event, self._steps, self._palette)
        if text and isinstance(event, Finished):
            self._progress.console.print(Text.from_ansi(text), soft_wrap=True)
        match event:
            case Waiting() if event.key in self._running:
                self._progress.update(self._running[event.key], description=text)
            case Started():
                name = doing_text(self._steps[event.key])
                self._running[event.key] = self._progress.add_task(name, total=None)
            case Finished():
                self._progress.advance(self._all)
                if event.key in self._running:
                    self._progress.remove_task(self._running.pop(event.key))
            case _:
                pass
