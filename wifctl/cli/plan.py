"""`wifctl plan`: show what would change."""

from __future__ import annotations

import click

from wifctl.cli.loading import sound_manifests
from wifctl.cli.options import command as wifctl_command
from wifctl.cli.planning import plan_manifests, selection
from wifctl.cli.session import Session
from wifctl.cli.target import opened, with_api
from wifctl.cli.views import format_option, plan_code, show_plan
from wifctl.plan.guards import Allowances
from wifctl.plan.make import Options
from wifctl.render.sections import refusals


@wifctl_command("plan")
@click.argument("paths", nargs=-1)
@click.option("--out", metavar="FILE", help="Save the plan for `wifctl apply FILE`.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes.")
@format_option
@click.option("--target", "targets", metavar="GLOB", multiple=True, help="Only these addresses.")
@click.option("--fail-on", type=click.Choice(["unclaimed"]), help="Exit 2 when the plan has them.")
@click.option("--allow-lockout", is_flag=True, help="Authority may remove the caller itself.")
@click.option("--allow-mass-removal", is_flag=True, help="More than 30 % may be taken away.")
def command(
    session: Session,
    paths: tuple[str, ...],
    out: str | None,
    detailed_exitcode: bool,
    form: str,
    targets: tuple[str, ...],
    fail_on: str | None,
    allow_lockout: bool,
    allow_mass_removal: bool,
) -> int:
    """Show what `apply` would change; nothing is changed.

    PATHS are files, folders or `-` for standard input; default: manifests/. Exit codes: 0 fine,
    1 an error or a plan that cannot be applied, 2 changes with --detailed-exitcode.
    """
    loaded = sound_manifests(session, paths)
    options = Options(
        selects=selection(targets),
        allow=Allowances(lockout=allow_lockout, mass_removal=allow_mass_removal),
    )
    with opened(session, loaded.settings.projects.numbers) as target:
        planned = with_api(target, lambda api: plan_manifests(api, session, loaded, options))
    show_plan(session.screen, planned.plan, form)
    if out and not refusals(planned.plan):
        from wifctl.cli.saving import save

        save(session.screen, planned, out)
    return plan_code(
        planned.plan, detailed=detailed_exitcode, fail_on_unclaimed=fail_on == "unclaimed"
    )
