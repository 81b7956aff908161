"""Who gets colours, and who is asked."""

from __future__ import annotations

import io

import pytest

from wifctl.cli.screen import coloured, open_screen


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Always."""
        return True


@pytest.mark.parametrize(
    ("environment", "is_terminal", "no_color", "expected"),
    [
        ({}, True, False, True),
        ({}, False, False, False),
        ({"NO_COLOR": "1"}, True, False, False),
        ({"NO_COLOR": ""}, True, False, True),
        ({"TERM": "dumb"}, True, False, False),
        ({"FORCE_COLOR": "1"}, False, False, True),
        ({"FORCE_COLOR": "0"}, False, False, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False, False),
        ({"FORCE_COLOR": "1"}, True, True, False),
    ],
)
def test_colours_follow_flag_environment_and_terminal(
    environment: dict[str, str], is_terminal: bool, no_color: bool, expected: bool
) -> None:
    stream = Terminal() if is_terminal else io.StringIO()
    assert coloured(stream, environment, no_color) is expected


@pytest.mark.parametrize(
    ("stdin", "no_input", "asked"),
    [(Terminal(), False, True), (Terminal(), True, False), (io.StringIO(), False, False)],
)
def test_only_somebody_at_a_terminal_is_asked(
    stdin: io.StringIO, no_input: bool, asked: bool
) -> None:
    screen = open_screen(io.StringIO(), Terminal(), stdin, {}, no_input=no_input)
    assert screen.is_interactive is asked


def test_every_text_ends_its_line() -> None:
    out = io.StringIO()
    screen = open_screen(out, io.StringIO(), io.StringIO(), {})
    screen.result("one")
    screen.result("two\n")
    screen.result("")
    assert out.getvalue() == "one\ntwo\n\n"
