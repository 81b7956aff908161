"""The page of commands: what `--help` says, of all of them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from wifctl.cli.program import program
from wifctl.cli.table import SECTIONS

WIDTH = 96


def commands_page() -> str:
    """Markdown of every command, in the order of `wifctl --help`."""
    root = program()
    # As the program itself makes it: commands keep the help option of their first context.
    names = root.context_settings["help_option_names"]
    context = click.Context(root, info_name="wifctl", terminal_width=WIDTH, help_option_names=names)
    parts = ["# Commands", INTRODUCTION, _block(context)]
    for title, section in SECTIONS.items():
        parts += ["", f"## {title}"]
        for name in section:
            command = root.get_command(context, name)
            assert command is not None
            parts += ["", *_command(command, name, context)]
    return "\n".join(parts) + "\n"


INTRODUCTION = """
Global options stand before or after the command. Terraform's spellings (`-out=F`, `-auto-approve`,
`-target=A`, `-json`, `-var`, …) are understood everywhere.

| exit code | means |
|---|---|
| 0 | fine |
| 1 | a known error, bad usage included |
| 2 | changes (`plan --detailed-exitcode`, `drift`) or findings (`--fail-on`) |
| 3 | refused by a trust rule |
| 70 | a mistake in wifctl; a report file was written |
| 130 | interrupted |
"""


def _command(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH)
    yield f"### {context.command_path}"
    yield ""
    yield _block(context)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None and not found.hidden:
                yield ""
                yield from _command(found, inner, context)


def _block(context: click.Context) -> str:
    return f"```text\n{context.get_help()}\n```"
