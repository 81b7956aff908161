"""`wifctl who`: everybody from outside who can become a service account or reach a resource."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import click

from wifctl.access.changes import Changes, changes
from wifctl.access.declared import declared
from wifctl.access.openings import Opening, openings
from wifctl.access.targets import names_of
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.pictures import live_option, viewed
from wifctl.cli.session import Session
from wifctl.diagnostics import ExitCode
from wifctl.render.json_text import json_text


@wifctl_command("who")
@click.argument("globs", nargs=-1, metavar="[ADDRESS]...")
@click.option(
    "--from", "paths", metavar="PATH", multiple=True, help="Manifests; default: manifests/."
)
@live_option
@click.option("--diff", "revision", metavar="REV", help="What changed since a Git revision.")
@click.option("--fail-on", type=click.Choice(["opened"]), help="Exit 2 when --diff opens a way.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the answer is written to stdout.",
)
def command(
    session: Session,
    globs: tuple[str, ...],
    paths: tuple[str, ...],
    live: bool,
    revision: str | None,
    fail_on: str | None,
    form: str,
) -> int:
    """Show who from outside can become which service account, and reach which resource.

    ADDRESS narrows it to what plans print, to a full name, an e-mail or a bare id; `*` matches
    anything. With --diff, what the manifests open and close since a Git revision, in sentences.

    \b
    wifctl who 'Secret/*'
    wifctl who --diff origin/main --fail-on opened
    """
    now = datetime.now(UTC)
    if revision is None:
        with viewed(session, paths, live=live) as view:
            found = _selected(openings(view.picture, now), globs)
        _show(session, found, form)
        return ExitCode.OK
    if live or session.local or "endpoint" in session.given:
        raise click.UsageError("--diff compares manifests: leave out what asks for live objects.")
    found_changes = _compared(session, paths, globs, revision, now)
    _show_changes(session, found_changes, revision, form)
    return ExitCode.CHANGES if fail_on and found_changes.opened else ExitCode.OK


def _compared(
    session: Session, paths: Sequence[str], globs: Sequence[str], revision: str, now: datetime
) -> Changes:
    from wifctl.cli.revision import manifests_at

    with viewed(session, paths, live=False) as view:
        after = _selected(openings(view.picture, now), globs)
    with manifests_at(session, revision, paths) as past:
        loaded = past.loaded
        found = openings(declared(loaded.resources, loaded.settings.projects), now)
    before = [replace(opening, source=past.named(opening.source)) for opening in found]
    return changes(_selected(before, globs), after)


def _selected(found: Iterable[Opening], globs: Sequence[str]) -> tuple[Opening, ...]:
    return tuple(opening for opening in found if not globs or _is_meant(opening, globs))


def _is_meant(opening: Opening, globs: Sequence[str]) -> bool:
    names = names_of(opening.target)
    return any(fnmatch.fnmatchcase(name, glob) for glob in globs for name in names)


def _show(session: Session, found: Sequence[Opening], form: str) -> None:
    from wifctl.render.openings import openings_json, openings_text
    from wifctl.render.palette import Palette

    screen = session.screen
    text = openings_text(found, Palette(screen.out_colour)) if form == "text" else ""
    screen.result(text or json_text(openings_json(found)))


def _show_changes(session: Session, found: Changes, revision: str, form: str) -> None:
    from wifctl.render.openings import changes_json, changes_text
    from wifctl.render.palette import Palette

    screen = session.screen
    text = changes_text(found, revision, Palette(screen.out_colour)) if form == "text" else ""
    screen.result(text or json_text(changes_json(found, revision)))
