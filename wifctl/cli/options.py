"""Global options, understood before and after the name of a command."""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable
from typing import Any

import click

from wifctl.cli.screen import open_screen
from wifctl.cli.session import DEFAULT_PARALLELISM, Session, session_of
from wifctl.diagnostics import Diagnostic, WifctlError

Function = Callable[..., int | None]
LEVELS = ("debug", "info", "warning", "error")
_FLAGS = "wifctl.flags"


GLOBAL: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "chdir": (("-C", "--chdir"), {"metavar": "DIR", "help": "Work in this folder."}),
    "project": (("--project",), {"metavar": "ID", "help": "The default project."}),
    "local": (
        ("--local",),
        {"is_flag": True, "help": "Use the local target, kept in .wifctl/local.db."},
    ),
    "endpoint": (
        ("--endpoint",),
        {"metavar": "URL", "help": "Use the emulator behind this URL.  [env: WIFCTL_ENDPOINT]"},
    ),
    "values": (
        ("--values",),
        {"metavar": "FILE", "multiple": True, "help": "Values for templates; repeatable."},
    ),
    "set": (
        ("--set",),
        {"metavar": "NAME=VALUE", "multiple": True, "help": "One value for templates; repeatable."},
    ),
    "parallelism": (
        ("--parallelism",),
        {
            "type": click.IntRange(1, 256),
            "metavar": "N",
            "help": f"Calls in flight at once.  [default: {DEFAULT_PARALLELISM}]",
        },
    ),
    "impersonate_service_account": (
        ("--impersonate-service-account",),
        {
            "metavar": "EMAIL",
            "help": "Act as this account; a comma-separated chain of delegates ends with it.",
        },
    ),
    "quota_project": (
        ("--quota-project",),
        {"metavar": "ID", "help": "The project calls are counted against."},
    ),
    "universe_domain": (
        ("--universe-domain",),
        {"metavar": "DOMAIN", "help": "Another universe than googleapis.com."},
    ),
    "no_color": (("--no-color",), {"is_flag": True, "help": "No colours."}),
    "log_level": (
        ("--log-level",),
        {
            "type": click.Choice(LEVELS, case_sensitive=False),
            "help": "What to log to stderr.  [default: warning; env: WIFCTL_LOG]",
        },
    ),
    "no_input": (
        ("--no-input",),
        {"is_flag": True, "help": "Never ask.  [env: WIFCTL_NO_INPUT]"},
    ),
}
"""Name of a global option → how it is spelled, and what click should know about it."""


def global_options(*, hidden: bool = False) -> list[click.Option]:
    """Fresh parameters for one command; their values land in the root context."""
    return [
        click.Option(
            [f"_{name}", *spellings],
            **settings,
            expose_value=False,
            callback=_remember,
            hidden=hidden,
        )
        for name, (spellings, settings) in GLOBAL.items()
    ]


def command(name: str, **settings: Any) -> Callable[[Function], click.Command]:
    """A command whose function gets the `Session` first and may return an exit code.

    An option of the command's own hides the global option of the same name behind it.
    """

    make: Callable[[Function], click.Command] = click.command(name, **settings)

    def decorate(function: Function) -> click.Command:
        @functools.wraps(function)
        def callback(**values: Any) -> int | None:
            return function(_session(click.get_current_context()), **values)

        made = make(callback)
        own = {option for parameter in made.params for option in parameter.opts}
        made.params += [p for p in global_options(hidden=True) if own.isdisjoint(p.opts)]
        return made

    return decorate


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    flags = context.find_root().meta.setdefault(_FLAGS, {})
    name = (parameter.name or "").removeprefix("_")
    if isinstance(value, tuple):
        flags[name] = (*flags.get(name, ()), *value)
    elif value:
        flags[name] = value


def _session(context: click.Context) -> Session:
    root = context.find_root()
    flags = root.meta.get(_FLAGS, {})
    environment = root.obj
    if flags.get("local") and flags.get("endpoint"):
        raise click.UsageError("--local and --endpoint exclude each other.", context)
    if folder := flags.get("chdir"):
        _enter(root, folder)
    _start_log(flags.get("log_level") or environment.get("WIFCTL_LOG", ""))
    screen = open_screen(
        sys.stdout,
        sys.stderr,
        sys.stdin,
        environment,
        no_color=bool(flags.get("no_color")),
        no_input=bool(flags.get("no_input") or environment.get("WIFCTL_NO_INPUT")),
    )
    return session_of(screen, environment, flags)


def _enter(root: click.Context, folder: str) -> None:
    try:
        root.with_resource(contextlib.chdir(folder))
    except OSError as error:
        found = Diagnostic("no-such-folder", f"{folder}: {error.strerror}", fix="check --chdir")
        raise WifctlError(found) from error


def _start_log(level: str) -> None:
    if not level:
        return
    import logging

    # Only our own logger: libraries log requests, and requests carry tokens.
    logger = logging.getLogger("wifctl")
    logger.handlers = [logging.StreamHandler(sys.stderr)]
    logger.handlers[0].setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.setLevel(level.upper())
