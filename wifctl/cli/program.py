"""The command line as a whole: one parser, one way out."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

import click

from wifctl.cli.lazy import LazyGroup
from wifctl.cli.options import global_options
from wifctl.cli.screen import OutputClosedError, Screen, open_screen
from wifctl.cli.spellings import normalised
from wifctl.cli.table import SECTIONS
from wifctl.diagnostics import ExitCode

SUMMARY = """Keyless access to Google Cloud, declared in YAML.

Manifests say which identities from outside may become which service account and read which
secret; `plan` compares them with Google, `apply` makes it so.
"""


def program() -> click.Group:
    """The whole command line; its commands are imported when they are called."""
    group = LazyGroup(
        "wifctl",
        help=SUMMARY,
        params=[
            *global_options(),
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_version,
                help="Print the version.",
            ),
        ],
        subcommand_metavar="COMMAND [ARGUMENTS]...",
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        no_args_is_help=False,
        invoke_without_command=True,
        callback=_help_without_command,
    )
    group.sections = SECTIONS
    return group


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command line and return its exit code. Nothing but this catches everything."""
    screen = open_screen(
        sys.stdout, sys.stderr, sys.stdin, environment, no_color="--no-color" in arguments
    )
    try:
        return _run(arguments, environment)
    except (click.Abort, KeyboardInterrupt):
        screen.say("Interrupted.")
        return ExitCode.INTERRUPTED
    except OutputClosedError:
        return _close_quietly()
    except Exception as error:  # noqa: BLE001 - the one handler
        from wifctl.cli.failures import report

        return report(error, arguments, screen)


def _run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    code = program().main(
        normalised(arguments),
        prog_name="wifctl",
        standalone_mode="_WIFCTL_COMPLETE" in environment,
        obj=environment,
    )
    return int(code or ExitCode.OK)


def _help_without_command() -> None:
    context = click.get_current_context()
    if context.invoked_subcommand is None:
        _screen_of(context).say(context.get_help())
        context.exit(ExitCode.ERROR)


def _version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    del parameter
    if value and not context.resilient_parsing:
        from wifctl.cli.version import versions

        _screen_of(context).result(f"wifctl {versions()['wifctl']}")
        context.exit()


def _screen_of(context: click.Context) -> Screen:
    return open_screen(sys.stdout, sys.stderr, sys.stdin, context.obj, no_color=True)


def _close_quietly() -> int:
    # Python flushes stdout once more on its way out, into the same closed pipe.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.ERROR
