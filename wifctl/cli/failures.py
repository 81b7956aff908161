"""What a user sees when a command does not work out, and the exit code that goes with it."""

from __future__ import annotations

import os
import platform
import tempfile
import traceback
from collections.abc import Iterator, Sequence

import click

from wifctl.cli.screen import Screen
from wifctl.diagnostics import ExitCode, WifctlError
from wifctl.render.diagnostics import diagnostics_text
from wifctl.render.palette import Palette, Tone


def report(error: Exception, arguments: Sequence[str], screen: Screen) -> ExitCode:
    """Say what went wrong, by what kind of error it is."""
    match error:
        case click.ClickException():
            return _report_usage(error, screen)
        case WifctlError():
            return _report_known(error, screen)
        case ExceptionGroup():
            return report(_merged(error), arguments, screen)
        case _:
            return _report_bug(error, arguments, screen)


def _merged(group: ExceptionGroup[Exception]) -> Exception:
    """What tasks that ran together raised, as one error: ours if all are, else the strange one."""
    leaves = list(_leaves(group))
    known = [error for error in leaves if isinstance(error, WifctlError)]
    if len(known) < len(leaves):
        return next(error for error in leaves if not isinstance(error, WifctlError))
    return WifctlError(*dict.fromkeys(d for error in known for d in error.diagnostics))


def _leaves(group: ExceptionGroup[Exception]) -> Iterator[Exception]:
    for error in group.exceptions:
        if isinstance(error, ExceptionGroup):
            yield from _leaves(error)
        else:
            yield error


def _report_usage(error: click.ClickException, screen: Screen) -> ExitCode:
    """A command line nobody can follow."""
    palette = Palette(screen.err_colour)
    screen.say(f"{palette(Tone.ERROR, 'error:')} {error.format_message()}")
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        screen.say(f"Try '{context.command_path} --help'.")
    return ExitCode.ERROR


def _report_known(error: WifctlError, screen: Screen) -> ExitCode:
    """Findings that stop a command."""
    text = diagnostics_text(error.diagnostics, Palette(screen.err_colour))
    if text:
        screen.say(text)
    return error.exit_code


def _report_bug(error: Exception, arguments: Sequence[str], screen: Screen) -> ExitCode:
    """A mistake of ours: a file to paste into a report, and one line that names it."""
    handle, path = tempfile.mkstemp(prefix="wifctl-report-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(_bug_text(error, arguments))
    palette = Palette(screen.err_colour)
    screen.say(
        f"{palette(Tone.ERROR, 'bug:')} {type(error).__name__} in {_place(error)}\n"
        f"This is a mistake in wifctl. A report without any values is in {path}"
    )
    return ExitCode.BUG


def _bug_text(error: Exception, arguments: Sequence[str]) -> str:
    from wifctl.cli.version import versions

    lines = [f"{name} {version}" for name, version in versions().items()]
    return "\n".join(
        [
            f"wifctl {' '.join(_names(arguments))}",
            "",
            *lines,
            platform.platform(),
            "",
            *_frames(error),
        ]
    )


def _names(arguments: Sequence[str]) -> list[str]:
    """Commands and options; what follows an option or an equals sign may be a secret."""
    found: list[str] = []
    for argument in arguments:
        if argument.startswith("-"):
            found.append(argument.partition("=")[0])
        elif argument.isidentifier() and not (found and found[-1].startswith("-")):
            found.append(argument)
        else:
            found.append("…")
    return found


def _frames(error: BaseException | None) -> list[str]:
    """Where it went wrong, the cause first. Messages of other people's errors may hold values."""
    if error is None:
        return []
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {f.filename}:{f.lineno} in {f.name}: {f.line}" for f in frames]
    return [*_frames(error.__cause__ or error.__context__), type(error).__qualname__, *lines]


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].name}, line {frames[-1].lineno}" if frames else "an unknown place"
