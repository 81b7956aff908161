"""`wifctl doctor installed`: what is installed here, and whether it can use keyless credentials."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from importlib import metadata

import click

from wifctl.cli.options import command as wifctl_command
from wifctl.cli.session import Session
from wifctl.credentials.commands import SystemCommands
from wifctl.credentials.compatibility import Compatibility, Fitness, compare
from wifctl.diagnostics import ExitCode, WifctlError

_SECONDS = 20.0
_PROVIDER = "registry.terraform.io/hashicorp/google"


@wifctl_command("installed")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How it is written to stdout.",
)
def command(session: Session, form: str) -> int:
    """Compare installed client libraries and tools with the least versions that will do.

    Only what is found on this machine is judged; nothing is fetched.
    """
    found = compare(installed(session.environment))
    if form == "json":
        session.screen.result(json.dumps([_plain(each) for each in found], indent=2))
    else:
        session.screen.result("\n".join(_rows(found)))
    too_old = any(each.fitness is Fitness.TOO_OLD for each in found)
    return ExitCode.CHANGES if too_old else ExitCode.OK


def installed(environment: Mapping[str, str]) -> dict[str, str]:
    """Versions by package, of those that can be asked without side effects."""
    found = {
        "google-auth": metadata.version("google-auth"),
        "Google Cloud SDK": _gcloud(environment),
        "hashicorp/google": _terraform(environment),
    }
    return {name: version for name, version in found.items() if version}


def _gcloud(environment: Mapping[str, str]) -> str:
    found = re.search(r"Google Cloud SDK (\S+)", _output(environment, "gcloud", "version"))
    return found[1] if found else ""


def _terraform(environment: Mapping[str, str]) -> str:
    """The google provider the folder's lock file selected."""
    try:
        found = json.loads(_output(environment, "terraform", "version", "-json"))
        return str(found["provider_selections"].get(_PROVIDER, ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""


def _output(environment: Mapping[str, str], program: str, *words: str) -> str:
    path = shutil.which(program, path=environment.get("PATH"))
    if path is None:
        return ""
    try:
        result = SystemCommands().run([path, *words], environment, _SECONDS)
    except WifctlError:
        return ""
    return result.output.decode(errors="replace")


def _rows(found: tuple[Compatibility, ...]) -> list[str]:
    rows = [("", "installed", "least", "", "shown by")]
    rows += [
        (
            each.requirement.name,
            each.installed or "-",
            each.requirement.least,
            "" if each.fitness is Fitness.ABSENT else each.fitness.value,
            each.requirement.shown_by,
        )
        for each in found
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _plain(each: Compatibility) -> dict[str, str]:
    return {
        "name": each.requirement.name,
        "package": each.requirement.package,
        "least": each.requirement.least,
        "installed": each.installed,
        "fitness": each.fitness.value,
        "note": each.requirement.note,
    }
