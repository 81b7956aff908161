"""`wifctl get`: live objects the manifests name, as Google returns them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from wifctl.cli.loading import sound_manifests
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.planning import selection
from wifctl.cli.session import Session
from wifctl.cli.target import opened, with_api
from wifctl.live.read import Reading, read_live
from wifctl.render.json_text import json_text
from wifctl.render.objects import object_rows, objects_table, objects_yaml


@wifctl_command("get")
@click.argument("globs", nargs=-1, metavar="[ADDRESS]...")
@click.option(
    "--from", "paths", metavar="PATH", multiple=True, help="Manifests; default: manifests/."
)
@click.option(
    "-o",
    "--format",
    "form",
    type=click.Choice(["table", "yaml", "json"]),
    default="table",
    show_default=True,
    help="yaml and json hold the objects whole, as Google returns them.",
)
def command(session: Session, globs: tuple[str, ...], paths: Sequence[str], form: str) -> int:
    """Read the live objects behind the manifests.

    ADDRESS is what plans print, e.g. `ServiceAccount/acme-ci/deployer`; `*` matches anything.
    A kind alone means all of it. IAM policies come with their bindings, secrets never with a
    payload.
    """
    loaded = sound_manifests(session, paths)
    reading = Reading(loaded.settings.projects, width=session.parallelism)
    with opened(session, loaded.settings.projects.numbers) as target:
        live = with_api(target, lambda api: read_live(loaded.resources, api, reading))
    rows = object_rows(live, selection([_glob(text) for text in globs]))
    session.screen.result(_shown(form, rows))
    return 0


def _glob(text: str) -> str:
    return text if "/" in text or "*" in text else f"{text}/*"


def _shown(form: str, rows: Sequence[dict[str, Any]]) -> str:
    if form == "json":
        return json_text(rows)
    return objects_yaml(rows) if form == "yaml" else objects_table(rows)
