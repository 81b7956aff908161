"""Where a command writes: the result to stdout, everything else to stderr."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from wifctl.diagnostics import WifctlError


class OutputClosedError(WifctlError):
    """Whoever read our output is gone (`wifctl plan | head`); there is nobody to tell."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The two streams, and whether each may be coloured."""

    out: TextIO
    err: TextIO
    out_colour: bool = False
    err_colour: bool = False
    is_interactive: bool = False
    """Whether somebody sits in front of it and may be asked."""
    width: int = 100

    def result(self, text: str) -> None:
        """Write what was asked for."""
        _write(self.out, text)

    def say(self, text: str) -> None:
        """Write progress, diagnostics, questions."""
        _write(self.err, text)

    @property
    def is_live(self) -> bool:
        """Whether lines on stderr may be redrawn."""
        return self.err_colour and self.err.isatty()


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text if text.endswith("\n") else f"{text}\n")
        stream.flush()
    except BrokenPipeError as error:
        raise OutputClosedError from error


def open_screen(
    out: TextIO,
    err: TextIO,
    stdin: TextIO,
    environment: Mapping[str, str],
    *,
    no_color: bool = False,
    no_input: bool = False,
) -> Screen:
    """A screen that follows the flags and the conventions of the environment."""
    return Screen(
        out,
        err,
        coloured(out, environment, no_color),
        coloured(err, environment, no_color),
        is_interactive=not no_input and stdin.isatty() and err.isatty(),
        width=_width(out, environment),
    )


def coloured(stream: TextIO, environment: Mapping[str, str], no_color: bool) -> bool:
    """Whether a stream gets colours: `--no-color`, NO_COLOR, FORCE_COLOR, TERM, then a terminal."""
    if no_color or environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in ("", "0", "false"):
        return True
    return environment.get("TERM") != "dumb" and stream.isatty()


def _width(stream: TextIO, environment: Mapping[str, str]) -> int:
    columns = environment.get("COLUMNS", "")
    if not columns.isdigit():
        try:
            columns = str(os.get_terminal_size(stream.fileno()).columns)
        except (OSError, ValueError):
            columns = "100"
    return max(60, min(int(columns), 160))
