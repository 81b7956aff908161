"""`wifctl drift`: how what already exists differs from the manifests."""

from __future__ import annotations

import click

from wifctl.cli.loading import sound_manifests
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.planning import plan_manifests, selection
from wifctl.cli.session import Session
from wifctl.cli.target import opened, with_api
from wifctl.cli.views import format_option, plan_code, show_plan
from wifctl.plan.make import Options


@wifctl_command("drift")
@click.argument("paths", nargs=-1)
@format_option
@click.option("--target", "targets", metavar="GLOB", multiple=True, help="Only these addresses.")
def command(session: Session, paths: tuple[str, ...], form: str, targets: tuple[str, ...]) -> int:
    """Show how live objects differ from the manifests; what does not exist yet is left out.

    Exit codes: 0 no difference, 2 differences, 1 an error.
    """
    loaded = sound_manifests(session, paths)
    options = Options(existing_only=True, selects=selection(targets))
    with opened(session, loaded.settings.projects.numbers) as target:
        planned = with_api(target, lambda api: plan_manifests(api, session, loaded, options))
    show_plan(session.screen, planned.plan, form)
    return plan_code(planned.plan, detailed=True)
