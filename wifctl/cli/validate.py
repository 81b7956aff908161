"""`wifctl validate`: load and check, offline."""

from __future__ import annotations

from typing import Any

import click

from wifctl.cli.loading import read_manifests, tell
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session
from wifctl.diagnostics import ExitCode, failures
from wifctl.manifest.options import Loaded


@wifctl_command("validate")
@click.argument("paths", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="How findings are written; json and sarif go to stdout.",
)
def command(session: Session, paths: tuple[str, ...], form: str) -> int:
    """Check manifests without calling anybody.

    PATHS are files, folders or `-` for standard input; default: manifests/. Refused is what
    Google would refuse; every finding names its line and what to do.
    """
    loaded = read_manifests(session, paths)
    if form == "text":
        _say(session, loaded)
    else:
        from wifctl.render.json_text import json_text

        found = _json(loaded) if form == "json" else _sarif(loaded)
        session.screen.result(json_text(found))
    return ExitCode.ERROR if failures(loaded.diagnostics) else ExitCode.OK


def _say(session: Session, loaded: Loaded) -> None:
    tell(session.screen, loaded.diagnostics)
    if not failures(loaded.diagnostics):
        session.screen.result(f"{_counted(loaded)} valid.")
        return
    from wifctl.render.diagnostics import counted

    session.screen.say(f"{counted(loaded.diagnostics)}.")


def _counted(loaded: Loaded) -> str:
    number = len(loaded.documents)
    return "1 document is" if number == 1 else f"{number} documents are"


def _json(loaded: Loaded) -> dict[str, Any]:
    from wifctl.render.diagnostics_json import diagnostics_json

    return diagnostics_json(loaded.diagnostics, document_count=len(loaded.documents))


def _sarif(loaded: Loaded) -> dict[str, Any]:
    from wifctl.cli.version import versions
    from wifctl.codes import CODES
    from wifctl.render.sarif import sarif

    return sarif(loaded.diagnostics, versions()["wifctl"], CODES)
