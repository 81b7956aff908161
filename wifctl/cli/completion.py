"""`wifctl completion`: the script a shell evaluates."""

from __future__ import annotations

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session

SHELLS = ("bash", "zsh", "fish")


@wifctl_command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(session: Session, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    bash:  eval "$(wifctl completion bash)"
    zsh:   eval "$(wifctl completion zsh)"
    fish:  wifctl completion fish | source
    """
    from click.shell_completion import get_completion_class

    maker = get_completion_class(shell)
    if maker is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    root = click.get_current_context().find_root().command
    session.screen.result(maker(root, {}, "wifctl", "_WIFCTL_COMPLETE").source())
