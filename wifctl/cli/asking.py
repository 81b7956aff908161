"""The one question wifctl asks: whether to go on. Only the word `yes` does."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from wifctl.cli.screen import Screen
from wifctl.diagnostics import Diagnostic, WifctlError
from wifctl.render.palette import Palette, Tone


def require_answer(screen: Screen, *, auto_approve: bool) -> None:
    """Refuse before any call when nobody can be asked later."""
    if auto_approve or screen.is_interactive:
        return
    raise WifctlError(
        Diagnostic(
            "nobody-to-ask",
            "this would ask whether to go on, and nobody can answer here",
            allowed="a terminal, or --auto-approve",
            fix="pass --auto-approve, or save a plan with `wifctl plan --out` and apply that",
        )
    )


def ask(screen: Screen, question: str) -> None:
    """Go on, or raise WifctlError. A Ctrl-C at the question interrupts at once."""
    palette = Palette(screen.err_colour)
    with _plain_interrupt():
        screen.say(f"\n{palette(Tone.STRONG, question)}\n  Only 'yes' is taken for a yes.")
        screen.err.write("\n  Answer: ")
        screen.err.flush()
        answer = sys.stdin.readline()
    screen.say("")
    if answer.rstrip("\r\n") != "yes":
        why = "cancelled: nothing was changed" if answer else "the question was not answered"
        raise WifctlError(Diagnostic("cancelled", why))


@contextmanager
def _plain_interrupt() -> Iterator[None]:
    # asyncio's own handler only cancels the task, which a blocking read never notices.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
