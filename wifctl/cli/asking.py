"""The one question wifctl asks: whether to go on. Only the word `yes` does."""

from __future__ import annotations

import select
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
    answer = _answer(screen, question)
    if answer.rstrip("\r\n") != "yes":
        why = "cancelled: nothing was changed" if answer else "the question was not answered"
        raise WifctlError(Diagnostic("cancelled", why))


def agrees(screen: Screen, question: str) -> bool:
    """Whether somebody says yes; everything else is a no, and so is nobody."""
    return screen.is_interactive and _answer(screen, question).rstrip("\r\n") == "yes"


def _answer(screen: Screen, question: str) -> str:
    palette = Palette(screen.err_colour)
    with _plain_interrupt():
        screen.say(f"\n{palette(Tone.STRONG, question)}\n  Only 'yes' is taken for a yes.")
        screen.err.write("\n  Answer: ")
        screen.err.flush()
        answer = _line()
    screen.say("")
    return answer


def _line() -> str:
    """One line from the terminal, or nothing at its end."""
    # Ctrl-C may reach another thread, which leaves a blocking read asleep: wait in short steps.
    while sys.platform != "win32" and not select.select([sys.stdin], [], [], 0.1)[0]:
        pass
    return sys.stdin.readline()


@contextmanager
def _plain_interrupt() -> Iterator[None]:
    # asyncio's own handler only cancels the task, which a blocking read never notices.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
