"""`wifctl emulator …`: the local target for other programs."""

from __future__ import annotations

import click

from wifctl.cli.emulator_env import env
from wifctl.cli.emulator_run import run
from wifctl.cli.emulator_state import export, import_, reset


@click.group("emulator")
def command() -> None:
    """Run a local Google for programs and tests. It binds loopback only."""


for _command in (run, env, reset, export, import_):
    command.add_command(_command)
