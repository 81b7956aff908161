"""`wifctl emulator env`: what leads other programs to a running emulator."""

from __future__ import annotations

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session
from wifctl.render.exports import READERS, Place, exports, json_text, shell_text


@wifctl_command("env")
@click.option(
    "--for",
    "readers",
    type=click.Choice(READERS),
    multiple=True,
    help="Whom to tell; repeatable.  [default: everybody]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["shell", "json"]),
    default="shell",
    show_default=True,
    help="Lines for a shell to evaluate, or an object of variables.",
)
def env(session: Session, readers: tuple[str, ...], form: str) -> int:
    """Print the exports for gcloud, google-auth, Terraform and Google's client libraries.

    The emulator is the one of --endpoint or WIFCTL_ENDPOINT; it must be running.
    """
    from wifctl.gcp.doors import endpoint_behind

    if not session.endpoint:
        raise click.UsageError("Say which emulator: --endpoint http://127.0.0.1:PORT.")
    doors = endpoint_behind(session.endpoint.rstrip("/"))
    project = session.project or session.environment.get("WIFCTL_PROJECT", "")
    place = Place(doors.rest_url, doors.grpc_target, project)
    found = [exports(reader, place) for reader in readers or READERS]
    session.screen.result(shell_text(found) if form == "shell" else json_text(found))
    return 0
