"""Walking a plan that was shown and agreed to; `apply` and `destroy` share it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from wifctl.api import Api
from wifctl.apply.execute import Execution, execute
from wifctl.apply.patience import LOCAL, Patience
from wifctl.cli.loading import tell
from wifctl.cli.screen import Screen
from wifctl.cli.session import Session
from wifctl.cli.views import plan_in, show_plan
from wifctl.cli.watching import watched
from wifctl.diagnostics import Diagnostic, ExitCode
from wifctl.payloads import Payloads
from wifctl.plan.model import Plan
from wifctl.plan.state import LiveState
from wifctl.progress import Result
from wifctl.render.json_text import json_text
from wifctl.render.palette import Palette
from wifctl.render.results import result_json, result_text

IN_FLIGHT = "\nInterrupted: the calls in flight are finished. Once more ends at once."


RESULT_FORMATS = ("text", "json")
result_format_option = click.option(
    "--format",
    "form",
    type=click.Choice(RESULT_FORMATS),
    default="text",
    show_default=True,
    help="json: the result on stdout, the plan on stderr.",
)


def show_first(screen: Screen, plan: Plan, form: str) -> None:
    """Show the plan that is about to be applied; JSON keeps stdout for the result."""
    if form == "json":
        screen.say(plan_in("text", plan, screen.err_colour))
    else:
        show_plan(screen, plan, "text")


def nothing_to_do(screen: Screen, plan: Plan, form: str) -> ExitCode:
    """The end of an apply of a plan without steps."""
    if form == "json":
        _report(screen, plan, Result(()), form)
    return ExitCode.OK


async def carry_out(
    api: Api, session: Session, plan: Plan, live: LiveState, payloads: Payloads, form: str
) -> ExitCode:
    """Make it so, show the progress, tell what became of it."""
    screen, warnings = session.screen, list[Diagnostic]()
    is_local = session.local or bool(session.endpoint)
    stop = asyncio.Event()
    with _stopping(screen, stop), watched(screen, plan) as listen:
        how = Execution(
            payloads,
            listen,
            LOCAL if is_local else Patience(),
            session.parallelism,
            stop,
            warnings,
        )
        result = await execute(plan, live, api, how)
    tell(screen, warnings)
    _report(screen, plan, result, form)
    return _code(result)


@contextmanager
def _stopping(screen: Screen, stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C, or a pipeline that is cancelled, stops new steps; a second Ctrl-C stops all."""
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)

    def interrupted() -> None:
        screen.say(IN_FLIGHT)
        stop.set()
        loop.remove_signal_handler(signal.SIGINT)

    # Windows has no signal handlers (a RuntimeError of its own kind): Ctrl-C ends the run there.
    with suppress(RuntimeError):
        for number in numbers:
            loop.add_signal_handler(number, interrupted)
    try:
        yield
    finally:
        with suppress(RuntimeError):
            for number in numbers:
                loop.remove_signal_handler(number)


def _report(screen: Screen, plan: Plan, result: Result, form: str) -> None:
    if form == "json":
        screen.result(json_text(result_json(plan, result)))
    elif result.is_complete:
        screen.result("\n" + result_text(plan, result, Palette(screen.out_colour)))
    else:
        screen.say("\n" + result_text(plan, result, Palette(screen.err_colour)))


def _code(result: Result) -> ExitCode:
    if result.is_complete:
        return ExitCode.OK
    return ExitCode.INTERRUPTED if result.interrupted else ExitCode.ERROR
