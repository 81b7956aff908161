"""A click group whose commands are imported only when they are called."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import click

from wifctl.cli.table import Entry


class LazyGroup(click.Group):
    """Knows its commands from a literal table; click asks for a group by subclassing."""

    sections: Mapping[str, Mapping[str, Entry]]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        del ctx
        return [name for section in self.sections.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; while completing, only its name and help."""
        for section in self.sections.values():
            if found := section.get(cmd_name):
                if ctx.resilient_parsing and not ctx.invoked_subcommand:
                    return click.Command(cmd_name, help=found.help)
                return _load(found)
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The named command and its arguments; a typo gets the nearest name."""
        name = args[0]
        for section in self.sections.values():
            if found := section.get(name):
                return name, _load(found), args[1:]
        if ctx.resilient_parsing:
            return None, None, args[1:]
        names = self.list_commands(ctx)
        raise click.UsageError(f"There is no command {name!r}.{_nearest(name, names)}", ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands first: they are what one looks for."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section, aligned over all of them."""
        width = max(map(len, self.list_commands(ctx)))
        for title, section in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(n.ljust(width), entry.help) for n, entry in section.items()])


def _nearest(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, names, 1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _load(entry: Entry) -> click.Command:
    found = getattr(importlib.import_module(entry.module), entry.attribute)
    if not isinstance(found, click.Command):
        raise TypeError(f"{entry.module}.{entry.attribute} is no command")
    return found
