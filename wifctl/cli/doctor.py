"""`wifctl doctor [installed] | pypi`: looks for what keeps things from working."""

from __future__ import annotations

import click

from wifctl.cli.lazy import LazyGroup
from wifctl.cli.table import Entry

_DEFAULT = "installed"


class _Doctor(LazyGroup):
    """Without a name it is `installed`, as it was before there was anything else to look at."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help")):
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


command = _Doctor("doctor", help="Find out what keeps things from working.")
command.sections = {
    "Commands": {
        _DEFAULT: Entry("wifctl.cli.doctor_installed", "Check what is installed here (default)."),
        "pypi": Entry("wifctl.cli.doctor_pypi", "Check the chain behind a Python repository."),
    }
}
